"""The loss over training; of similarity matching, the mismatch."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import BLUE
from dashboard.pages.run.look import Look
from dashboard.pages.run.origin import OWN_NAME, draw_origin
from dashboard.pages.run.panel import About
from dashboard.pages.run.time_panel import TimePanel, nothing_yet
from dashboard.runs.fits import Phases
from dashboard.runs.over_time import Origin
from dashboard.runs.time_axis import TimeAxis, time_figure
from simulation.models import model_of

COLUMN = "log10_normalized_loss"


class Loss(TimePanel):
    id = "run-loss"
    columns = (COLUMN,)

    def about(self, look: Look) -> About:
        said = model_of(look.run.config).words
        return About(said.loss, f"{said.loss} over training", said.loss_caption)

    def missing(self, look: Look) -> str:
        return nothing_yet(look)

    def figure(self, look: Look) -> go.Figure:
        time, relative_to = look.time, model_of(look.run.config).words.loss_reference
        return loss_figure(time.curves, time.axis, time.phases, time.origin, relative_to)


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
        y=curves[COLUMN].to_numpy(),
        mode="lines" if len(curves) > 1 else "markers",
        name=OWN_NAME,
        line={"color": BLUE, "width": 1.8},
        hovertemplate="step %{x:,.0f}<br>%{y:.3f}<extra></extra>",
    )
    draw_origin(figure, axis, origin, origin and origin.curves, [COLUMN])
    if origin is not None and origin.curves is not None:
        _bound(figure, curves[COLUMN], origin.curves[COLUMN])
    return figure


def _bound(figure: go.Figure, own: pd.Series, parent: pd.Series) -> None:
    """End the axis where the parent's curve still fills half of it; say how far its child goes.

    Without noise the loss falls until rounding stops it, some thirty decades further down.
    """
    low = 2 * parent.min() - max(parent.max(), own.max())
    if not np.isfinite(low):
        return
    figure.update_yaxes(autorangeoptions={"clipmin": float(low)})
    if own.min() < low:
        lowest = f"{own.min():.0f}".replace("-", "−")
        figure.add_annotation(
            text=f"this run goes on down to {lowest}",
            x=0.99,
            xref="x domain",
            y=0.02,
            yref="y domain",
            xanchor="right",
            yanchor="bottom",
            showarrow=False,
            font={"size": 11, "color": BLUE},
        )


PANEL = Loss()
