"""The trace of the loss's Hessian over training: how flat the minimum becomes."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import BLUE
from dashboard.pages.run.look import Look
from dashboard.pages.run.origin import OWN_NAME, draw_origin
from dashboard.pages.run.panel import About
from dashboard.pages.run.reasons import no_hessian
from dashboard.pages.run.time_panel import TimePanel, nothing_yet
from dashboard.runs.fits import Phases
from dashboard.runs.over_time import Origin
from dashboard.runs.time_axis import TimeAxis, time_figure

COLUMN = "hessian_trace"
ABOUT = About(
    "Hessian trace",
    "Trace of the Hessian over training",
    "The sum of the Hessian's eigenvalues: how steeply the loss curves upwards around the weights, "
    "over all directions together. The lower, the flatter the minimum. Label noise drives it down. "
    "Update noise lowers the many small eigenvalues, which hardly count in the sum: units can fall "
    "silent while it rises.",
)


class Trace(TimePanel):
    id = "run-trace"
    columns = (COLUMN,)

    def about(self, _: Look) -> About:
        return ABOUT

    def missing(self, look: Look) -> str:
        if reason := no_hessian(look.run.config) or nothing_yet(look):
            return reason
        known = look.time.curves[COLUMN].notna().any()
        return "" if known else "No trace was recorded in this run."

    def figure(self, look: Look) -> go.Figure:
        time = look.time
        return trace_figure(time.curves, time.axis, time.phases, time.origin)


def trace_figure(
    curves: pd.DataFrame, axis: TimeAxis, phases: Phases, origin: Origin | None = None
) -> go.Figure:
    """The trace, from 0 on: what is left of it can be read off, and small changes look small."""
    y = {"title": {"text": "trace (loss / weight²)"}, "rangemode": "tozero"}
    figure = time_figure(axis, phases, y, "trace")
    figure.add_scatter(
        x=axis.place(curves["step"]),
        y=curves[COLUMN].to_numpy(),
        mode="lines" if len(curves) > 1 else "markers",
        name=OWN_NAME,
        line={"color": BLUE, "width": 1.8},
        hovertemplate="step %{x:,.0f}<br>trace %{y:.3g}<extra></extra>",
    )
    draw_origin(figure, axis, origin, origin and origin.curves, [COLUMN])
    return figure


PANEL = Trace()
