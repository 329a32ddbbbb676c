"""Parallel coordinates: every run a line across the axes of several columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.empty import empty_figure
from dashboard.figures.sweep_colours import NUMBER_SCALE, PALETTE, ticks_of
from dashboard.sweeps.colouring import OTHER, UNKNOWN, Classes, Shades
from dashboard.sweeps.columns import in_words
from dashboard.sweeps.exclusions import considered
from dashboard.sweeps.scene import Scene
from dashboard.sweeps.selection import Mask, fulfilled
from dashboard.sweeps.table import SweepTable
from dashboard.theme import GREY, INK, TEMPLATE
from dashboard.urls.conditions import Condition, Range, Values

MOST_LINES = 500
_LOG_FROM = 100.0


def parallel_figure(scene: Scene) -> go.Figure:
    """Lines of the runs that meet every condition but those on these axes; they do by the ranges.

    A run with an unknown value on one of the axes has no line.
    """
    names = [name for name in scene.view.axes.split(",") if name]
    rows = lines_drawn(scene, names)
    if not len(rows):
        return empty_figure("No run has a value on all of these axes")
    axes = [_axis(scene.table, name, rows, _of(scene.conditions, name)) for name in names]
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
    for condition in scene.conditions:
        if _of([condition], condition.key) is None or condition.key not in names:
            mask = mask & fulfilled(scene.table, condition)
    return mask


def _of(conditions: Sequence[Condition], name: str) -> Range | Values | None:
    """The condition on a column that its axis can show."""
    for condition in conditions:
        if condition.key == name and isinstance(condition, Range | Values):
            return condition
    return None


def _axis(
    table: SweepTable, name: str, rows: NDArray[np.intp], condition: Range | Values | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The dimension, and what the browser needs to turn a range on it into a condition."""
    field = table.fields[name]
    if not field.numeric:
        return _category_axis(table, name, rows, condition)
    values = table.numbers(name)
    known = values[np.isfinite(values)]
    log = bool(known.min() > 0 and known.max() / known.min() >= _LOG_FROM)
    axis: dict[str, Any] = {"label": _label(field.label)}
    low, high = float(known.min()), float(known.max())
    if log:
        places, names = ticks_of(low, high)
        axis |= {"tickvals": places, "ticktext": names}
        values, low, high = np.log10(values), float(np.log10(low)), float(np.log10(high))
    axis |= {"values": values[rows].astype(np.float32), "range": [low, high]}
    if isinstance(condition, Range):
        ends = [
            default if end is None else float(np.log10(end)) if log and end > 0 else end
            for end, default in ((condition.low, low), (condition.high, high))
        ]
        axis["constraintrange"] = ends
    return axis | {"multiselect": False}, {"column": name, "log": log, "names": None}


def _category_axis(
    table: SweepTable, name: str, rows: NDArray[np.intp], condition: Range | Values | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    column = table.frame[name]
    names = list(column.cat.categories)
    axis: dict[str, Any] = {
        "label": _label(table.fields[name].label),
        "values": column.cat.codes.to_numpy(np.float32)[rows],
        "range": [-0.4, len(names) - 0.6],
        "tickvals": list(range(len(names))),
        "ticktext": [in_words(text) for text in names],
    }
    if isinstance(condition, Values):
        codes = [names.index(value) for value in condition.values if value in names]
        if codes:
            axis["constraintrange"] = [min(codes) - 0.35, max(codes) + 0.35]
    return axis | {"multiselect": False}, {"column": name, "log": False, "names": names}


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
    named = [name for name in colour.names if name not in (OTHER, UNKNOWN)]
    colours = [
        PALETTE[named.index(name) % len(PALETTE)] if name in named else GREY
        for name in colour.names
    ]
    edges = np.linspace(0, 1, len(colours) + 1)
    scale = [
        [float(edges[code + side]), shade] for code, shade in enumerate(colours) for side in (0, 1)
    ]
    return {
        "color": colour.codes[rows].astype(np.float32), "colorscale": scale,
        "cmin": -0.5, "cmax": len(colours) - 0.5,
    }  # fmt: skip
