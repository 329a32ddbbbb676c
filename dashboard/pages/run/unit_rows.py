"""A picture with a row a unit: what rows are called, and which are the followed unit's."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.base.theme import ACTIVITY_SCALE, TEMPLATE, VERMILLION
from dashboard.runs.tuning import Bytes, Order

_NO_WIDTH = "\N{ZERO WIDTH SPACE}"


def rows_picture(cells: Bytes, units: Order) -> go.Figure:
    """Bytes as brightness: (rows, places), row i of unit `units[i]`, -1 a gap."""
    figure = go.Figure(
        go.Heatmap(
            z=cells,
            y=row_names(units),
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
