"""How much the tuned units say about position, over training."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import GREEN
from dashboard.pages.run.origin import OWN_NAME, draw_origin
from dashboard.runs.fits import Phases
from dashboard.runs.over_time import Origin
from dashboard.runs.time_axis import TimeAxis, time_figure


def information_figure(
    curves: pd.DataFrame, axis: TimeAxis, phases: Phases, origin: Origin | None = None
) -> go.Figure:
    """Mean spatial information over tuned units, in bits."""
    y = {"title": {"text": "spatial information (bits)"}, "rangemode": "tozero"}
    figure = time_figure(axis, phases, y, "information")
    figure.add_scatter(
        x=axis.place(curves["step"]),
        y=curves["mean_spatial_information_bits"].to_numpy(),
        customdata=curves["tuned_units"].to_numpy(),
        mode="lines" if len(curves) > 1 else "markers",
        name=OWN_NAME,
        line={"color": GREEN, "width": 1.8},
        hovertemplate="step %{x:,.0f}<br>%{y:.3f} bits"
        "<br>%{customdata:.1%} of units tuned<extra></extra>",
    )
    columns = ["mean_spatial_information_bits"]
    draw_origin(figure, axis, origin, origin and origin.curves, columns)
    return figure
