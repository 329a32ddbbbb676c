"""How well position can be read from the hidden layer, over training."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import PURPLE
from dashboard.pages.run.look import Look
from dashboard.pages.run.origin import OWN_NAME, draw_origin
from dashboard.pages.run.panel import About
from dashboard.pages.run.reasons import NO_POSITION
from dashboard.pages.run.time_panel import TimePanel
from dashboard.runs.fits import Phases
from dashboard.runs.over_time import Origin
from dashboard.runs.place_words import PlaceWords
from dashboard.runs.time_axis import TimeAxis, time_figure
from simulation.models import model_of

COLUMN = "position_error"
ABOUT = About(
    "Position decoding",
    "Position decoding error over training",
    "Distance between true position and the position read from the hidden layer, cross-validated. "
    "If it stays flat while units fall silent, the code gets sparser without getting worse.",
)


class Decoding(TimePanel):
    id = "run-decoding"
    columns = (COLUMN,)

    def about(self, _: Look) -> About:
        return ABOUT

    def missing(self, look: Look) -> str:
        if not look.run.config.task.has_position:
            return NO_POSITION
        return model_of(look.run.config).words.no_decoding

    def table(self, look: Look) -> pd.DataFrame:
        return look.time.snapshots

    def figure(self, look: Look) -> go.Figure:
        time = look.time
        return decoding_figure(time.snapshots, time.axis, time.phases, look.called, time.origin)


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
        y=snapshots[COLUMN].to_numpy(),
        mode="lines+markers",
        name=OWN_NAME,
        line={"color": PURPLE, "width": 1.8},
        marker={"size": 5},
        hovertemplate="step %{x:,.0f}<br>%{y:.3f} " + called.unit + "<extra></extra>",
    )
    draw_origin(figure, axis, origin, origin and origin.snapshots, [COLUMN])
    return figure


PANEL = Decoding()
