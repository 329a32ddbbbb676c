"""/landscape: the smallest loss on which noise drifts, to be played with."""

from __future__ import annotations

from typing import Any

import dash
import plotly.graph_objects as go
from dash import ClientsideFunction, Dash, Input, Output, State, html

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.landscape.controls import CONTROLS
from dashboard.pages.landscape.data import LandscapeData
from dashboard.pages.landscape.layout import drawn, page_layout
from dashboard.pages.landscape.regulariser import regulariser_figure
from dashboard.services import Services
from dashboard.urls import LandscapeView

DRAWN = (
    (ids.LANDSCAPE_MAP, "figure"),
    (ids.LANDSCAPE_MAP_WORDS, "children"),
    (ids.LANDSCAPE_DRIFT, "figure"),
    (ids.LANDSCAPE_DRIFT_WORDS, "children"),
    (ids.LANDSCAPE_SPREAD, "figure"),
    (ids.LANDSCAPE_SPREAD_WORDS, "children"),
)


def register(app: Dash, _: Services) -> None:
    """Register the page: one view, changed in the browser, drawn by the server."""

    def layout(**query: Any) -> html.Div:
        return page_layout(query)

    dash.register_page(
        "landscape", path=urls.LANDSCAPE, title="Toy landscape · Driftscape", layout=layout
    )
    _register_browser(app)

    @app.callback(
        *(Output(*output) for output in DRAWN),
        Input(ids.LANDSCAPE_VIEW, "data"),
        prevent_initial_call=True,
    )
    def draw(view: dict[str, Any]) -> list[Any]:
        return drawn(LandscapeData(read_view(view)))

    @app.callback(
        Output(ids.LANDSCAPE_FLOW, "figure"),
        Input(ids.landscape_control("axis"), "value"),
        prevent_initial_call=True,
    )
    def draw_flow(axis: str) -> go.Figure:
        return regulariser_figure(read_view({"axis": axis}).axis)


def read_view(view: dict[str, Any]) -> LandscapeView:
    """A view that came from a browser, which may be anyone's."""
    return urls.read_landscape_view({key: str(value) for key, value in view.items()})[0]


def _register_browser(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("landscape", "choose"),
        Output(ids.LANDSCAPE_VIEW, "data"),
        Input(ids.LANDSCAPE_MAP, "clickData"),
        *(Input(ids.landscape_control(key), "value") for key in CONTROLS),
        State(ids.LANDSCAPE_FACTS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("landscape", "follow"),
        Output(ids.LANDSCAPE_SYNCED, "data"),
        Input(ids.LANDSCAPE_VIEW, "data"),
        State(ids.LANDSCAPE_FACTS, "data"),
    )
