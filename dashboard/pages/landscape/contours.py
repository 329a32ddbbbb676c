"""The toy landscape from above: contours of the loss, one walker and its twin without noise."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.theme import GREY, INK, TEMPLATE, VERMILLION
from simulation.analysis.valley_walk import Excursion
from simulation.models.landscape import loss

FRAME = 3.0
"""Half the width of the map."""
DECADES = range(-3, 2)
_FLOOR = -5.0  # log10 loss on the axes, below all contours
LABELLED = range(-2, 2)
_NODES = 61
_HILLS = [[0, "rgba(0, 114, 178, 0)"], [1, "rgba(0, 114, 178, 0.26)"]]


def landscape_figure(excursion: Excursion, start: tuple[float, float]) -> go.Figure:
    """Contours of the loss a decade apart, the walker's path and its twin's."""
    figure = go.Figure(layout={"template": TEMPLATE})
    _add_hills(figure)
    _add_path(figure, excursion.path, "with noise", VERMILLION)
    _add_path(figure, excursion.twin_path, "without noise", INK, dash="dot")
    _add_point(figure, np.asarray(start), "start", "circle-open", INK)
    if not excursion.end.diverged[0]:
        _add_point(figure, excursion.path[-1], "end", "circle", VERMILLION)
    axis: dict[str, Any] = {"range": [-FRAME, FRAME], "dtick": 1, "zeroline": False}
    figure.update_layout(
        xaxis={**axis, "title": {"text": "x"}, "constrain": "domain"},
        yaxis={
            **axis,
            "title": {"text": "y", "standoff": 0},
            "constrain": "domain",
            "scaleanchor": "x",
        },
        clickanywhere=True,
        hovermode="closest",  # without one plotly reports no place for a click
        dragmode=False,
        uirevision="landscape",
        margin={"l": 40, "r": 10, "t": 36, "b": 40},
    )
    return figure


@cache
def _grid() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Nodes, denser near the axes where the loss bends most, and log10 loss on them."""
    share = np.linspace(-1, 1, _NODES)
    nodes = FRAME * np.sign(share) * share**2
    height = np.maximum(loss(nodes[None, :], nodes[:, None]), 10**_FLOOR)
    return nodes.astype(np.float32), np.log10(height).astype(np.float32)


def _add_hills(figure: go.Figure) -> None:
    nodes, height = _grid()
    figure.add_contour(
        x=nodes,
        y=nodes,
        z=height,
        contours={"start": DECADES[0], "end": DECADES[-1], "size": 1},
        colorscale=_HILLS,
        zmin=DECADES[0] - 1,
        zmax=DECADES[-1] + 1,
        line={"width": 0.8, "color": GREY},
        hoverinfo="skip",
        showscale=False,
        showlegend=False,
        name="loss",
    )
    for decade in LABELLED:
        place = 10 ** (decade / 4)  # on the diagonal the loss is its fourth power
        figure.add_annotation(
            x=-place,
            y=place,
            yshift=9,
            text=f"{10.0**decade:g}",
            showarrow=False,
            font={"size": 11},
        )


def _add_path(
    figure: go.Figure, path: NDArray[np.float64], name: str, colour: str, dash: str = "solid"
) -> None:
    figure.add_scatter(
        x=path[:, 0].astype(np.float32),
        y=path[:, 1].astype(np.float32),
        mode="lines",
        line={"color": colour, "width": 1.3 if dash == "solid" else 1.8, "dash": dash},
        name=name,
        hoverinfo="skip",
    )


def _add_point(
    figure: go.Figure, place: NDArray[np.float64], name: str, symbol: str, colour: str
) -> None:
    figure.add_scatter(
        x=place[:1],
        y=place[1:],
        mode="markers",
        marker={
            "symbol": symbol,
            "size": 10,
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        name=name,
        hoverinfo="skip",
    )
