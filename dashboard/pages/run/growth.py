"""A run in progress: its page grows with it, and becomes the finished page when it ends."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from dashboard.base import ids
from dashboard.pages.run.layout import facts, page_body, standing
from dashboard.pages.run.look import Look
from dashboard.pages.run.scrubbing import read_view
from dashboard.pages.run.sections import PANELS
from dashboard.runs import queries
from dashboard.runs.store import RunStore

GROWING = [panel for panel in PANELS if panel.grows]


def register(app: Dash, store: RunStore) -> None:
    """The interval that asks, one question at a time, and the answer."""
    app.clientside_callback(
        ClientsideFunction("run_page", "ask"),
        Output(ids.GROW_ASK, "data"),
        Input(ids.GROW_TICK, "n_intervals"),
        State(ids.GROW_ASK, "data"),
        State(ids.GROWN, "data"),
        State(ids.FACTS, "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(ids.RUN_PAGE, "children"),
        *(Output(panel.id, "figure", allow_duplicate=True) for panel in GROWING),
        Output(ids.FACTS, "data"),
        Output(ids.GROWN, "data"),
        Input(ids.GROW_ASK, "data"),
        State(ids.VIEW, "data"),
        State(ids.GROWN, "data"),
        State(ids.FACTS, "data"),
        prevent_initial_call=True,
    )
    def grow(
        ask: dict[str, Any], view: dict[str, Any], grown: dict[str, Any], known: dict[str, Any]
    ) -> list[Any]:
        return growth(store, ask, view, grown, known)


def growth(
    store: RunStore,
    ask: dict[str, Any],
    view: dict[str, Any],
    grown: dict[str, Any],
    known: dict[str, Any],
) -> list[Any]:
    """What is new since the browser last asked: curve points, snapshots, or another page."""
    run = store.open(ask["run"])
    limits = queries.limits(run)
    look = Look(store, run, limits, read_view(view, limits))
    there = standing(look)
    if there != grown["panels"]:
        return [page_body(look), *(no_update for _ in GROWING), no_update, no_update]
    rows = len(run.curves(["step"]))
    more = rows != grown["rows"]
    points = [
        panel.grown(look) if more and not panel.missing(look) else no_update for panel in GROWING
    ]
    news = facts(look, known["layout"])
    answered = {"seq": ask["seq"], "rows": rows, "panels": there}
    return [no_update, *points, news if news != known else no_update, answered]
