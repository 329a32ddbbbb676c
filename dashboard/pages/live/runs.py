"""The runs that are queued or running now: how far they are, links to watch, buttons to stop."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import urls
from dashboard.base import ids
from dashboard.base.aria import aria
from dashboard.jobs.estimate import read_speeds
from dashboard.jobs.live_status import Standing, standing
from dashboard.services import Services
from simulation.archive import Run

INTERVAL_MS = 1_000


def panel() -> html.Section:
    """The list; it keeps itself up to date."""
    return html.Section(
        [
            html.H2("In progress"),
            html.Div(id=ids.LIVE_RUNS),
            dcc.Store(id=ids.LIVE_NEWS),
            dcc.Interval(id=ids.LIVE_RUNS_TICK, interval=INTERVAL_MS),
        ],
        className="live-card",
    )


def register(app: Dash, services: Services) -> None:
    """The callbacks of the list. Rows are made anew only when a run comes or goes.

    That is also when the form must look again whether its run exists; LIVE_NEWS tells it.
    """

    def now() -> dict[str, tuple[Run, Standing]]:
        return {
            run.run_id: (run, standing(run, services.launcher.position(run.run_id)))
            for run in services.archive.running()
        }

    @app.callback(
        Output(ids.LIVE_RUNS, "children"),
        Output(ids.LIVE_NEWS, "data"),
        Input(ids.LIVE_RUNS_TICK, "n_intervals"),
        State(ids.LIVE_NEWS, "data"),
    )
    def list_runs(_: int | None, known: dict[str, Any] | None) -> tuple[Any, dict[str, Any]]:
        runs = now()
        measured = len(read_speeds(services.settings.cache_path) or {})
        news = {"runs": list(runs), "measured": measured}
        if news == known:
            raise PreventUpdate
        rows = [_row(run, how) for run, how in runs.values()]
        return rows or html.P("Nothing runs at the moment.", className="quiet"), news

    @app.callback(
        Output({"type": ids.LIVE_ROW_WORDS, "run": ALL}, "children"),
        Output({"type": ids.LIVE_ROW_BAR, "run": ALL}, "value"),
        Input(ids.LIVE_RUNS_TICK, "n_intervals"),
        State({"type": ids.LIVE_ROW_BAR, "run": ALL}, "id"),
        prevent_initial_call=True,
    )
    def update_rows(_: int, rows: list[dict[str, str]]) -> tuple[list[Any], list[Any]]:
        runs = now()
        found = [runs.get(row["run"]) for row in rows]
        words = [_words(item[1]) if item else no_update for item in found]
        return words, [item[1].percent if item else no_update for item in found]

    @app.callback(
        Output({"type": ids.LIVE_ROW_CANCEL, "run": ALL}, "disabled"),
        Input({"type": ids.LIVE_ROW_CANCEL, "run": ALL}, "n_clicks"),
        State({"type": ids.LIVE_ROW_CANCEL, "run": ALL}, "disabled"),
        prevent_initial_call=True,
    )
    def cancel(clicks: list[int | None], disabled: list[bool | None]) -> list[bool]:
        if not any(clicks):
            raise PreventUpdate
        chosen = [bool(click) for click in clicks]
        services.launcher.cancel(ctx.triggered_id["run"])
        return [before or now for before, now in zip(disabled, chosen, strict=True)]


def _row(run: Run, how: Standing) -> html.Div:
    def row_id(kind: str) -> dict[str, str]:
        return {"type": kind, "run": run.run_id}

    title = run.name or f"Run {run.run_id}"
    return html.Div(
        [
            html.Div(
                [
                    dcc.Link(title, href=urls.run_url(run.run_id)),
                    dmc.Button(
                        "Cancel",
                        id=row_id(ids.LIVE_ROW_CANCEL),
                        variant="default",
                        size="compact-xs",
                        **aria(label=f"Cancel {title}"),
                    ),
                ],
                className="live-line",
            ),
            dmc.Progress(
                id=row_id(ids.LIVE_ROW_BAR),
                value=how.percent,
                size="xs",
                **aria(label=f"Progress of {title}"),
            ),
            html.P(_words(how), id=row_id(ids.LIVE_ROW_WORDS), className="quiet"),
        ],
        className="live-row",
    )


def _words(how: Standing) -> str:
    return f"{how.words} {how.numbers[:1].upper()}{how.numbers[1:]}".strip()
