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
from dashboard.pages.run.cursor_bar import cursor_bar
from dashboard.pages.run.look import Look
from dashboard.pages.run.sections import PANELS, SECTIONS
from dashboard.runs import queries
from dashboard.runs.header import run_header
from dashboard.runs.lineage import lineage
from dashboard.runs.store import RunStore
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
    body = page_body(Look(store, run, limits, view))
    return html.Div([*remarks, html.Div(body, id=ids.RUN_PAGE)], className="run")


def page_body(look: Look) -> list[Any]:
    """Everything but the remarks on the link; rendered anew when a run in progress ends."""
    store, run = look.store, look.run
    return [
        *page_state(look),
        run_header(run, lineage(run, store.parent(run), store.archive.children(run.run_id))),
        *([live_status(run)] if run.status.in_progress else []),
        *(section.layout(look) for section in SECTIONS),
        cursor_bar(look.limits, look.view),
    ]


def page_state(look: Look) -> list[Any]:
    """What the browser holds: the view, what it may choose from, and what has been drawn."""
    run, view = look.run, asdict(look.view)
    shown = {"seq": 0, "view": view, "snapshots": len(look.limits.steps)}
    grown = {"seq": 0, "rows": len(run.curves(["step"])), "panels": standing(look)}
    return [
        dcc.Store(id=ids.VIEW, data=view),
        dcc.Store(id=ids.FACTS, data=facts(look, uuid4().hex)),
        dcc.Store(id=ids.REQUEST, data={"seq": 0}),
        dcc.Store(id=ids.SHOWN, data=shown),
        dcc.Store(id=ids.GROW_ASK, data={"seq": 0}),
        dcc.Store(id=ids.GROWN, data=grown),
        dcc.Interval(id=ids.GROW_TICK, interval=GROW_MS, disabled=not run.status.in_progress),
    ]


def facts(look: Look, layout: str) -> dict[str, Any]:
    """What the browser needs to know to move the cursor and to write the link by itself.

    `layout` tells it whether this is the page that it knows.
    """
    phases = look.time.phases
    return {
        "layout": layout,
        "run": look.run.run_id,
        "steps": list(look.limits.steps),
        "standard": asdict(look.limits.default_view()),
        "phases": [phases.learning_end, phases.stationary_from],
        "steady": phases.name("null").lower(),
        "clicks": {panel.id: panel.clicked for panel in PANELS if panel.clicked},
    }


def standing(look: Look) -> list[bool]:
    """Whether the run goes on, and which panels have something to draw.

    The page is laid out anew when this changes.
    """
    there = [part for section in SECTIONS for part in section.standing(look)]
    return [look.run.status.in_progress, *there]
