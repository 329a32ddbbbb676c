"""The loss over training."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.origin import OWN_NAME, Origin, draw_origin
from dashboard.figures.time import TimeAxis, time_figure
from dashboard.fits import Phases
from dashboard.theme import BLUE


def loss_figure(
    curves: pd.DataFrame,
    axis: TimeAxis,
    phases: Phases,
    origin: Origin | None = None,
    relative_to: str = "variance",
) -> go.Figure:
    """log10 of the loss relative to the variance of the targets (0 is guessing the mean), or to
    what else `relative_to` says."""
    y = {"title": {"text": f"log<sub>10</sub>(loss / {relative_to})"}}
    figure = time_figure(axis, phases, y, "loss")
    figure.add_scatter(
        x=axis.place(curves["step"]),
        y=curves["log10_normalized_loss"].to_numpy(),
        mode="lines" if len(curves) > 1 else "markers",
        name=OWN_NAME,
        line={"color": BLUE, "width": 1.8},
        hovertemplate="step %{x:,.0f}<br>%{y:.3f}<extra></extra>",
    )
    draw_origin(figure, axis, origin, origin and origin.curves, ["log10_normalized_loss"])
    return figure
