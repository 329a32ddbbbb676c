"""Every link of the dashboard: the only place that writes or reads one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import quote, urlencode

OVERVIEW = "/"
LIVE = "/live"
LANDSCAPE = "/landscape"
FIDELITY = "/fidelity"
RUN_TEMPLATE = "/runs/<run_id>"
DOWNLOAD_RULE = "/download/<run_id>.zip"

FROM_RUN = "from"
"""Key of a live link that starts the form from an existing run."""

_COUNT = re.compile(r"[0-9]{1,10}")
_DECIMAL = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,9})?")


@dataclass(frozen=True)
class RunView:
    """What a reader sees on a run page; the query of its link says the same.

    Attributes
    ----------
    t : step under the time cursor; None: the latest snapshot, also while the run goes on.
    unit : the hidden unit that is followed; None: none.
    sort : the moment whose peak positions order the rate maps: `last` snapshot, `now` (the
        cursor) or a step.
    view : `sorted` (one map of all units) or `grid` (four moments, each sorted by each).
    rows : `active` (units that are active at the cursor or at the sorting moment) or `all`.
    maps : samples behind the maps: evaluation, training or samples; evaluation-1, ... of arenas.
    corr : correlation between snapshots of `maps` (units) or `population` (vectors).
    x : time axis, `log` or `linear`.
    """

    t: int | None = None
    unit: int | None = None
    sort: int | str = "last"
    view: str = "sorted"
    rows: str = "active"
    maps: str = "evaluation"
    corr: str = "maps"
    x: str = "log"


@dataclass(frozen=True)
class RunLimits:
    """What a view of one run can hold: recorded `steps` (ascending), `units`, map `sources`.

    `first` is the step it starts from, later than 0 for one that starts from another's snapshot.
    """

    steps: Sequence[int]
    units: int
    sources: Sequence[str]
    first: int = 0

    def default_view(self) -> RunView:
        """The view of a link without a query. What comes after a fork is seen on a linear axis."""
        standard = RunView(x="linear" if self.first else "log")
        return replace(standard, maps=self.sources[0]) if self.sources else standard


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


@dataclass(frozen=True)
class FidelityView:
    """What is compared with the published simulations: a `stratum` of them and a `metric`."""

    stratum: str
    metric: str


LANDSCAPE_RANGES: dict[str, tuple[float, float]] = {
    "scale": (0, 2),
    "lr": (0.01, 0.5),
    "steps": (20, 2000),
    "x": (-3, 3),
    "y": (-3, 3),
    "seed": (0, 2**31 - 1),
}
"""Smallest and largest value of each number of such a view."""


def source_parts(source: str) -> tuple[str, int]:
    """A map source's kind and the number of its arena, 0 where there is but one."""
    kind, _, arena = source.partition("-")
    return kind, int(arena or 0)


def run_url(run_id: str, view: RunView | None = None, default: RunView | None = None) -> str:
    """Link to a run; of `view` only what differs from `default` enters the query."""
    path = f"/runs/{quote(run_id, safe='')}"
    if view is None:
        return path
    standard = asdict(default or RunView())
    query = {key: value for key, value in asdict(view).items() if value != standard[key]}
    return f"{path}?{urlencode(query)}" if query else path


def landscape_url(view: LandscapeView | None = None) -> str:
    """Link to the toy landscape; of `view` only what is not standard enters the query."""
    standard = asdict(LandscapeView())
    values = asdict(view or LandscapeView())
    query = {key: value for key, value in values.items() if value != standard[key]}
    return f"{LANDSCAPE}?{urlencode(query)}" if query else LANDSCAPE


def fidelity_url(stratum: str, metric: str) -> str:
    """Link to the comparison of a metric of a stratum with the published simulations."""
    return f"{FIDELITY}?{urlencode({'stratum': stratum, 'metric': metric})}"


def live_url(run_id: str | None = None, values: Mapping[str, Any] | None = None) -> str:
    """Link to the form of a live run, filled in from the run `run_id` and dotted fields."""
    query = ({FROM_RUN: run_id} if run_id else {}) | dict(values or {})
    return f"{LIVE}?{urlencode(query)}" if query else LIVE


def fork_url(run_id: str, step: int, changes: Mapping[str, Any] | None = None) -> str:
    """Link to the form of a run from the snapshot at `step` of run `run_id` on, with `changes`."""
    return live_url(run_id, {"parent.run": run_id, "parent.step": step, **(changes or {})})


