"""/sweeps and /sweeps/<collection>: anything in a collection against anything else."""

from __future__ import annotations

from functools import partial
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, html

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.sweeps import files, grid
from dashboard.pages.sweeps.controls import CONTROLS
from dashboard.pages.sweeps.layout import drawn, page_layout
from dashboard.pages.sweeps.listing import listing_layout
from dashboard.pages.sweeps.paper import section
from dashboard.pages.sweeps.reading import read_view
from dashboard.services import Services
from dashboard.sweeps.scene import scene
from dashboard.sweeps.table import SweepStore

DRAWN = (
    (ids.SWEEP_SCATTER, "figure"),
    (ids.SWEEP_SCATTER_WORDS, "children"),
    (ids.SWEEP_SCATTER_FRAME, "className"),
    (ids.SWEEP_NARROW, "children"),
    (ids.SWEEP_PARALLEL, "figure"),
    (ids.SWEEP_PARALLEL_WORDS, "children"),
    (ids.SWEEP_HISTOGRAM, "figure"),
    (ids.SWEEP_HISTOGRAM_WORDS, "children"),
    (ids.SWEEP_SELECTION, "children"),
)


def register(app: Dash, services: Services) -> None:
    """Register both pages: one view, changed in the browser, drawn by the server."""
    store = services.sweeps

    def listing(**_: Any) -> html.Div:
        return listing_layout(store)

    def layout(collection: str = "", **query: Any) -> html.Div:
        return page_layout(store, collection, query)

    dash.register_page("sweeps", path=urls.SWEEPS, title="Sweeps · Driftscape", layout=listing)
    dash.register_page(
        "sweep",
        path_template=urls.SWEEP_TEMPLATE,
        title=lambda collection="", **_: f"{collection} · Driftscape",
        layout=layout,
    )
    grid.register(app, store)
    files.register(app, store)
    section.register(app, store)
    _register_drawing(app, store)
    _register_browser(app)


def _register_drawing(app: Dash, store: SweepStore) -> None:
    @app.callback(
        *(Output(*output) for output in DRAWN),
        Input(ids.SWEEP_VIEW, "data"),
        prevent_initial_call=True,
    )
    def draw(data: dict[str, Any]) -> list[Any]:
        return drawn(scene(*read_view(store, data), store.archive))

    @app.callback(
        Output(ids.SWEEP_TABLE, "columnDefs"),
        Input(ids.SWEEP_COLUMNS, "data"),
        prevent_initial_call=True,
    )
    def draw_columns(data: dict[str, Any]) -> list[dict[str, Any]]:
        return grid.column_defs(*read_view(store, data))


def _register_browser(app: Dash) -> None:
    function = partial(ClientsideFunction, "sweeps")

    ready_control = Input(ids.sweep_control("ready"), "value", allow_optional=True)
    app.clientside_callback(
        function("choose"),
        Output(ids.SWEEP_VIEW, "data"),
        *(Input(ids.sweep_control(key), "value") for key in CONTROLS),
        ready_control,
        Input(ids.SWEEP_SCATTER, "selectedData"),
        Input(ids.SWEEP_HISTOGRAM, "selectedData"),
        Input(ids.SWEEP_HISTOGRAM, "clickData"),
        Input(ids.SWEEP_PARALLEL, "restyleData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("follow"),
        Output(ids.SWEEP_SYNCED, "data"),
        Input(ids.SWEEP_VIEW, "data"),
        State(ids.SWEEP_FACTS, "data"),
    )
    app.clientside_callback(
        function("open"),
        Output(ids.SWEEP_GO, "href"),
        Input(ids.SWEEP_SCATTER, "clickData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("hover"),
        Output(ids.SWEEP_SYNCED, "data", allow_duplicate=True),
        Input(ids.SWEEP_SCATTER, "hoverData"),
        prevent_initial_call=True,
    )
