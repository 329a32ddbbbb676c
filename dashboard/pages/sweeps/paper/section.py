"""The paper's figures of a collection: a section of its page, drawn once the page is there."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from dashboard.base import ids
from dashboard.pages.sweeps.paper.layout import figure_body
from dashboard.pages.sweeps.reading import read_view
from dashboard.sweeps.selection import selected
from dashboard.sweeps.table import SweepStore, SweepTable
from dashboard.urls import SweepView
from dashboard.urls.sweeps import conditions

LEAD = (
    "Four views of the paper, made of the runs of this collection; with a selection, of the "
    "selected ones."
)


def paper_section(table: SweepTable, view: SweepView) -> list[Any]:
    """The section of the page; empty where a collection has no runs."""
    if not len(table):
        return []
    head = [html.H2("The paper’s figures"), html.P(LEAD, className="quiet")]
    return [
        html.Div(head, className="section-head"),
        dcc.Input(id=ids.sweep_control("ready"), type="hidden", value=view.ready),
        dcc.Store(id=ids.PAPER_DRAWN),
        dcc.Location(id=ids.PAPER_GO, refresh="callback-nav"),
        html.Div(html.P("Drawing…", className="quiet"), id=ids.PAPER_BODY, className="figures"),
    ]


def register(app: Dash, store: SweepStore) -> None:
    """Its callbacks: the figure follows the view; choices, clicks and names live in the browser."""

    @app.callback(
        Output(ids.PAPER_BODY, "children"),
        Output(ids.PAPER_DRAWN, "data"),
        Input(ids.SWEEP_VIEW, "data"),
        State(ids.PAPER_DRAWN, "data"),
    )
    def draw(data: dict[str, str], drawn: list[str] | None) -> tuple[Any, Any]:
        table, view = read_view(store, data)
        asked = [table.collection, table.state, view.ready, view.where]
        if asked == drawn:
            return no_update, no_update
        mask = selected(table, conditions(view, table.columns))
        return figure_body(store, table, mask, view.ready), asked

    _register_browser(app)


def _register_browser(app: Dash) -> None:
    function = partial(ClientsideFunction, "paper_figures")

    figure = State(ids.PAPER_FIGURE, "figure")
    app.clientside_callback(
        function("choose"),
        Output(ids.sweep_control("ready"), "value"),
        Input({"type": ids.PAPER_CHOICE, "text": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(function("refocus"), Input(ids.PAPER_DRAWN, "data"))
    app.clientside_callback(
        function("open"),
        Output(ids.PAPER_GO, "href"),
        Input(ids.PAPER_FIGURE, "clickData"),
        figure,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("point"),
        Output(ids.PAPER_POINTED, "children"),
        Input(ids.PAPER_FIGURE, "hoverData"),
        figure,
        prevent_initial_call=True,
    )
