"""The page: the runs, their curves panel by panel, where they differ, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.base.aria import aria
from dashboard.base.controls import choice
from dashboard.base.copy_link import copy_link
from dashboard.base.panel import panel
from dashboard.base.states import link_button, note
from dashboard.pages.compare.comparison import (
    Member,
    differences,
    differences_in_words,
    open_members,
)
from dashboard.pages.compare.drawing import CompareDrawing
from dashboard.pages.compare.grid import panels
from dashboard.pages.compare.members import add_form, members_list
from dashboard.pages.compare.tables import (
    OUTCOMES_CAPTION,
    differences_table,
    outcomes_table,
)
from dashboard.runs.store import RunStore

LEAD = (
    "Up to twelve runs over one time axis: what each of them did, where they differ, and what "
    "came of it."
)
CURSOR_CAPTION = (
    "Under each panel: the values at the time cursor; “(end)” marks the last value of a run that "
    "ended before it. A click on a curve takes the cursor there."
)
GROW_MS = 2_000
SIDE_BY_SIDE = 3
"""With so few runs both tables fit beside each other."""


def page_layout(store: RunStore, query: Mapping[str, Any]) -> html.Div:
    """The page for a link's query."""
    view, notes = urls.read_compare_view(query)
    members, missing = open_members(store, view.runs)
    remarks = [f"{text[0].upper()}{text[1:]}." for text in notes] + missing
    title = "Not everything in the link could be used; the rest is shown"
    drawing = CompareDrawing(members, view)
    body = _comparison(drawing) if members else [_nothing_yet()]
    return html.Div(
        [
            _head(members),
            *([note(remarks, title=title)] if remarks else []),
            *([members_list(members)] if members else []),
            add_form(store.archive, members),
            *body,
            dcc.Store(id=ids.COMPARE_FACTS, data=drawing.facts()),
            dcc.Location(id=ids.COMPARE_GO, refresh="callback-nav"),
        ],
        className="compare",
        **_whose(members),
    )


def _whose(members: Sequence[Member]) -> dict[str, Any]:
    """Tells answers that come late whether this is the page they are for."""
    return {"data-run": ",".join(member.run.run_id for member in members)}


def _head(members: Sequence[Member]) -> html.Header:
    lead = LEAD
    if len(members) > 1:
        lead = differences_in_words(differences([member.run.config for member in members]))
    elif members:
        lead = "One run so far. Add another to see where they differ."
    return html.Header(
        [
            html.Div([html.H1("Compare runs"), copy_link()], className="page-title"),
            html.P(lead, className="lead"),
        ]
    )


def _nothing_yet() -> html.Section:
    return html.Section(
        [
            html.H2("Nothing to compare yet"),
            html.P(
                "Add a run above. Every run page has a button that starts a comparison with that "
                "run, and what is selected in a sweep opens here, too.",
                className="quiet",
            ),
            html.Div([link_button("Go to the overview", urls.OVERVIEW)], className="actions"),
        ],
        className="panel empty",
    )


def _comparison(drawing: CompareDrawing) -> list[Any]:
    members = drawing.members
    found = differences([member.run.config for member in members])
    differing = [differences_table(members, found)] if found else []
    results = html.Div(outcomes_table(members), id=ids.COMPARE_OUTCOMES)
    narrow = " compare-tables-narrow" if found and len(members) <= SIDE_BY_SIDE else ""
    return [
        *_state(drawing),
        _over_training(drawing),
        html.Div(
            [*differing, panel("What came of them", results, OUTCOMES_CAPTION)],
            className=f"compare-tables{narrow}",
        ),
        _cursor_bar(drawing),
    ]


def _state(drawing: CompareDrawing) -> list[Any]:
    return [
        dcc.Store(id=ids.COMPARE_ASK),
        dcc.Interval(id=ids.COMPARE_TICK, interval=GROW_MS, disabled=not drawing.growing),
        html.P(standing(drawing.members), id=ids.COMPARE_STANDING, className="words"),
    ]


def standing(members: Sequence[Member]) -> str:
    """How far runs in progress have come; empty without any."""
    return " ".join(
        f"{member.letter} is in progress, {progress.share:.0%} done."
        for member in members
        if (progress := member.run.progress)
    )


def _over_training(drawing: CompareDrawing) -> html.Section:
    axes = {"log": "log time", "linear": "linear"}
    axis = choice(ids.COMPARE_AXIS, "Time axis", axes, drawing.view.x)
    return html.Section(
        [
            html.Div([html.H2("Over training"), axis], className="section-head"),
            html.P(CURSOR_CAPTION, className="caption compare-hint"),
            html.Div(panels(drawing), id=ids.COMPARE_PANELS, className="grid grid-2"),
        ]
    )


def _cursor_bar(drawing: CompareDrawing) -> html.Div:
    last = len(drawing.cursor_steps) - 1
    slider = dmc.Slider(
        id=ids.COMPARE_CURSOR,
        min=0,
        max=max(last, 1),
        value=drawing.cursor_index,
        step=1,
        updatemode="drag",
        label=None,
        disabled=last < 1,
        thumbLabel="Step under the time cursor",
        size="sm",
        thumbSize=18,
        className="cursor-slider",
    )
    moment = html.Output("", id=ids.COMPARE_MOMENT, className="cursor-moment")
    return html.Div(
        html.Div([slider, moment], className="compare-cursor"),
        className="cursor-bar",
        role="group",
        **aria(label="Time cursor"),
    )
