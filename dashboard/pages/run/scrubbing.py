"""Answering the time cursor and the choices of a reader: only what has changed is sent.

The browser asks for one view at a time (assets/js/pages/run): the latest one, once the answer to
the one before has arrived.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.run.moment_drawing import MomentDrawing
from dashboard.pages.run.time_drawing import TimeDrawing
from dashboard.runs import queries
from dashboard.runs.store import RunStore
from dashboard.urls import RunLimits, RunView
from simulation.archive import Run

TIME_FIGURES = (ids.LOSS, ids.SPARSIFICATION, ids.INFORMATION, ids.DECODING)
CLICKED = (*TIME_FIGURES, ids.PROBE, ids.MAPS, ids.POPULATION, ids.CORRELATION, ids.UNIT)
CHOICES = (
    ids.TIME_AXIS,
    ids.MAPS_VIEW,
    ids.MAPS_SORT,
    ids.MAPS_ROWS,
    ids.MAPS_SOURCE,
    ids.CORRELATION_KIND,
    ids.UNIT_CHOICE,
)
MOMENT_OUTPUTS = (
    (ids.MAPS, "figure"),
    (ids.MAPS_WORDS, "children"),
    (ids.POPULATION, "figure"),
    (ids.POPULATION_WORDS, "children"),
    (ids.SPECTRUM, "figure"),
    (ids.SPECTRUM_WORDS, "children"),
    (ids.CORRELATION, "figure"),
    (ids.UNIT, "figure"),
    (ids.UNIT_WORDS, "children"),
)


def register(app: Dash, store: RunStore) -> None:
    """Callbacks in the browser, and the one on the server that they ask."""
    _register_browser(app)

    @app.callback(
        *(Output(*output) for output in MOMENT_OUTPUTS),
        *(Output(name, "figure") for name in TIME_FIGURES),
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
    drawing = MomentDrawing(store, run, limits, view)
    return [
        *_maps(drawing, changed),
        *_population(drawing, changed),
        *_spectrum(drawing, changed),
        drawing.correlation() if changed & {"corr", "maps", "snapshots"} else no_update,
        *_unit(drawing, changed),
        *_time(store, run, limits, view, changed),
        {"seq": request["seq"], "view": request["view"], "snapshots": len(limits.steps)},
    ]


def read_view(view: dict[str, Any], limits: RunLimits) -> RunView:
    """A view that came from a browser, which may be anyone's."""
    texts = {key: str(value) for key, value in view.items() if value is not None}
    return urls.read_run_view(texts, limits)[0]


def _maps(drawing: MomentDrawing, changed: set[str]) -> tuple[Any, Any]:
    if changed & {"view", "rows", "maps", "sort", "unit"}:
        return drawing.maps()
    if changed & {"t", "snapshots"}:
        return drawing.scrubbed_maps()
    return no_update, no_update


def _population(drawing: MomentDrawing, changed: set[str]) -> tuple[Any, Any]:
    if changed & {"maps", "snapshots"}:
        return drawing.population()
    if changed & {"t", "unit"}:
        return drawing.scrubbed_population()
    return no_update, no_update


def _spectrum(drawing: MomentDrawing, changed: set[str]) -> tuple[Any, Any]:
    if "snapshots" in changed:
        return drawing.spectrum()
    if "t" in changed:
        return drawing.scrubbed_spectrum()
    return no_update, no_update


def _unit(drawing: MomentDrawing, changed: set[str]) -> tuple[Any, Any]:
    if changed & {"unit", "maps", "snapshots"}:
        return drawing.unit()
    if "t" in changed:
        return no_update, drawing.unit()[1]
    return no_update, no_update


def _time(
    store: RunStore, run: Run, limits: RunLimits, view: RunView, changed: set[str]
) -> list[Any]:
    if "x" not in changed:
        return [no_update] * len(TIME_FIGURES)
    time = TimeDrawing(run, limits, view.x, store.parent(run))
    spatial = [time.information(), time.decoding()]
    if not run.config.task.has_position:
        spatial = [no_update, no_update]
    return [time.loss(), time.sparsification(), *spatial]


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
        *(Input(name, "clickData") for name in CLICKED),
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
