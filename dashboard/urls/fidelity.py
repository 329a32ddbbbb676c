"""Links to the comparison with the published simulations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboard.urls.reading import shown

FIDELITY = "/fidelity"


@dataclass(frozen=True)
class FidelityView:
    """What is compared with the published simulations: a `stratum` of them and a `metric`."""

    stratum: str
    metric: str


def fidelity_url(stratum: str, metric: str) -> str:
    """Link to the comparison of a metric of a stratum with the published simulations."""
    return f"{FIDELITY}?{urlencode({'stratum': stratum, 'metric': metric})}"


def read_fidelity_view(
    query: Mapping[str, Any], choices: Mapping[str, Sequence[str]]
) -> tuple[FidelityView, list[str]]:
    """The comparison that a link asks for, and a note on all that is ignored.

    `choices`: the metrics of each stratum; the first ones are shown where a link says nothing.
    """
    notes: list[str] = []

    def read(key: str, known: Sequence[str]) -> str:
        text = query.get(key, known[0])
        if text in known:
            return str(text)
        value = shown(text) if isinstance(text, str) else "given more than once"
        notes.append(f"{key} {value} is not one of {', '.join(known)}")
        return known[0]

    stratum = read("stratum", list(choices))
    return FidelityView(stratum, read("metric", choices[stratum])), notes
