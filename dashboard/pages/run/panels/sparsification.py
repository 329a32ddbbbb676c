"""How much of the hidden layer stays active, over training, with the fitted timescales."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import INK, ORANGE, VERMILLION
from dashboard.pages.run.origin import draw_origin
from dashboard.runs.fits import FitCurve, Phases
from dashboard.runs.over_time import Origin
from dashboard.runs.time_axis import TimeAxis, time_figure

_DASHES = {"robust": "dash", "published": "dot"}


def sparsification_figure(
    curves: pd.DataFrame,
    axis: TimeAxis,
    phases: Phases,
    fits: Sequence[FitCurve],
    origin: Origin | None = None,
) -> go.Figure:
    """Share of active units and active fraction, and the curves fitted to the former."""
    y = {"title": {"text": "share"}, "rangemode": "tozero", "tickformat": ".0%"}
    figure = time_figure(axis, phases, y, "sparsification")
    for column, name, colour in (
        ("active_units", "active units", VERMILLION),
        ("active_fraction", "active fraction", ORANGE),
    ):
        figure.add_scatter(
            x=axis.place(curves["step"]),
            y=curves[column].to_numpy(),
            mode="lines" if len(curves) > 1 else "markers",
            name=name,
            line={"color": colour, "width": 1.8},
            hovertemplate="%{y:.1%}<extra>" + name + "</extra>",
        )
    for fit in fits:
        figure.add_scatter(
            x=axis.place(fit.steps),
            y=np.where(fit.is_share, fit.values, np.nan),
            mode="lines",
            name=f"{fit.name} fit",
            line={"color": INK, "width": 1.6, "dash": _DASHES[fit.name]},
            hoverinfo="skip",
        )
    columns = ["active_units", "active_fraction"]
    draw_origin(figure, axis, origin, origin and origin.curves, columns)
    figure.update_layout(
        showlegend=True,
        legend={"y": 1.1},
        margin={"t": 50},
    )
    return figure