def download_url(run_id: str) -> str:
    """Link to a run's files in one zip archive."""
    return DOWNLOAD_RULE.replace("<run_id>", quote(run_id, safe=""))


def read_run_view(query: Mapping[str, Any], limits: RunLimits) -> tuple[RunView, list[str]]:
    """The view that a link's query asks for, and a note on everything in it that is ignored.

    A key that is not a run view's is skipped silently (links collect such keys on their way). A
    step between snapshots is moved to the nearest one.
    """
    standard = asdict(limits.default_view())
    chosen: dict[str, Any] = {}
    notes: list[str] = []
    for field in fields(RunView):
        if field.name not in query:
            continue
        value, note = _read(field.name, query[field.name], limits)
        chosen[field.name] = standard[field.name] if value is None else value
        notes += [note] if note else []
    view = RunView(**{**standard, **chosen})
    return view, notes


def read_landscape_view(query: Mapping[str, Any]) -> tuple[LandscapeView, list[str]]:
    """The view of the toy landscape that a link asks for, and a note on all that is ignored."""
    chosen: dict[str, Any] = {}
    notes: list[str] = []
    for key in asdict(LandscapeView()).keys() & query.keys():
        value, note = _read_landscape(key, query[key])
        chosen |= {} if value is None else {key: value}
        notes += [note] if note else []
    return LandscapeView(**chosen), sorted(notes)


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
        shown = _shown(text) if isinstance(text, str) else "given more than once"
        notes.append(f"{key} {shown} is not one of {', '.join(known)}")
        return known[0]

    stratum = read("stratum", list(choices))
    return FidelityView(stratum, read("metric", choices[stratum])), notes


def _read_landscape(key: str, text: Any) -> tuple[Any, str]:
    label = _LANDSCAPE_LABELS[key]
    if not isinstance(text, str):
        return None, f"the link names {label} more than once"
    if key in _LANDSCAPE_CHOICES:
        choices = _LANDSCAPE_CHOICES[key]
        wrong = f"{label} {_shown(text)} is not one of {', '.join(choices)}"
        return (text, "") if text in choices else (None, wrong)
    low, high = LANDSCAPE_RANGES[key]
    kind = int if key in ("steps", "seed") else float
    pattern = _COUNT if kind is int else _DECIMAL
    if pattern.fullmatch(text) and low <= kind(text) <= high:
        return kind(text), ""
    what = "a whole number" if kind is int else "a number"
    return None, f"{label} {_shown(text)} is not {what} from {low:,} to {high:,}"


def _read(key: str, text: Any, limits: RunLimits) -> tuple[Any, str]:
    if not isinstance(text, str):
        return None, f"the link names {_LABELS[key]} more than once"
    if key == "t":
        return _read_step(text, limits)
    if key == "unit":
        return _read_unit(text, limits)
    if key == "sort" and text not in _CHOICES["sort"]:
        return _read_step(text, limits)
    choices = limits.sources if key == "maps" else _CHOICES[key]
    if text in choices:
        return text, ""
    return None, f"{_LABELS[key]} {_shown(text)} is not one of {', '.join(choices) or 'none'}"


_CHOICES: dict[str, tuple[str, ...]] = {
    "sort": ("last", "now"),
    "view": ("sorted", "grid"),
    "rows": ("active", "all"),
    "corr": ("maps", "population"),
    "x": ("log", "linear"),
}
_LABELS = {
    "t": "step",
    "unit": "unit",
    "sort": "sort moment",
    "view": "map view",
    "rows": "choice of rows",
    "maps": "map source",
    "corr": "correlation",
    "x": "time axis",
}


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


def _read_step(text: str, limits: RunLimits) -> tuple[int | None, str]:
    if not _COUNT.fullmatch(text):
        return None, f"step {_shown(text)} is not a whole number"
    if not limits.steps:
        return None, f"step {int(text):,} is not recorded yet"
    nearest = min(limits.steps, key=lambda step: abs(step - int(text)))
    if nearest == int(text):
        return nearest, ""
    return nearest, f"step {int(text):,} has no snapshot; the nearest is step {nearest:,}"


def _read_unit(text: str, limits: RunLimits) -> tuple[int | None, str]:
    if _COUNT.fullmatch(text) and int(text) < limits.units:
        return int(text), ""
    return None, f"unit {_shown(text)} is not one of this run's units 0 to {limits.units - 1:,}"


def _shown(text: str) -> str:
    return f"“{text[:24]}{'…' if len(text) > 24 else ''}”"
