"""Why a median of ours differs from the published one, where that is known: declared here alone.

(stratum, metric) -> why. The metric "*" stands for all of a stratum.
"""

from __future__ import annotations

UNPUBLISHED = "nothing was published to compare with; beside our runs stand those of the relative"
"""Of a stratum that is run with another rule than its published rows."""
_KNOWN: dict[tuple[str, str], str] = {
    ("control", "late_change_active_fraction"): (
        "two tasks were still being learned at half time, and in two runs single (unit, sample) "
        "pairs sit on the threshold, where rounding may decide; no unit fell silent or woke"
    ),
}


def explanation(stratum: str, metric: str) -> str:
    """The declared reason; empty: none is known."""
    return _KNOWN.get((stratum, metric)) or _KNOWN.get((stratum, "*"), "")
