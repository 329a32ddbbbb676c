"""One quantity of several runs over one time axis, told apart by colour, dash and letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILLION
from dashboard.pages.compare.comparison import Member
from dashboard.pages.compare.quantity import Quantity
from dashboard.runs.fits import Phases
from dashboard.runs.time_axis import TimeAxis, time_figure

_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, GREY)
_DASHES = ("solid", "dash", "dot", "dashdot")
_NO_PHASES = Phases(None, None, "", {})


def colour(place: int) -> str:
    """The colour of the run at this place."""
    return _COLOURS[place % len(_COLOURS)]


def dash(place: int) -> str:
    """Its dash. Six colours and four dashes: no two of twelve runs share both."""
    return _DASHES[place % len(_DASHES)]


def overlay_figure(quantity: Quantity, members: Sequence[Member], axis: TimeAxis) -> go.Figure:
    """A line a run, with its letter on it; the letters keep clear of each other.

    Lines come before letters; `meta` of a line is the run's place.
    """
    y: dict[str, Any] = {"title": {"text": quantity.axis}}
    if quantity.form == "share":
        y |= {"tickformat": ".0%", "rangemode": "tozero"}
    if quantity.log:
        y |= {"type": "log", "dtick": 1, "exponentformat": "power"}
    figure = time_figure(axis, _NO_PHASES, y, f"compare {quantity.key}")
    curves = {member: rows for member in members if len(rows := quantity.of(member))}
    for member, rows in curves.items():
        _line(figure, quantity, member, rows, axis)
    for member, rows in curves.items():
        _letter(figure, member, rows, axis, len(members))
    figure.update_layout(hovermode="closest")
    if curves and (span := _least_range(quantity, [rows["value"] for rows in curves.values()])):
        figure.update_yaxes(range=span)
    return figure


def _least_range(quantity: Quantity, values: Sequence[pd.Series]) -> tuple[float, float] | None:
    """A range where plotly's own would be a hair's breadth: of one recording, or of equal ones.

    On a logarithmic axis it holds whole decades, so that there is a tick at either end.
    """
    ends = np.array([[column.min() for column in values], [column.max() for column in values]])
    low, high = float(ends[0].min()), float(ends[1].max())
    if quantity.log:
        low, high = np.floor(np.log10(low)), np.ceil(np.log10(high))
        return (low - 0.1, max(high, low + 1) + 0.1) if high - low <= 1 else None
    reach = _LEAST_SPAN[quantity.form] / 2
    if high - low >= reach:
        return None
    middle = (low + high) / 2
    if quantity.form == "share":
        return 0.0, max(1.1 * high, reach)
    return middle - reach, middle + reach


_LEAST_SPAN = {"share": 0.2, "fixed": 0.4, "ratio": 0.4}
_FORMATS = {"share": ".1%", "fixed": ".2f", "ratio": ".3g"}


def _line(
    figure: go.Figure, quantity: Quantity, member: Member, rows: pd.DataFrame, axis: TimeAxis
) -> None:
    value = _FORMATS[quantity.form]
    figure.add_scatter(
        x=axis.place(rows["step"]).astype(np.float32),
        y=rows["value"].to_numpy(np.float32),
        mode="lines" if len(rows) > 1 else "markers",
        name=member.letter,
        meta=member.place,
        line={"color": colour(member.place), "dash": dash(member.place), "width": 1.8},
        hovertemplate=f"<b>%{{fullData.name}}</b> step %{{x:,.0f}}: %{{y:{value}}}<extra></extra>",
    )


def _letter(
    figure: go.Figure, member: Member, rows: pd.DataFrame, axis: TimeAxis, count: int
) -> None:
    """The run's letter on its line, each run's at another place along the axis."""
    along = axis.fraction(rows["step"])
    wanted = (member.place + 0.6) / (count + 0.2)
    at = int(np.abs(along - wanted).argmin())
    figure.add_scatter(
        x=axis.place(rows["step"].iloc[[at]]),
        y=rows["value"].iloc[[at]],
        mode="markers+text",
        text=[member.letter],
        textfont={"size": 10, "color": INK},
        marker={
            "size": 16,
            "color": "white",
            "line": {"color": colour(member.place), "width": 2},
        },
        hoverinfo="skip",
    )
