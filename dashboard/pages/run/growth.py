"""A run in progress: its page grows with it, and becomes the finished page when it ends."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, Patch, State, no_update

from dashboard.base import ids
from dashboard.base.packed import packed
from dashboard.pages.run.layout import facts, page_body, panels
from dashboard.pages.run.scrubbing import TIME_FIGURES, read_view
from dashboard.pages.run.time_drawing import TimeDrawing
from dashboard.runs import queries
from dashboard.runs.store import RunStore


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
        *(Output(name, "figure", allow_duplicate=True) for name in TIME_FIGURES),
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
    now = read_view(view, limits)
    there = panels(run, limits)
    nothing = [no_update] * len(TIME_FIGURES)
    if there != grown["panels"]:
        return [page_body(store, run, limits, now), *nothing, no_update, no_update]
    rows = len(run.curves(["step"]))
    answered = {"seq": ask["seq"], "rows": rows, "panels": there}
    time = TimeDrawing(run, limits, now.x, store.parent(run))
    curves = _new_points(time) if rows != grown["rows"] else nothing
    news = facts(run, limits, time, known["layout"])
    return [no_update, *curves, news if news != known else no_update, answered]


def _new_points(time: TimeDrawing) -> list[Any]:
    """The curves as they are now; everything else about the figures, their zoom too, stays."""
    x = packed(time.axis.place(time.curves["step"]))
    columns = (
        ("log10_normalized_loss",),
        ("active_units", "active_fraction"),
        ("mean_spatial_information_bits",),
    )
    patches = []
    for names in columns:
        patch = Patch()
        for index, name in enumerate(names):
            patch["data"][index]["x"] = x
            patch["data"][index]["y"] = packed(time.curves[name].to_numpy())
        patches.append(patch)
    decoding = Patch()
    decoding["data"][0]["x"] = packed(time.axis.place(time.snapshots["step"]))
    decoding["data"][0]["y"] = packed(time.snapshots["position_error"].to_numpy())
    if not time.run.config.task.has_position:
        return [*patches[:2], no_update, no_update]
    return [*patches, decoding]
