"""Answering the time cursor and the choices of a reader: only what has changed is sent.

The browser asks for one view at a time (assets/js/pages/run): the latest one, once the answer to
the one before has arrived.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.run.look import Look
from dashboard.pages.run.sections import PANELS, SECTIONS
from dashboard.runs import queries
from dashboard.runs.store import RunStore
from dashboard.urls import RunLimits, RunView

CHOICES = (ids.TIME_AXIS, *(name for panel in PANELS for name in panel.choices))
OUTPUTS = [output for panel in PANELS for output in panel.outputs]


def register(app: Dash, store: RunStore) -> None:
    """Callbacks in the browser, and the one on the server that they ask."""
    _register_browser(app)

    @app.callback(
        *(Output(*output) for output in OUTPUTS),
        Output(ids.SHOWN, "data"),
        Input(ids.REQUEST, "data"),
        prevent_initial_call=True,
    )
    def draw(request: dict[str, Any]) -> list[Any]:
        return answer(store, request)


def answer(store: RunStore, request: dict[str, Any]) -> list[Any]:
    """What changes on the page from the view `before` to the view asked for.

    `request`: seq, run, view, before, snapshots (known to the browser), snapshots_before.
    """
    run = store.open(request["run"])
    limits = queries.limits(run)
    view = read_view(request["view"], limits)
    changed = {key for key, value in asdict(view).items() if value != request["before"].get(key)}
    if len(limits.steps) != request["snapshots_before"]:
        changed.add("snapshots")
    look = Look(store, run, limits, view)
    return [
        *(value for section in SECTIONS for value in section.answer(look, changed)),
        {"seq": request["seq"], "view": request["view"], "snapshots": len(limits.steps)},
    ]


def read_view(view: dict[str, Any], limits: RunLimits) -> RunView:
    """A view that came from a browser, which may be anyone's."""
    texts = {key: str(value) for key, value in view.items() if value is not None}
    return urls.read_run_view(texts, limits)[0]


def _register_browser(app: Dash) -> None:
    function = partial(ClientsideFunction, "run_page")

    app.clientside_callback(
        function("choose"),
        Output(ids.VIEW, "data"),
        Input(ids.CURSOR, "value"),
        Input(ids.STEP_BACK, "n_clicks"),
        Input(ids.STEP_FORWARD, "n_clicks"),
        Input(ids.PLAY_TICK, "n_intervals"),
        *(Input(name, "value") for name in CHOICES),
        *(Input(panel.id, "clickData") for panel in PANELS if panel.clicked),
        State(ids.FACTS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("follow"),
        Output(ids.MOMENT, "children"),
        Input(ids.VIEW, "data"),
        Input(ids.FACTS, "data"),
        Input(ids.SHOWN, "data"),
        State(ids.REQUEST, "data"),
    )
    app.clientside_callback(
        function("play"),
        Output(ids.PLAY_TICK, "disabled"),
        Input(ids.PLAY, "n_clicks"),
        State(ids.PLAY_TICK, "disabled"),
        State(ids.FACTS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("show_playing"),
        Output(ids.PLAY_ICON, "className"),
        Output(ids.PLAY, "title"),
        Input(ids.PLAY_TICK, "disabled"),
    )
