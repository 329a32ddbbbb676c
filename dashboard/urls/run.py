"""Links to a run: its page, and the view of it; its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import quote, urlencode

from dashboard.urls.reading import COUNT, shown

RUN_TEMPLATE = "/runs/<run_id>"
DOWNLOAD_RULE = "/download/<run_id>.zip"


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
    return None, f"{_LABELS[key]} {shown(text)} is not one of {', '.join(choices) or 'none'}"


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


def _read_step(text: str, limits: RunLimits) -> tuple[int | None, str]:
    if not COUNT.fullmatch(text):
        return None, f"step {shown(text)} is not a whole number"
    if not limits.steps:
        return None, f"step {int(text):,} is not recorded yet"
    nearest = min(limits.steps, key=lambda step: abs(step - int(text)))
    if nearest == int(text):
        return nearest, ""
    return nearest, f"step {int(text):,} has no snapshot; the nearest is step {nearest:,}"


def _read_unit(text: str, limits: RunLimits) -> tuple[int | None, str]:
    if COUNT.fullmatch(text) and int(text) < limits.units:
        return int(text), ""
    return None, f"unit {shown(text)} is not one of this run's units 0 to {limits.units - 1:,}"
