"""Links to the sweep explorer: a collection, and everything a reader set up in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from dashboard.urls.conditions import Condition, read_conditions
from dashboard.urls.reading import shown

SWEEPS = "/sweeps"
SWEEP_TEMPLATE = "/sweeps/<collection>"
SWEEP_FILE_RULE = "/download/sweep/<collection>.<kind>"
SWEEP_ROWS_RULE = "/rows/<collection>"
THUMBNAIL_RULE = "/thumbnail/<collection>/<run_id>.svg"

MOST_AXES = 8
"""Of parallel coordinates."""
MOST_TABLE_COLUMNS = 40
IN_FULL = ("x", "y", "axes", "table", "colour", "xscale", "yscale", "fit", "fitby")
"""Keys whose standard follows from the runs, which may become more: a link always says them."""
_READY = re.compile(r"[a-z0-9_:,-]{0,60}")


@dataclass(frozen=True)
class SweepColumns:
    """What a view of a collection can name.

    Attributes
    ----------
    axes : columns that vary and can be drawn; `numbers`: those of them that are numeric.
    groups : columns with few enough values for facets and groups.
    listed : columns that the table can show and that runs can be selected by.
    constant : columns with one value in all runs.
    logarithms : columns that are logarithms already, for which a scale is always linear.
    """

    axes: tuple[str, ...]
    numbers: tuple[str, ...]
    groups: tuple[str, ...]
    listed: tuple[str, ...]
    constant: tuple[str, ...] = ()
    logarithms: tuple[str, ...] = ()


@dataclass(frozen=True)
class SweepView:
    """What a reader sees of a collection; the query of its link says the same.

    Attributes
    ----------
    x, y : columns of the scatter; colour, symbol, facet: further ones, empty: none.
    xscale, yscale : linear or log.
    fit : none, line, or power (a power law); fitby: all, or colour (one a colour).
    mean : none (a point a run), sd (mean and standard deviation) or ci (mean and its 95 % interval)
        of groups of runs; group: seeds (runs that differ in their seed alone) or a column.
    ended : finished (runs that reached their end) or all.
    published : no or yes, whether published simulations are drawn too.
    hist : column of the histogram, empty: that of y.
    axes : columns of the parallel coordinates; table: of the table; both comma separated.
    sort : of the table, `column:asc` or `column:desc`; empty: newest last.
    where : the selection, see `conditions`.
    ready : which of the paper's figures is shown, and what of it.
    """

    x: str
    y: str
    axes: str
    table: str
    colour: str = ""
    symbol: str = ""
    facet: str = ""
    xscale: str = "linear"
    yscale: str = "linear"
    fit: str = "none"
    fitby: str = "all"
    mean: str = "none"
    group: str = "seeds"
    ended: str = "finished"
    published: str = "no"
    hist: str = ""
    sort: str = ""
    where: str = ""
    ready: str = ""

    @property
    def histogram(self) -> str:
        """The column of the histogram."""
        return self.hist or self.y


def sweep_url(
    collection: str, view: SweepView | None = None, standard: SweepView | None = None
) -> str:
    """Link to a collection: as it is first shown, or in `view`, to be the same for ever.

    What differs from `standard`, and what another standard could change, enters the query.
    """
    path = f"{SWEEPS}/{quote(collection, safe='')}"
    if view is None:
        return path
    usual = asdict(standard) if standard else {}
    query = {
        key: value
        for key, value in asdict(view).items()
        if key in IN_FULL or value != usual.get(key)
    }
    return f"{path}?{urlencode(query, safe=':,;|=')}"


def sweep_file_url(collection: str, kind: str, where: str = "", ended: str = "all") -> str:
    """Link to a collection's runs as a `csv` or `parquet` file, all or those selected."""
    path = f"/download/sweep/{quote(collection, safe='')}.{kind}"
    query = {"ended": ended} | ({"where": where} if where else {})
    return path if (where, ended) == ("", "all") else f"{path}?{urlencode(query, safe=':,;|=')}"


