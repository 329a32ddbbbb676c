"""The loss over training."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.time import TimeAxis, time_figure
from dashboard.fits import Phases
from dashboard.theme import BLUE


def loss_figure(curves: pd.DataFrame, axis: TimeAxis, phases: Phases) -> go.Figure:
    """log10 of the loss over the variance of the targets; 0 is guessing the mean."""
    y = {"title": {"text": "log<sub>10</sub>(loss / variance)"}}
    figure = time_figure(axis, phases, y, "loss")
    figure.add_scatter(
        x=axis.place(curves["step"]),
        y=curves["log10_normalized_loss"].to_numpy(),
        mode="lines" if len(curves) > 1 else "markers",
        line={"color": BLUE, "width": 1.8},
        hovertemplate="step %{x:,.0f}<br>%{y:.3f}<extra></extra>",
    )
    return figure
