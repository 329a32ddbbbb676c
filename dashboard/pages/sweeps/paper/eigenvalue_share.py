"""The share of positive eigenvalues against the share of active units, and the line between."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import urls
from dashboard.base.theme import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, TEMPLATE, VERMILLION
from dashboard.pages.sweeps.paper.data import NOISE, numbers, run_names, sample
from dashboard.sweeps.columns import in_words

SLOPE = 0.5
"""Of the eigenvalues that active units' weights make, about half are positive."""
_KNOWN = {
    "SGD, update noise": (VERMILLION, "circle"),
    "SGD, label noise": (BLUE, "square"),
}
_MARKS = ((GREEN, "triangle-up"), (PURPLE, "cross"), (ORANGE, "triangle-down"), (GREY, "x"))
_OTHERS = (INK, "circle-open")
_MOST = len(_MARKS) + 1


def eigenvalue_share_figure(ours: pd.DataFrame, theirs: pd.DataFrame) -> go.Figure:
    """A point a run, marked by rule and noise; published ones behind.

    Parameters
    ----------
    ours : runs with both values; theirs : published ones, of which the share of active units is
        known as end over start.
    """
    figure = go.Figure(layout={"template": TEMPLATE})
    if len(theirs):
        _add(
            figure, theirs, "active_units_ratio", "published (end over start)", GREY, "diamond-open"
        )
    kinds = ours["rule.kind"].map(in_words) + ", " + ours[NOISE]
    names = kinds.value_counts().index.tolist()
    ours, kinds = sample(ours), sample(kinds)
    marks = iter(_MARKS)
    for name in names[: _MOST - 1]:
        colour, symbol = _KNOWN.get(name) or next(marks)
        _add(figure, ours[kinds == name], "active_units_final", name, colour, symbol)
    if rest := names[_MOST - 1 :]:
        name = rest[0] if len(rest) == 1 else f"{len(rest)} other kinds"
        _add(figure, ours[kinds.isin(rest)], "active_units_final", name, *_OTHERS)
    end = min(1.0, 1.1 * max(_largest(ours, "active_units_final"),
                             _largest(theirs, "active_units_ratio")))  # fmt: skip
    figure.add_scatter(
        x=[0, end],
        y=[0, SLOPE * end],
        mode="lines",
        name="half of the active units' share",
        line={"color": INK, "width": 1.6, "dash": "dot"},
        hoverinfo="skip",
    )
    figure.update_layout(
        xaxis={
            "title": {"text": "share of active units at the end"},
            "tickformat": ".0%",
            "rangemode": "tozero",
            "fixedrange": True,
        },
        yaxis={
            "title": {"text": "share of positive eigenvalues at the end"},
            "tickformat": ".0%",
            "rangemode": "tozero",
            "fixedrange": True,
        },
        hovermode="closest",
        dragmode=False,
        margin={"t": 30},
    )
    return figure


def _largest(rows: pd.DataFrame, column: str) -> float:
    return float(np.nanmax(numbers(rows, column))) if len(rows) else 0.0


def _add(
    figure: go.Figure, rows: pd.DataFrame, column: str, name: str, colour: str, symbol: str
) -> None:
    own = "run_id" in rows
    figure.add_scatter(
        x=numbers(rows, column).astype(np.float32),
        y=numbers(rows, "positive_eigenvalue_fraction").astype(np.float32),
        mode="markers",
        name=name,
        text=run_names(rows) if own else [f"published row {index}" for index in rows.index],
        customdata=[urls.run_url(run_id) for run_id in rows["run_id"]] if own else None,
        marker={
            "color": colour,
            "symbol": symbol,
            "size": 7 if own else 5,
            "opacity": 0.65,
        },
        hovertemplate="%{text}<br>%{x:.1%} active, %{y:.1%} positive<extra>" + name + "</extra>",
    )
