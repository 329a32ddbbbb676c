"""The run that a run starts from, drawn quietly behind it, and the step at which they part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import GREY
from dashboard.runs.over_time import Origin
from dashboard.runs.time_axis import TimeAxis

OWN_NAME = "this run"


def draw_origin(
    figure: go.Figure,
    axis: TimeAxis,
    origin: Origin | None,
    table: pd.DataFrame | None,
    columns: Sequence[str],
) -> None:
    """Add a mark at the fork, and the parent's `columns` of `table` under one name."""
    if origin is None:
        return
    _mark(figure, axis, origin.step)
    if table is None:
        return
    for number, column in enumerate(columns):
        figure.add_scatter(
            x=axis.place(table["step"]),
            y=table[column].to_numpy(),
            mode="lines",
            name="parent",
            legendgroup="parent",
            showlegend=number == 0,
            line={"color": GREY, "width": 1.3},
            zorder=-1,
            hoverinfo="skip",
        )
    figure.update_layout(showlegend=True, legend={"y": 1.1}, margin={"t": 50})


def _mark(figure: go.Figure, axis: TimeAxis, step: int) -> None:
    x = float(axis.place([step])[0])
    figure.add_shape(
        type="line",
        x0=x,
        x1=x,
        y0=0,
        y1=1,
        yref="y domain",
        line={"color": GREY, "width": 1.4, "dash": "dot"},
    )
    figure.add_annotation(
        x=float(np.log10(x)) if axis.is_log else x,
        y=1,
        yref="y domain",
        yanchor="bottom",
        text="fork",
        showarrow=False,
        font={"size": 11},
    )
