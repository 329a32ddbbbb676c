"""Tells the tab that launched a run how it ended, wherever in the dashboard the tab is by then."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard import urls
from dashboard.base import ids
from dashboard.jobs.worker import RunEnd, simulate

_LOCATION = "_pages_location"


def stores() -> list[dcc.Store]:
    """What this tab launched last, and what came of it; part of the layout of every page."""
    return [dcc.Store(id=ids.LAUNCHED), dcc.Store(id=ids.ENDED)]


def register(app: Dash) -> None:
    """The background callback that is the run, and the notification at its end."""
    app.callback(
        Output(ids.ENDED, "data"),
        Input(ids.LAUNCHED, "data"),
        background=True,
        interval=1_000,
        prevent_initial_call=True,
    )(simulate)

    @app.callback(
        Output(ids.NOTIFICATIONS, "sendNotifications"),
        Input(ids.ENDED, "data"),
        State(_LOCATION, "pathname"),
        prevent_initial_call=True,
    )
    def notify(outcome: RunEnd, pathname: str) -> Any:
        link = urls.run_url(outcome["run_id"])
        if pathname == link and not outcome["failed"]:
            return no_update  # the page says it
        name = outcome["name"] or f"Run {outcome['run_id']}"
        return [
            {
                "action": "show",
                "title": f"{name} has ended",
                "message": html.Span([f"{outcome['words']} ", dcc.Link("Open it", href=link)]),
                "color": "red" if outcome["failed"] else None,
                "autoClose": False if outcome["failed"] else 10_000,
            }
        ]
