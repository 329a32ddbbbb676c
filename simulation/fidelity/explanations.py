"""Why a median of ours differs from the published one, where that is known: declared here alone.

(stratum, metric) -> why. The metric "*" stands for all of a stratum.
"""

from __future__ import annotations

UNPUBLISHED = "nothing was published to compare with; beside our runs stand those of the relative"
"""Of a stratum that is run with another rule than its published rows."""
_KNOWN: dict[tuple[str, str], str] = {
    ("control", "late_change_active_fraction"): (
        "two tasks (published rows 784 and 819) were still being learned at half time; in two runs "
        "(rows 769 and 930) a single (unit, sample) pair lies within 1e-16 of the threshold and "
        "goes back and forth by rounding; no unit fell silent or woke"
    ),
}


def explanation(stratum: str, metric: str) -> str:
    """The declared reason; empty: none is known."""
    return _KNOWN.get((stratum, metric)) or _KNOWN.get((stratum, "*"), "")
