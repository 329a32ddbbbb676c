"""How well position can be read from the hidden layer, over training."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import PURPLE
from dashboard.pages.run.origin import OWN_NAME, draw_origin
from dashboard.runs.fits import Phases
from dashboard.runs.over_time import Origin
from dashboard.runs.place_words import PlaceWords
from dashboard.runs.time_axis import TimeAxis, time_figure


def decoding_figure(
    snapshots: pd.DataFrame,
    axis: TimeAxis,
    phases: Phases,
    called: PlaceWords,
    origin: Origin | None = None,
) -> go.Figure:
    """Cross-validated position error at every snapshot."""
    y = {"title": {"text": f"{called.noun} error ({called.unit})"}, "rangemode": "tozero"}
    figure = time_figure(axis, phases, y, "decoding")
    figure.add_scatter(
        x=axis.place(snapshots["step"]),
        y=snapshots["position_error"].to_numpy(),
        mode="lines+markers",
        name=OWN_NAME,
        line={"color": PURPLE, "width": 1.8},
        marker={"size": 5},
        hovertemplate="step %{x:,.0f}<br>%{y:.3f} " + called.unit + "<extra></extra>",
    )
    draw_origin(figure, axis, origin, origin and origin.snapshots, ["position_error"])
    return figure
