"""Callbacks: the cursor and the links live in the browser; runs in progress are asked for news."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, no_update

from dashboard.base import ids
from dashboard.pages.compare.comparison import open_members
from dashboard.pages.compare.drawing import CompareDrawing
from dashboard.pages.compare.layout import panels, standing
from dashboard.pages.compare.panels import QUANTITIES
from dashboard.pages.compare.tables import outcomes_table
from dashboard.runs.store import RunStore
from dashboard.urls import CompareView

FIGURES = tuple(ids.compare_figure(quantity.key) for quantity in QUANTITIES)


def register(app: Dash, store: RunStore) -> None:
    """All callbacks of the page."""
    _register_browser(app)

    @app.callback(
        Output(ids.COMPARE_PANELS, "children"),
        *(Output(name, "figure") for name in FIGURES),
        Output(ids.COMPARE_STANDING, "children"),
        Output(ids.COMPARE_OUTCOMES, "children"),
        Output(ids.COMPARE_FACTS, "data"),
        Output(ids.COMPARE_TICK, "disabled"),
        Input(ids.COMPARE_ASK, "data"),
        prevent_initial_call=True,
    )
    def grow(ask: dict[str, Any]) -> list[Any]:
        return growth(store, ask)


def growth(store: RunStore, ask: dict[str, Any]) -> list[Any]:
    """What is new since the browser last asked; `ask` says what it knows, as in its facts."""
    members, _ = open_members(store, ask["runs"])
    drawing = CompareDrawing(members, CompareView(tuple(ask["runs"]), ask["x"]))
    facts = drawing.facts()
    laid_out: Any = no_update
    figures: list[Any] = [no_update] * len(FIGURES)
    if facts["drawn"] != ask["drawn"]:
        laid_out = panels(drawing)
    elif facts["rows"] != ask["rows"]:
        figures = [drawing.figure(quantity) for quantity in QUANTITIES]
    ended = not drawing.growing
    return [laid_out, *figures, standing(members), outcomes_table(members), facts, ended]


def _register_browser(app: Dash) -> None:
    function = partial(ClientsideFunction, "compare")

    facts = State(ids.COMPARE_FACTS, "data")
    app.clientside_callback(
        function("seek"),
        Output(ids.COMPARE_CURSOR, "value"),
        *(Input(name, "clickData") for name in FIGURES),
        facts,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("follow"),
        Output(ids.COMPARE_MOMENT, "children"),
        Input(ids.COMPARE_CURSOR, "value"),
        Input(ids.COMPARE_FACTS, "data"),
    )
    href = Output(ids.COMPARE_GO, "href", allow_duplicate=True)
    app.clientside_callback(
        function("turn"),
        href,
        Input(ids.COMPARE_AXIS, "value"),
        facts,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("remove"),
        href,
        Input({"type": ids.COMPARE_REMOVE, "run": ALL}, "n_clicks"),
        facts,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("add"),
        href,
        Output(ids.COMPARE_REFUSAL, "children"),
        Input(ids.COMPARE_ADD_GO, "n_clicks"),
        Input(ids.COMPARE_ADD, "n_submit"),
        facts,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("ask"),
        Output(ids.COMPARE_ASK, "data"),
        Input(ids.COMPARE_TICK, "n_intervals"),
        facts,
        prevent_initial_call=True,
    )
