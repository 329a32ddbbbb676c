"""The overview's picture: one run's three phases, and its maps at the moment that is pointed at."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import ACTIVITY_SCALE, BLUE, TEMPLATE, VERMILLION
from dashboard.runs.fits import Phases
from dashboard.runs.time_axis import TimeAxis, time_figure
from dashboard.runs.tuning import Bytes


def hero_curves(curves: pd.DataFrame, axis: TimeAxis, phases: Phases) -> go.Figure:
    """Share of active units above, loss below, over one time axis."""
    figure = time_figure(axis, phases, {}, "hero")
    x = axis.place(curves["step"])
    figure.add_scatter(
        x=x,
        y=curves["active_units"].to_numpy(),
        mode="lines",
        line={"color": VERMILLION, "width": 2},
        hovertemplate="%{y:.1%} of units active<extra></extra>",
    )
    figure.add_scatter(
        x=x,
        y=curves["log10_normalized_loss"].to_numpy(),
        yaxis="y2",
        mode="lines",
        line={"color": BLUE, "width": 2},
        hovertemplate="loss %{y:.2f}<extra></extra>",
    )
    figure.update_shapes(y0=0, y1=1, yref="paper")
    figure.update_layout(
        xaxis={"fixedrange": True, "anchor": "y2"},
        yaxis={
            "domain": [0.53, 1],
            "tickformat": ".0%",
            "rangemode": "tozero",
            "nticks": 4,
        },
        yaxis2={
            "domain": [0, 0.43],
            "fixedrange": True,
            "nticks": 4,
        },
        dragmode=False,
        margin={"l": 46},
    )
    figure.update_annotations(selector={"text": "0"}, yref="paper")
    _label(figure, "y domain", "Active units", VERMILLION)
    _label(figure, "y2 domain", "Loss (log<sub>10</sub>)", BLUE)
    return figure


def _label(figure: go.Figure, place: str, text: str, colour: str) -> None:
    """The name of a curve, next to where it starts."""
    figure.add_annotation(
        text=text,
        font={"color": colour, "size": 12},
        x=0,
        xshift=10,
        xref="x domain",
        y=0.06,
        yref=place,
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
    )


def hero_maps(cells: Bytes, columns: str) -> go.Figure:
    """One moment of the population: a row a unit, in the order of the last snapshot's peaks.

    `columns` says what these are.
    """
    figure = go.Figure(
        go.Heatmap(
            z=cells,
            zmin=0,
            zmax=255,
            colorscale=ACTIVITY_SCALE,
            showscale=False,
            hoverinfo="skip",
        ),
        layout={"template": TEMPLATE},
    )
    figure.update_layout(
        xaxis={
            "title": {"text": columns},
            "showticklabels": False,
            "fixedrange": True,
            "showgrid": False,
            "ticks": "",
        },
        yaxis={
            "title": {"text": "hidden units"},
            "autorange": "reversed",
            "showticklabels": False,
            "fixedrange": True,
            "showgrid": False,
        },
        margin={"l": 34, "r": 10, "t": 26},
        dragmode=False,
    )
    return figure
