"""What the form of a live run amounts to, in words: the run, or what keeps it from being one."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import urls
from dashboard.jobs.estimate import estimate, read_speeds
from dashboard.jobs.live_status import duration
from dashboard.services import Services
from simulation.archive import Run
from simulation.config import RunConfig
from simulation.errors import DriftscapeError, UnknownRun

LAUNCH, OPEN, WATCH = "Launch", "Open this run", "Watch this run"


def existing_run(config: RunConfig, services: Services) -> Run | None:
    """The run of this configuration, if there is one."""
    try:
        return services.archive.open_run(config.run_id)
    except UnknownRun:
        return None


def button_label(existing: Run | None) -> str:
    """What the button does, given the run that is there already."""
    if existing is None:
        return LAUNCH
    if existing.status.in_progress:
        return WATCH
    return OPEN if existing.status.settled else LAUNCH


def preview(config: RunConfig, existing: Run | None, services: Services) -> list[Any]:
    """What would run, how long it takes, and whether it is there already."""
    return [
        html.Ul([html.Li(part) for part in config.in_words().split(" · ")]),
        html.Dl(
            [
                *_fact("Parameters", f"{config.parameter_count:,}"),
                *_fact("Takes", _takes(config, services)),
                *_fact("Run id", html.Code(config.run_id)),
            ]
        ),
        *_about_existing(existing),
        *([] if services.archive.writable else [_read_only()]),
    ]


def _fact(term: str, value: Any) -> tuple[html.Dt, html.Dd]:
    return html.Dt(term), html.Dd(value)


def _about_existing(existing: Run | None) -> list[Any]:
    if existing is None:
        return []
    status = existing.status
    link = dcc.Link("Open it", href=urls.run_url(existing.run_id))
    if status.in_progress:
        return [html.P("This very run is in progress already: the same link watches it.")]
    if status.settled:
        return [html.P(["This very run is in the archive. ", link])]
    reached = existing.record.get("steps_reached")
    until = f" at step {reached:,}" if reached else ""
    return [html.P([f"An earlier one ended early{until}. ", link, ", or launch it again."])]


def problems_in_words(wrong: dict[str, str]) -> list[Any]:
    """How many fields are wrong (they say how), and what belongs to no field, under ''."""
    count = len(wrong.keys() - {""})
    text = "One field needs another value." if count == 1 else f"{count} fields need other values."
    return [html.P(line) for line in (text if count else "", wrong.get("")) if line]


def _read_only() -> html.P:
    return html.P("This archive is read-only: its runs can be opened, no new ones launched.")


def refusal(error: DriftscapeError) -> dmc.Alert:
    """Why it could not be launched."""
    return dmc.Alert(error.remedy, title=error.message, color="red", variant="light")


def _takes(config: RunConfig, services: Services) -> list[Any]:
    seconds = estimate(config, read_speeds(services.settings.cache_path))
    if seconds is None:
        return ["unknown yet", _aside("This machine's speed is being measured.")]
    limit = services.settings.max_live_seconds
    ends = f" The run ends after {duration(limit)}, unfinished." if seconds > limit else ""
    return [
        f"about {duration(seconds)}",
        _aside(f"From speeds measured here; less once units fall silent.{ends}"),
    ]


def _aside(text: str) -> html.Span:
    return html.Span(text, className="quiet")
