"""The probe's figures follow the time axis and, in a run in progress, its snapshots."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, no_update

from dashboard.base import ids
from dashboard.pages.run.probe_drawing import ProbeDrawing
from dashboard.pages.run.time_drawing import TimeDrawing
from dashboard.runs import queries
from dashboard.runs.store import RunStore


def register(app: Dash, store: RunStore) -> None:
    """The figures anew where there is something new to draw; nothing in a run without a probe."""

    @app.callback(
        Output(ids.PROBE, "figure"),
        Output(ids.PROBE_FLATNESS, "figure"),
        Output(ids.PROBE_WORDS, "children"),
        Input(ids.TIME_AXIS, "value"),
        Input(ids.FACTS, "data"),
        prevent_initial_call=True,
    )
    def draw(axis: str, facts: dict[str, Any]) -> list[Any]:
        return redrawn(store, axis, facts)


def redrawn(store: RunStore, axis: str, facts: dict[str, Any]) -> list[Any]:
    """Figures and words for a time axis of `log` or `linear`."""
    run = store.open(facts["run"])
    limits = queries.limits(run)
    kind = axis if axis in ("log", "linear") else limits.default_view().x
    drawing = ProbeDrawing(run, TimeDrawing(run, limits, kind, store.parent(run)))
    if drawing.probes.empty:
        return [no_update] * 3
    return [drawing.over_training(), drawing.flatness(), drawing.words()]
