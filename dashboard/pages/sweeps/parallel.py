"""Parallel coordinates: every run a line across the axes of several columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.empty import empty_figure
from dashboard.base.theme import GREY, INK, TEMPLATE
from dashboard.sweeps.colouring import Classes, Shades
from dashboard.sweeps.colours import NUMBER_SCALE, PALETTE, colour_of, ticks_of
from dashboard.sweeps.columns import in_words
from dashboard.sweeps.exclusions import considered
from dashboard.sweeps.scene import Scene
from dashboard.sweeps.selection import Mask, fulfilled, within
from dashboard.sweeps.table import SweepTable
from dashboard.urls.conditions import Condition, Range, Values

MOST_LINES = 500
_LOG_FROM = 100.0


def parallel_figure(scene: Scene) -> go.Figure:
    """Lines of the runs that meet every condition but those that these axes show as a range.

    A run with an unknown value on one of the axes has no line.
    """
    names = [name for name in scene.view.axes.split(",") if name]
    rows = lines_drawn(scene, names)
    if not len(rows):
        which = "selected run" if scene.conditions else "run"
        return empty_figure(f"No {which} has a value on all of these axes")
    shown = _shown(scene, names)
    axes = [_axis(scene.table, name, rows, shown.get(name)) for name in names]
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.add_parcoords(
        dimensions=[axis for axis, _ in axes],
        line=_line(scene, rows),
        unselected={"line": {"color": GREY, "opacity": 0.08}},
        labelfont={"size": 12, "color": INK},
        tickfont={"size": 11, "color": INK},
        rangefont={"size": 1, "color": "rgba(0, 0, 0, 0)"},
    )
    letters = max((len(text) for text in axes[0][0].get("ticktext", ())), default=0)
    figure.update_layout(
        margin={"l": max(62, 16 + 6 * letters), "r": 46, "t": 58, "b": 22},
        meta={"axes": [about for _, about in axes]},
    )
    return figure


def lines_drawn(scene: Scene, names: Sequence[str]) -> NDArray[np.intp]:
    """Rows that get a line: at most 500, evenly chosen."""
    mask = eligible(scene, names)
    rows = np.flatnonzero(mask)
    if len(rows) > MOST_LINES:
        rows = rows[np.linspace(0, len(rows) - 1, MOST_LINES).round().astype(np.intp)]
    return rows


def eligible(scene: Scene, names: Sequence[str]) -> Mask:
    """(runs,): meets the conditions that these axes cannot show, and is known on all of them."""
    mask = considered(scene.table, scene.view)
    for name in names:
        mask = mask & scene.table.frame[name].notna().to_numpy(np.bool_)
    shown = _shown(scene, names)
    for condition in scene.conditions:
        if shown.get(condition.key) is not condition:
            mask = mask & fulfilled(scene.table, condition)
    return mask


def _shown(scene: Scene, names: Sequence[str]) -> dict[str, Condition]:
    """The condition that each axis shows: the first on its column that it can."""
    shown: dict[str, Condition] = {}
    for condition in scene.conditions:
        if condition.key in names and _ends(scene.table, condition) is not None:
            shown.setdefault(condition.key, condition)
    return shown


def _ends(table: SweepTable, condition: Condition) -> list[float] | None:
    """A condition as one range on the axis of its column; None: its axis cannot show it."""
    if isinstance(condition, Range):
        return _range(table, condition) if table.fields[condition.column].numeric else None
    if not isinstance(condition, Values) or table.fields[condition.column].numeric:
        return None
    names = list(table.frame[condition.column].cat.categories)
    codes = [
        code
        for code, name in enumerate(names)
        if name in condition.values or in_words(name) in condition.values
    ]
    side_by_side = codes and codes[-1] - codes[0] == len(codes) - 1
    return [codes[0] - 0.35, codes[-1] + 0.35] if side_by_side else None


def _range(table: SweepTable, condition: Range) -> list[float] | None:
    """Its ends, or those of the axis where it has none; None: it lies beyond the axis."""
    low, high, log = _span(table, condition.column)
    reaches = within(np.array([high]), replace(condition, high=None)).all()
    if not reaches or not within(np.array([low]), replace(condition, low=None)).all():
        return None
    first = low if condition.low is None or (log and condition.low <= 0) else condition.low
    last = high if condition.high is None else condition.high
    return [float(np.log10(end)) if log else end for end in (first, last)]


def _span(table: SweepTable, name: str) -> tuple[float, float, bool]:
    """Least and largest number of a column, and whether its axis is logarithmic."""
    values = table.numbers(name)
    known = values[np.isfinite(values)]
    if not len(known):
        return np.nan, np.nan, False
    low, high = float(known.min()), float(known.max())
    return low, high, low > 0 and high / low >= _LOG_FROM


def _axis(
    table: SweepTable, name: str, rows: NDArray[np.intp], condition: Condition | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The dimension, and what the browser needs to turn a range on it into a condition."""
    axis, about = (
        _number_axis(table, name, rows)
        if table.fields[name].numeric
        else _category_axis(table, name, rows)
    )
    ends = None if condition is None else _ends(table, condition)
    if ends is not None:
        axis |= {"constraintrange": ends} | (_ticks_around(axis, ends) if about["log"] else {})
    return axis | {"label": _label(table.fields[name].label), "multiselect": False}, about


