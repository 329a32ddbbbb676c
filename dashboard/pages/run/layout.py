"""The run page, rendered in the view that its link asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from dash import dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.base.states import note
from dashboard.jobs.live_status import live_status
from dashboard.pages.run.across_panels import across_section
from dashboard.pages.run.cursor_bar import cursor_bar
from dashboard.pages.run.moment_drawing import MomentDrawing
from dashboard.pages.run.moment_panels import moment_missing, moment_section
from dashboard.pages.run.probe_drawing import ProbeDrawing
from dashboard.pages.run.probe_panels import probe_section
from dashboard.pages.run.time_drawing import TimeDrawing
from dashboard.pages.run.time_panels import time_section
from dashboard.runs import queries
from dashboard.runs.header import run_header
from dashboard.runs.lineage import lineage
from dashboard.runs.store import RunStore
from dashboard.urls import RunLimits, RunView
from simulation.archive import Run

GROW_MS = 500


def page_layout(store: RunStore, run: Run, query: Mapping[str, Any]) -> html.Div:
    """The whole page of `run`; `query` is its link's."""
    limits = queries.limits(run)
    view, notes = urls.read_run_view(query, limits)
    remarks = []
    if notes:
        title = "Part of the link could not be used; the rest is shown"
        remarks = [note([f"{text[0].upper()}{text[1:]}." for text in notes], title=title)]
    return html.Div(
        [*remarks, html.Div(page_body(store, run, limits, view), id=ids.RUN_PAGE)],
        className="run",
    )


def page_body(store: RunStore, run: Run, limits: RunLimits, view: RunView) -> list[Any]:
    """Everything but the remarks on the link; rendered anew when a run in progress ends."""
    growing = run.status.in_progress
    time = TimeDrawing(run, limits, view.x, store.parent(run))
    return [
        *page_state(run, limits, view, time),
        run_header(run, lineage(run, store.parent(run), store.archive.children(run.run_id))),
        *([live_status(run)] if growing else []),
        time_section(run, time, view),
        probe_section(ProbeDrawing(run, time)),
        *_moment(store, run, limits, view),
    ]


def page_state(run: Run, limits: RunLimits, view: RunView, time: TimeDrawing) -> list[Any]:
    """What the browser holds: the view, what it may choose from, and what has been drawn."""
    growing = run.status.in_progress
    shown = {"seq": 0, "view": asdict(view), "snapshots": len(limits.steps)}
    grown = {"seq": 0, "rows": len(run.curves(["step"])), "panels": panels(run, limits)}
    return [
        dcc.Store(id=ids.VIEW, data=asdict(view)),
        dcc.Store(id=ids.FACTS, data=facts(run, limits, time, uuid4().hex)),
        dcc.Store(id=ids.REQUEST, data={"seq": 0}),
        dcc.Store(id=ids.SHOWN, data=shown),
        dcc.Store(id=ids.GROW_ASK, data={"seq": 0}),
        dcc.Store(id=ids.GROWN, data=grown),
        dcc.Interval(id=ids.GROW_TICK, interval=GROW_MS, disabled=not growing),
    ]


def facts(run: Run, limits: RunLimits, time: TimeDrawing, layout: str) -> dict[str, Any]:
    """What the browser needs to know to move the cursor and to write the link by itself.

    `layout` tells it whether this is the page that it knows.
    """
    return {
        "layout": layout,
        "run": run.run_id,
        "steps": list(limits.steps),
        "standard": asdict(limits.default_view()),
        "phases": [time.phases.learning_end, time.phases.stationary_from],
        "steady": time.phases.name("null").lower(),
    }


def panels(run: Run, limits: RunLimits) -> list[bool]:
    """Which panels have something to draw; the page is laid out anew when this changes."""
    return [
        run.status.in_progress,
        len(run.curves(["step"])) > 0,
        len(limits.steps) > 0,
        len(limits.steps) > 1,
        len(run.spectrum_steps()) > 0,
    ]


def _moment(store: RunStore, run: Run, limits: RunLimits, view: RunView) -> list[Any]:
    if limits.steps:
        drawing = MomentDrawing(store, run, limits, view)
        return [moment_section(drawing), across_section(drawing), cursor_bar(limits, view)]
    text = (
        "Rate maps and everything else about single moments appear with the first snapshot."
        if run.status.in_progress
        else "This run ended before its first snapshot, so there is nothing to show of single "
        "moments."
    )
    return [moment_missing(text)]
