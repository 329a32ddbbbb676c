"""/live: choose a configuration, launch it, see what runs now."""

from __future__ import annotations

from typing import Any

import dash
from dash import Dash, dcc, html

from dashboard import ids, urls
from dashboard.components.aria import aria
from dashboard.components.config_form import config_form, form_values
from dashboard.components.states import note
from dashboard.limits import live_fields
from dashboard.pages.live import form, runs
from dashboard.pages.live.presets import PRESETS, Preset
from dashboard.pages.live.start import Start, read_start
from dashboard.services import Services
from simulation.config import RunConfig

LEAD = (
    "Train a network now and watch its tuning change, point by point. The run gets a link of its "
    "own that anyone can watch, and it stays in the archive."
)


def register(app: Dash, services: Services) -> None:
    """Register the page and its callbacks."""
    form.register(app, services)
    runs.register(app, services)

    def layout(**query: str | list[str]) -> html.Div:
        return _layout(read_start(query, services.archive), services)

    dash.register_page("live", path=urls.LIVE, title="Live run · Driftscape", layout=layout)


def _layout(start: Start, services: Services) -> html.Div:
    kind = start.config.task.kind
    return html.Div(
        [
            html.H1("Live run"),
            html.P(LEAD, className="lead"),
            *_notes(start),
            html.Nav(
                [_preset(preset, start.config) for preset in PRESETS],
                className="presets",
                **aria(label="Runs to start from"),
            ),
            html.Div(
                [
                    config_form(live_fields(kind, services.settings), form_values(start.config)),
                    html.Aside(
                        [form.launch_panel(kind, services), runs.panel()],
                        className="live-side",
                    ),
                ],
                className="live-columns",
            ),
            dcc.Location(id=ids.LIVE_GO, refresh="callback-nav"),
            # loads the plotting library while one reads, so that the first points appear at once
            html.Div(dcc.Graph(), hidden=True),
        ],
        className="live",
    )


def _notes(start: Start) -> list[Any]:
    parts: list[Any] = []
    if start.run is not None:
        source = start.run.name or start.run.run_id
        link = dcc.Link(source, href=urls.run_url(start.run.run_id))
        parts.append(html.P(["Filled in from ", link, "."], className="quiet"))
    if start.notes:
        parts.append(note(start.notes, title="Not everything in the link could be used"))
    return parts


def _preset(preset: Preset, chosen: RunConfig) -> dcc.Link:
    current = {"aria-current": "true"} if preset.config == chosen else {}
    return dcc.Link(
        [html.Strong(preset.title), html.Span(preset.sentence)],
        href=urls.live_url(values=preset.values),
        className="preset preset-current" if current else "preset",
    )
