"""/live: choose a configuration, launch it, see what runs now."""

from __future__ import annotations

from typing import Any

import dash
from dash import Dash, dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.base.aria import aria
from dashboard.base.states import note
from dashboard.jobs.forks import Fork, forks_of
from dashboard.jobs.limits import live_fields
from dashboard.pages.live import form, runs
from dashboard.pages.live.config_form import config_form, form_values
from dashboard.pages.live.presets import PRESETS
from dashboard.pages.live.start import Start, read_start
from dashboard.services import Services

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
    config = start.config
    specs = live_fields(config.kinds(), services.settings, config.parent.step)
    return html.Div(
        [
            html.H1("Live run"),
            html.P(LEAD, className="lead"),
            *_notes(start),
            form.origin_panel(config),
            html.Nav(
                _presets(start, services), className="presets", **aria(label="Runs to start from")
            ),
            html.Div(
                [
                    config_form(specs, form_values(config)),
                    html.Aside(
                        [form.launch_panel(config, services), runs.panel()],
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
    if start.run is not None and not start.config.parent.run:
        source = start.run.name or start.run.run_id
        link = dcc.Link(source, href=urls.run_url(start.run.run_id))
        parts.append(html.P(["Filled in from ", link, "."], className="quiet"))
    if start.notes:
        parts.append(note(start.notes, title="Not everything in the link could be used"))
    return parts


def _presets(start: Start, services: Services) -> list[dcc.Link]:
    """What to start from; of a run with a parent: what to change at the snapshot."""
    config = start.config
    if start.parent is None:
        return [
            _preset(preset.title, preset.sentence, preset.link, preset.config == config)
            for preset in PRESETS
        ]
    return [
        _preset(fork.title, _sentence(fork), fork.link, fork.config == config)
        for fork in forks_of(start.parent, config.parent.step, services.settings)
    ]


def _sentence(fork: Fork) -> str:
    changes = fork.changes or "nothing changes"
    return f"{changes[0].upper()}{changes[1:]}; to step {fork.config.schedule.steps:,}."


def _preset(title: str, sentence: str, link: str, is_current: bool) -> dcc.Link:
    return dcc.Link(
        [html.Strong(title), html.Span(sentence)],
        href=link,
        className="preset preset-current" if is_current else "preset",
    )
