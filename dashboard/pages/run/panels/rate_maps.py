"""Rate maps of the whole population at one moment, one row a unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import ACTIVITY_SCALE, GRID, TEMPLATE, VERMILLION
from dashboard.runs.place_words import PlaceWords
from dashboard.runs.tuning import Bytes, Order, SortedGrid


def rate_map_figure(
    cells: Bytes, order: Order, places: pd.DataFrame, unit: int | None, called: PlaceWords
) -> go.Figure:
    """Maps as bytes (rows already in `order`), each unit scaled to its own peak.

    `called` says what the task's positions are.
    """
    figure = _picture(cells, row_names(order))
    figure.update_layout(
        xaxis=place_axis(places, called),
        yaxis_title_text=rows_title(order),
        shapes=marks(order, places, unit),
        annotations=direction_names(places),
    )
    return figure


def rows_title(order: Order) -> str:
    """What the rows are."""
    return f"{len(order):,} {'unit' if len(order) == 1 else 'units'}, sorted"


def sorted_grid_figure(grid: SortedGrid, steps: Sequence[int], unit: int | None) -> go.Figure:
    """The paper's square: columns are moments, rows are what the units are sorted by."""
    figure = _picture(grid.cells, row_names(grid.row_units))
    figure.update_layout(
        xaxis={
            "tickvals": grid.column_centres,
            "ticktext": [f"at {step:,}" for step in steps],
            "side": "top",
            "ticks": "",
        },
        yaxis={
            "tickmode": "array",
            "tickvals": grid.row_centres,
            "ticktext": [f"by {step:,}" for step in steps],
            "tickangle": -90,
            "showticklabels": True,
        },
        shapes=unit_marks(grid.row_units, unit),
        margin={"l": 34, "t": 34, "b": 14},
    )
    return figure


def _picture(cells: Bytes, names: list[str]) -> go.Figure:
    figure = go.Figure(
        go.Heatmap(
            z=cells,
            y=names,
            zmin=0,
            zmax=255,
            colorscale=ACTIVITY_SCALE,
            showscale=False,
            hovertemplate="%{y}<extra></extra>",
        ),
        layout={"template": TEMPLATE},
    )
    figure.update_layout(
        xaxis={"fixedrange": True, "showgrid": False},
        yaxis={
            "type": "category",
            "autorange": "reversed",
            "fixedrange": True,
            "showgrid": False,
            "showticklabels": False,
            "ticks": "",
        },
        margin={"l": 34, "r": 10},
    )
    return figure


def row_names(units: Order) -> list[str]:
    """What each row is called, which is also how a click says which unit it met.

    Plotly wants names to differ: where a unit has several rows (and gaps have none), characters
    of no width tell them apart.
    """
    seen: Counter[int] = Counter()
    names = []
    for unit in units.tolist():
        name = f"unit {unit}" if unit >= 0 else " "
        names.append(name + _NO_WIDTH * seen[unit])
        seen[unit] += 1
    return names


_NO_WIDTH = "\N{ZERO WIDTH SPACE}"


def marks(order: Order, places: pd.DataFrame, unit: int | None) -> list[dict[str, Any]]:
    """What is drawn over the maps: the border between directions, the followed unit's row."""
    return [*direction_lines(places), *unit_marks(order, unit)]


def unit_marks(row_units: Order, unit: int | None) -> list[dict[str, Any]]:
    """A frame around every row of the followed unit."""
    rows = [] if unit is None else np.flatnonzero(row_units == unit).tolist()
    return [
        {
            "type": "rect",
            "xref": "x domain",
            "x0": 0,
            "x1": 1,
            "y0": row - 0.5,
            "y1": row + 0.5,
            "line": {"color": VERMILLION, "width": 2},
        }
        for row in rows
    ]


def place_axis(places: pd.DataFrame, called: PlaceWords) -> dict[str, Any]:
    """The columns of a map: positions, once for each direction of travel, or samples."""
    if places["position"].isna().all():
        return {"title": {"text": "training sample"}, "tickmode": "auto"}
    directions = _directions(places)
    bins = len(places) // directions
    positions = places["position"].to_numpy()[:bins]
    length = positions[0] + positions[-1]
    middle, end = ("π", "2π") if called.is_angle else (f"{length / 2:.3g}", f"{length:.3g}")
    starts = ["0", *[f"{end} | 0"] * (directions - 1), end]
    edges = {bins * at - 0.5: text for at, text in enumerate(starts)}
    middles = {bins * (at + 0.5) - 0.5: middle for at in range(directions)}
    ticks = edges | middles
    return {
        "title": {"text": called.axis},
        "tickmode": "array",
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
    }


def direction_lines(places: pd.DataFrame) -> list[dict[str, Any]]:
    """A line between the directions of travel."""
    count = _directions(places)
    bins = len(places) // max(count, 1)
    return [
        {
            "type": "line",
            "x0": bins * index - 0.5,
            "x1": bins * index - 0.5,
            "yref": "y domain",
            "y0": 0,
            "y1": 1.06,
            "line": {"color": GRID.replace("0.22", "0.9"), "width": 1},
        }
        for index in range(1, count)
    ]


def direction_names(places: pd.DataFrame) -> list[dict[str, Any]]:
    """What the halves of a two-way track are."""
    if _directions(places) < 2:
        return []
    return [
        {
            "x": share,
            "xref": "x domain",
            "y": 1,
            "yref": "y domain",
            "yanchor": "bottom",
            "text": text,
            "showarrow": False,
            "font": {"size": 11},
        }
        for share, text in ((0.25, "← going down"), (0.75, "going up →"))
    ]


def _directions(places: pd.DataFrame) -> int:
    return int(places["direction"].nunique())
