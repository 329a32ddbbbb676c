"""The form of /live at work: checked as one types, launched with one click."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, dcc, html, no_update, set_props
from dash.exceptions import PreventUpdate

from dashboard import urls
from dashboard.base import ids
from dashboard.jobs.forks import NAME_LENGTH
from dashboard.jobs.limits import limits_in_words, live_fields, read_live
from dashboard.pages.live.config_form import (
    KIND_FIELDS,
    form_parts,
    problems_by_field,
    read_form,
    rule_choice,
)
from dashboard.pages.live.preview import (
    LAUNCH,
    button_label,
    existing_run,
    preview,
    problems_in_words,
    refusal,
)
from dashboard.runs.lineage import origin
from dashboard.services import Services
from simulation.config import RunConfig, fields
from simulation.errors import ConfigError, DriftscapeError
from simulation.running.lineage import COMES_WITH_WEIGHTS, check_parent

_ANY_FIELD = {"type": ids.LIVE_FIELD, "path": ALL}
_KINDS = [{"type": ids.LIVE_FIELD, "path": path} for path in KIND_FIELDS]
_RULE = {"type": ids.LIVE_FIELD, "path": "rule.kind"}
Parent = dict[str, Any] | None
"""Fields of a run with a parent that are not in the form: the snapshot, said as a sentence, and
what comes with its weights; None: from scratch."""


def origin_panel(config: RunConfig) -> html.Section:
    """The snapshot that the run starts from, and a way to start from scratch instead."""
    hidden = ("parent.run", "parent.step", *COMES_WITH_WEIGHTS)
    parent = {path: value for path, value in config.values().items() if path in hidden}
    has_parent = bool(config.parent.run)
    return html.Section(
        [
            dcc.Store(id=ids.LIVE_PARENT, data=parent if has_parent else None),
            html.P(id=ids.LIVE_ORIGIN_WORDS),
            html.Button(
                "Start from scratch instead",
                id=ids.LIVE_FROM_SCRATCH,
                n_clicks=0,
                type="button",
                className="button",
            ),
        ],
        id=ids.LIVE_ORIGIN,
        className="live-card live-origin",
        hidden=not has_parent,
    )


def launch_panel(config: RunConfig, services: Services) -> html.Section:
    """What the form amounts to, and the button that launches it."""
    return html.Section(
        [
            dcc.Store(id=ids.LIVE_KINDS, data=config.kinds()),
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
        Output(ids.LIVE_NETWORK, "children"),
        Output(ids.LIVE_RULE, "children"),
        Output(ids.LIVE_MORE, "children"),
        Output(ids.LIVE_TASK_DETAILS, "children"),
        Output(ids.LIVE_REST, "children"),
        Output(ids.LIVE_KINDS, "data"),
        *(Input(kind, "value") for kind in _KINDS),
        State(_ANY_FIELD, "id"),
        State(_ANY_FIELD, "value"),
        State(ids.LIVE_KINDS, "data"),
        State(ids.LIVE_PARENT, "data"),
        prevent_initial_call=True,
    )
    def swap(
        task: str, rule: str, field_ids: Any, texts: Any, old: dict[str, str], parent: Parent
    ) -> tuple[Any, ...]:
        kinds = kinds_after(old, task, rule)
        if kinds == old:
            raise PreventUpdate
        typed = read_form((field["path"] for field in field_ids), texts)
        values = kept_values(typed, old) | kinds | (parent or {})
        specs = live_fields(kinds, services.settings, parent["parent.step"] if parent else 0)
        if kinds["model"] != old["model"]:  # no output: Dash cannot name an id with a dot in one
            set_props(_RULE, rule_choice(specs, kinds["rule.kind"]))
        return *form_parts(specs, values), kinds

    @app.callback(
        Output(ids.LIVE_PARENT, "data"),
        Output(ids.LIVE_ORIGIN, "hidden"),
        Output(ids.LIVE_NETWORK, "children", allow_duplicate=True),
        Input(ids.LIVE_FROM_SCRATCH, "n_clicks"),
        State(_ANY_FIELD, "id"),
        State(_ANY_FIELD, "value"),
        State(ids.LIVE_KINDS, "data"),
        State(ids.LIVE_PARENT, "data"),
        prevent_initial_call=True,
    )
    def start_from_scratch(
        clicks: int | None, field_ids: Any, texts: Any, kinds: dict[str, str], parent: Parent
    ) -> tuple[None, bool, list[Any]]:
        if not clicks:
            raise PreventUpdate
        typed = read_form((field["path"] for field in field_ids), texts)
        inherited = {path: (parent or {}).get(path) for path in COMES_WITH_WEIGHTS}
        known = {path: value for path, value in inherited.items() if value is not None}
        _, network, *_ = form_parts(live_fields(kinds, services.settings), typed | kinds | known)
        return None, True, network

    @app.callback(
        Output(_ANY_FIELD, "error"),
        Output(ids.LIVE_PREVIEW, "children"),
        Output(ids.LIVE_LAUNCH, "children"),
        Output(ids.LIVE_LAUNCH, "disabled"),
        Output(ids.LIVE_ORIGIN_WORDS, "children"),
        Input(_ANY_FIELD, "value"),
        Input(ids.LIVE_NEWS, "data"),
        Input(ids.LIVE_PARENT, "data"),
        State(_ANY_FIELD, "id"),
    )
    def check(
        texts: Any, _: Any, parent: Parent, field_ids: Any
    ) -> tuple[Any, Any, str, bool, Any]:
        paths = [field["path"] for field in field_ids]
        try:
            config = _read(paths, texts, parent, services)
            words = _origin(config, services)
        except ConfigError as error:
            wrong = problems_by_field(error.problems, paths)
            errors = [wrong.get(path) for path in paths]
            return errors, problems_in_words(wrong), LAUNCH, True, _origin_unclear(parent)
        except DriftscapeError as error:
            said = problems_in_words({"": str(error)})
            return [None] * len(paths), said, LAUNCH, True, _origin_unclear(parent)
        existing = existing_run(config, services)
        label = button_label(existing)
        disabled = label == LAUNCH and not services.archive.writable
        return [None] * len(paths), preview(config, existing, services), label, disabled, words

    @app.callback(
        Output(ids.LIVE_REFUSAL, "children"),
        Output(ids.LAUNCHED, "data"),
        Output(ids.LIVE_GO, "href"),
        Input(ids.LIVE_LAUNCH, "n_clicks"),
        State(_ANY_FIELD, "value"),
        State(_ANY_FIELD, "id"),
        State(ids.LIVE_PARENT, "data"),
        State(ids.LIVE_NAME, "value"),
        running=[(Output(ids.LIVE_LAUNCH, "loading"), True, False)],
        prevent_initial_call=True,
    )
    def launch(
        clicks: int | None, texts: Any, field_ids: Any, parent: Parent, name: str
    ) -> tuple[Any, Any, Any]:
        if not clicks:
            raise PreventUpdate
        try:
            config = _read([field["path"] for field in field_ids], texts, parent, services)
            run_id = services.launcher.launch(config, (name or "").strip()[:NAME_LENGTH])
        except DriftscapeError as error:
            return refusal(error), no_update, no_update
        launched = run_id if services.launcher.is_active(run_id) else no_update
        return None, launched, urls.run_url(run_id)


def kinds_after(old: dict[str, str], task: str, rule: str) -> dict[str, str]:
    """The kinds once a task or a rule has been chosen: a task of another model brings its rule."""
    changes = {"task.kind": task} if task != old["task.kind"] else {"rule.kind": rule}
    return RunConfig.parse(old).with_values(changes).kinds()


def kept_values(typed: dict[str, Any], kinds: dict[str, str]) -> dict[str, Any]:
    """What was set by hand: everything that is not the default of a form of these kinds."""
    defaults = {spec.path: spec.default for spec in fields(kinds)}
    return {path: value for path, value in typed.items() if value != defaults[path]}


def _read(paths: list[str], texts: list[Any], parent: Parent, services: Services) -> RunConfig:
    typed = read_form(paths, texts)
    kinds = {path: str(typed[path]) for path in KIND_FIELDS if path in typed}
    known = {spec.path for spec in fields(kinds)}
    inherited = {path: value for path, value in (parent or {}).items() if path in known}
    return read_live(typed | inherited, services.settings)


def _origin(config: RunConfig, services: Services) -> list[Any]:
    return origin(config, check_parent(config, services.archive)) if config.parent.run else []


def _origin_unclear(parent: Parent) -> list[Any]:
    if not parent:
        return []
    run_id, step = parent["parent.run"], parent["parent.step"]
    return ["Starts from run ", dcc.Link(run_id, href=urls.run_url(run_id)), f", step {step:,}."]
