"""How much the tuned units say about position, over training."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import GREEN
from dashboard.pages.run.look import Look
from dashboard.pages.run.origin import OWN_NAME, draw_origin
from dashboard.pages.run.panel import About
from dashboard.pages.run.reasons import NO_POSITION
from dashboard.pages.run.time_panel import TimePanel
from dashboard.runs.fits import Phases
from dashboard.runs.over_time import Origin
from dashboard.runs.time_axis import TimeAxis, time_figure
from simulation.models import model_of

COLUMN = "mean_spatial_information_bits"
CAPTION = (
    "Spatial information: how much a unit's activity tells about {noun}, averaged over units with "
    "more than 0.01 bits. Units that survive become more selective."
)


class Information(TimePanel):
    id = "run-information"
    columns = (COLUMN,)

    def about(self, look: Look) -> About:
        return About(
            "Spatial information",
            "Mean spatial information over training",
            CAPTION.format(noun=look.called.noun),
        )

    def missing(self, look: Look) -> str:
        if not look.run.config.task.has_position:
            return NO_POSITION
        why = model_of(look.run.config).no_information
        return f"{why[0].upper()}{why[1:]}." if why else ""

    def figure(self, look: Look) -> go.Figure:
        time = look.time
        return information_figure(time.curves, time.axis, time.phases, time.origin)


def information_figure(
    curves: pd.DataFrame, axis: TimeAxis, phases: Phases, origin: Origin | None = None
) -> go.Figure:
    """Mean spatial information over tuned units, in bits."""
    y = {"title": {"text": "spatial information (bits)"}, "rangemode": "tozero"}
    figure = time_figure(axis, phases, y, "information")
    figure.add_scatter(
        x=axis.place(curves["step"]),
        y=curves[COLUMN].to_numpy(),
        customdata=curves["tuned_units"].to_numpy(),
        mode="lines" if len(curves) > 1 else "markers",
        name=OWN_NAME,
        line={"color": GREEN, "width": 1.8},
        hovertemplate="step %{x:,.0f}<br>%{y:.3f} bits"
        "<br>%{customdata:.1%} of units tuned<extra></extra>",
    )
    draw_origin(figure, axis, origin, origin and origin.curves, [COLUMN])
    return figure


PANEL = Information()