def _ticks_around(axis: dict[str, Any], ends: list[float]) -> dict[str, Any]:
    """Nameless ticks at both ends and just beyond: plotly moves ends to a quarter beyond a tick."""
    close = 1e-6 * (axis["range"][1] - axis["range"][0])
    places = (ends[0] - close, *ends, ends[1] + close)
    nameless = [(place, " " * (number + 1)) for number, place in enumerate(places)]
    ticks = sorted([*zip(axis["tickvals"], axis["ticktext"], strict=True), *nameless])
    return {"tickvals": [place for place, _ in ticks], "ticktext": [name for _, name in ticks]}


def _number_axis(
    table: SweepTable, name: str, rows: NDArray[np.intp]
) -> tuple[dict[str, Any], dict[str, Any]]:
    values = table.numbers(name)
    low, high, log = _span(table, name)
    axis: dict[str, Any] = {}
    if log:
        places, names = ticks_of(low, high)
        axis |= {"tickvals": places, "ticktext": names}
        values, low, high = np.log10(values), float(np.log10(low)), float(np.log10(high))
    axis |= {"values": values[rows].astype(np.float32), "range": [low, high]}
    return axis, {"column": name, "log": log, "names": None}


def _category_axis(
    table: SweepTable, name: str, rows: NDArray[np.intp]
) -> tuple[dict[str, Any], dict[str, Any]]:
    column = table.frame[name]
    names = list(column.cat.categories)
    axis: dict[str, Any] = {
        "values": column.cat.codes.to_numpy(np.float32)[rows],
        "range": [-0.4, len(names) - 0.6],
        "tickvals": list(range(len(names))),
        "ticktext": [in_words(text) for text in names],
    }
    return axis, {"column": name, "log": False, "names": names}


def _label(text: str) -> str:
    """In two lines where it is long."""
    if len(text) <= 16:
        return text
    middle = min((at for at, letter in enumerate(text) if letter == " "), default=0,
                 key=lambda at: abs(at - len(text) / 2))  # fmt: skip
    return f"{text[:middle]}<br>{text[middle + 1 :]}" if middle else text


def _line(scene: Scene, rows: NDArray[np.intp]) -> dict[str, Any]:
    colour = scene.colour
    if isinstance(colour, Shades):
        values = colour.values[rows]
        known = values[np.isfinite(values)]
        filled = np.where(np.isfinite(values), values, known.min() if len(known) else 0)
        return {"color": filled.astype(np.float32), "colorscale": NUMBER_SCALE}
    if not isinstance(colour, Classes):
        return {"color": PALETTE[0]}
    colours = [colour_of(colour, name) for name in colour.names]
    edges = np.linspace(0, 1, len(colours) + 1)
    scale = [
        [float(edges[code + side]), shade] for code, shade in enumerate(colours) for side in (0, 1)
    ]
    return {
        "color": colour.codes[rows].astype(np.float32), "colorscale": scale,
        "cmin": -0.5, "cmax": len(colours) - 0.5,
    }  # fmt: skip