def read_sweep_view(
    query: Mapping[str, Any], columns: SweepColumns, standard: SweepView
) -> tuple[SweepView, list[str]]:
    """The view that a link asks for, and a note on all that is ignored; the rest is kept."""
    chosen: dict[str, str] = {}
    notes: list[str] = []
    for key in asdict(standard):
        if key not in query:
            continue
        text = query[key]
        if not isinstance(text, str):
            notes.append(f"the link names {_LABELS[key]} more than once")
            continue
        value, found = _read(key, text, columns)
        chosen |= {} if value is None else {key: value}
        notes += found
    view = replace(standard, **chosen)
    scales = {"xscale": view.x, "yscale": view.y}
    fixed = {scale: "linear" for scale, name in scales.items() if name in columns.logarithms}
    return replace(view, **fixed), notes


def conditions(view: SweepView, columns: SweepColumns) -> tuple[Condition, ...]:
    """The selection of a view that has been read."""
    return read_conditions(view.where, columns.listed, columns.numbers)[0]


def _read(key: str, text: str, columns: SweepColumns) -> tuple[str | None, list[str]]:
    if key in _CHOICES:
        wrong = f"{_LABELS[key]} {shown(text)} is not one of {', '.join(_CHOICES[key])}"
        return (text, []) if text in _CHOICES[key] else (None, [wrong])
    if key == "where":
        _, notes = read_conditions(text, columns.listed, columns.numbers)
        return ";".join(_usable(text, columns)), notes
    if key == "ready":
        fine = _READY.fullmatch(text) is not None
        return (text, []) if fine else (None, [f"there is no figure {shown(text)}"])
    if key in ("axes", "table"):
        return _read_list(key, text, columns)
    if key == "sort":
        column, _, way = text.partition(":")
        fine = text == "" or (column in columns.listed and way in ("asc", "desc"))
        return (text, []) if fine else (None, [f"the table cannot be sorted by {shown(text)}"])
    if text in _offered(key, columns) or (text == "" and key not in ("x", "y")):
        return text, []
    return None, [_no_column(key, text, columns)]


def _usable(text: str, columns: SweepColumns) -> list[str]:
    """The parts of a selection that can be read, as they are."""
    parts = text.split(";")
    return [part for part in parts if read_conditions(part, columns.listed, columns.numbers)[0]]


def _read_list(key: str, text: str, columns: SweepColumns) -> tuple[str | None, list[str]]:
    offered = columns.axes if key == "axes" else columns.listed
    most = MOST_AXES if key == "axes" else MOST_TABLE_COLUMNS
    names = [name for name in dict.fromkeys(text.split(",")) if name]
    notes = [_no_column(key, name, columns) for name in names if name not in offered]
    known = [name for name in names if name in offered]
    if len(known) > most:
        notes.append(f"only the first {most} columns of {_LABELS[key]} are shown")
    return (",".join(known[:most]) or None), notes


def _offered(key: str, columns: SweepColumns) -> tuple[str, ...]:
    if key == "group":
        return ("seeds", *columns.groups)
    return columns.groups if key in ("facet", "symbol") else columns.axes


def _no_column(key: str, text: str, columns: SweepColumns) -> str:
    label = _LABELS[key]
    if text in columns.constant:
        return f"{shown(text)} as {label} is the same in every run here"
    if text in columns.axes:
        return f"{shown(text)} has too many values for {label}"
    return f"there is no column {shown(text)} here for {label}; choose one from its list"


_CHOICES = {
    "xscale": ("linear", "log"),
    "yscale": ("linear", "log"),
    "fit": ("none", "line", "power"),
    "fitby": ("all", "colour"),
    "mean": ("none", "sd", "ci"),
    "ended": ("finished", "all"),
    "published": ("no", "yes"),
}
_LABELS = {
    "x": "the horizontal axis",
    "y": "the vertical axis",
    "colour": "the colour",
    "symbol": "the symbol",
    "facet": "the panels",
    "xscale": "horizontal scale",
    "yscale": "vertical scale",
    "fit": "the fitted line",
    "fitby": "the fitted lines",
    "mean": "the mean",
    "group": "the groups",
    "ended": "the choice of runs",
    "published": "published simulations",
    "hist": "the histogram",
    "axes": "the parallel axes",
    "table": "the table",
    "sort": "the order of the table",
    "where": "the selection",
    "ready": "the figure",
}
