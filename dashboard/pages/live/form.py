"""The form of /live at work: checked as one types, launched with one click."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids, urls
from dashboard.components.config_form import (
    problems_by_field,
    read_form,
    task_details,
    task_fields,
)
from dashboard.components.live_status import duration
from dashboard.estimate import estimate, read_speeds
from dashboard.limits import limits_in_words, live_fields, read_live
from dashboard.services import Services
from simulation.archive import Run
from simulation.config import FeedforwardConfig, RunConfig
from simulation.errors import ConfigError, DriftscapeError, UnknownRun

_ANY_FIELD = {"type": ids.LIVE_FIELD, "path": ALL}
_KIND = {"type": ids.LIVE_FIELD, "path": "task.kind"}
NAME_LENGTH = 80
LAUNCH, OPEN, WATCH = "Launch", "Open this run", "Watch this run"


def launch_panel(kind: str, services: Services) -> html.Section:
    """What the form amounts to, and the button that launches it."""
    return html.Section(
        [
            dcc.Store(id=ids.LIVE_KIND, data=kind),
            html.H2("This run"),
            html.Div(id=ids.LIVE_PREVIEW, className="summary", role="status"),
            dmc.TextInput(
                id=ids.LIVE_NAME,
                label="Name",
                placeholder="Optional",
                inputProps={"maxLength": NAME_LENGTH},
                autoComplete="off",
            ),
            html.Div(id=ids.LIVE_REFUSAL),
            dmc.Button(LAUNCH, id=ids.LIVE_LAUNCH, fullWidth=True, disabled=True),
            html.P(limits_in_words(services.settings), className="quiet"),
        ],
        className="live-card",
    )


def register(app: Dash, services: Services) -> None:
    """The callbacks of the form."""

    @app.callback(
        Output(ids.LIVE_TASK, "children"),
        Output(ids.LIVE_TASK_DETAILS, "children"),
        Output(ids.LIVE_KIND, "data"),
        Input(_KIND, "value"),
        State(_ANY_FIELD, "id"),
        State(_ANY_FIELD, "value"),
        State(ids.LIVE_KIND, "data"),
        prevent_initial_call=True,
    )
    def swap_task(kind: str, field_ids: Any, texts: Any, old_kind: str) -> tuple[Any, Any, str]:
        typed = read_form((field["path"] for field in field_ids), texts)
        defaults = {spec.path: spec.default for spec in live_fields(old_kind, services.settings)}
        kept = {path: value for path, value in typed.items() if value != defaults[path]}
        specs = live_fields(kind, services.settings)
        return task_fields(specs, kept), task_details(specs, kept), kind

    @app.callback(
        Output(_ANY_FIELD, "error"),
        Output(ids.LIVE_PREVIEW, "children"),
        Output(ids.LIVE_LAUNCH, "children"),
        Output(ids.LIVE_LAUNCH, "disabled"),
        Input(_ANY_FIELD, "value"),
        Input(ids.LIVE_NEWS, "data"),
        State(_ANY_FIELD, "id"),
    )
    def check(texts: Any, _: Any, field_ids: Any) -> tuple[Any, Any, str, bool]:
        paths = [field["path"] for field in field_ids]
        try:
            config = _read(paths, texts, services)
        except ConfigError as error:
            wrong = problems_by_field(error.problems, paths)
            return [wrong.get(path) for path in paths], _problems(wrong), LAUNCH, True
        existing = _existing(config, services)
        label = _label(existing)
        disabled = label == LAUNCH and not services.archive.writable
        return [None] * len(paths), _preview(config, existing, services), label, disabled

    @app.callback(
        Output(ids.LIVE_REFUSAL, "children"),
        Output(ids.LAUNCHED, "data"),
        Output(ids.LIVE_GO, "href"),
        Input(ids.LIVE_LAUNCH, "n_clicks"),
        State(_ANY_FIELD, "value"),
        State(_ANY_FIELD, "id"),
        State(ids.LIVE_NAME, "value"),
        running=[(Output(ids.LIVE_LAUNCH, "loading"), True, False)],
        prevent_initial_call=True,
    )
    def launch(clicks: int | None, texts: Any, field_ids: Any, name: str) -> tuple[Any, Any, Any]:
        if not clicks:
            raise PreventUpdate
        try:
            config = _read([field["path"] for field in field_ids], texts, services)
            run_id = services.launcher.launch(config, (name or "").strip()[:NAME_LENGTH])
        except DriftscapeError as error:
            return _refusal(error), no_update, no_update
        launched = run_id if services.launcher.is_active(run_id) else no_update
        return None, launched, urls.run_url(run_id)


def _read(paths: list[str], texts: list[Any], services: Services) -> RunConfig:
    return read_live(read_form(paths, texts), services.settings)


def _existing(config: RunConfig, services: Services) -> Run | None:
    try:
        return services.archive.open_run(config.run_id)
    except UnknownRun:
        return None


def _label(existing: Run | None) -> str:
    if existing is None:
        return LAUNCH
    if existing.status.in_progress:
        return WATCH
    return OPEN if existing.status.settled else LAUNCH


def _preview(config: RunConfig, existing: Run | None, services: Services) -> list[Any]:
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


def _problems(wrong: dict[str, str]) -> list[Any]:
    count = len(wrong)
    text = "One field needs another value." if count == 1 else f"{count} fields need other values."
    return [html.P(text), *([html.P(wrong[""])] if "" in wrong else [])]


def _read_only() -> html.P:
    return html.P("This archive is read-only: its runs can be opened, no new ones launched.")


def _refusal(error: DriftscapeError) -> dmc.Alert:
    return dmc.Alert(error.remedy, title=error.message, color="red", variant="light")


def _takes(config: RunConfig, services: Services) -> list[Any]:
    assert isinstance(config, FeedforwardConfig)
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
