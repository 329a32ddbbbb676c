"""Links to the toy landscape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from dashboard.urls.reading import COUNT, DECIMAL, shown

LANDSCAPE = "/landscape"


@dataclass(frozen=True)
class LandscapeView:
    """What a reader sees on the toy landscape; the query of its link says the same.

    Attributes
    ----------
    noise : `update` or `label`.
    scale : s, standard deviation of the noise.
    lr : learning rate.
    steps : of every walker from the start.
    x, y : the start.
    seed : of all noise on the page.
    axis : of the eigenvalues, `log` or `linear`.
    """

    noise: str = "update"
    scale: float = 0.5
    lr: float = 0.05
    steps: int = 1000
    x: float = 2.4
    y: float = 1.5
    seed: int = 0
    axis: str = "log"


LANDSCAPE_RANGES: dict[str, tuple[float, float]] = {
    "scale": (0, 2),
    "lr": (0.01, 0.5),
    "steps": (20, 2000),
    "x": (-3, 3),
    "y": (-3, 3),
    "seed": (0, 2**31 - 1),
}
"""Smallest and largest value of each number of such a view."""


def landscape_url(view: LandscapeView | None = None) -> str:
    """Link to the toy landscape; of `view` only what is not standard enters the query."""
    standard = asdict(LandscapeView())
    values = asdict(view or LandscapeView())
    query = {key: value for key, value in values.items() if value != standard[key]}
    return f"{LANDSCAPE}?{urlencode(query)}" if query else LANDSCAPE


def read_landscape_view(query: Mapping[str, Any]) -> tuple[LandscapeView, list[str]]:
    """The view of the toy landscape that a link asks for, and a note on all that is ignored."""
    chosen: dict[str, Any] = {}
    notes: list[str] = []
    for key in asdict(LandscapeView()).keys() & query.keys():
        value, note = _read_landscape(key, query[key])
        chosen |= {} if value is None else {key: value}
        notes += [note] if note else []
    return LandscapeView(**chosen), sorted(notes)


def _read_landscape(key: str, text: Any) -> tuple[Any, str]:
    label = _LANDSCAPE_LABELS[key]
    if not isinstance(text, str):
        return None, f"the link names {label} more than once"
    if key in _LANDSCAPE_CHOICES:
        choices = _LANDSCAPE_CHOICES[key]
        wrong = f"{label} {shown(text)} is not one of {', '.join(choices)}"
        return (text, "") if text in choices else (None, wrong)
    low, high = LANDSCAPE_RANGES[key]
    kind = int if key in ("steps", "seed") else float
    pattern = COUNT if kind is int else DECIMAL
    if pattern.fullmatch(text) and low <= kind(text) <= high:
        return kind(text), ""
    what = "a whole number" if kind is int else "a number"
    return None, f"{label} {shown(text)} is not {what} from {low:,} to {high:,}"


_LANDSCAPE_CHOICES = {"noise": ("update", "label"), "axis": ("log", "linear")}
_LANDSCAPE_LABELS = {
    "noise": "noise",
    "scale": "noise scale",
    "lr": "learning rate",
    "steps": "number of steps",
    "x": "start x",
    "y": "start y",
    "seed": "seed",
    "axis": "eigenvalue axis",
}
