"""Starting another run from the moment under the cursor: two clicks, menu and choice."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard import urls
from dashboard.base import ids
from dashboard.jobs.estimate import estimate, read_speeds
from dashboard.jobs.forks import Fork, forks_of, free_link, run_title
from dashboard.jobs.limits import check_limits
from dashboard.jobs.live_status import duration
from dashboard.pages.run.fork_menu import fork_choices
from dashboard.runs import queries
from dashboard.runs.store import RunStore
from dashboard.services import Services
from simulation.errors import ConfigError, NotRecorded, UnknownRun


def register(app: Dash, store: RunStore, services: Services) -> None:
    """The callbacks of `fork_menu`."""

    @app.callback(
        Output(ids.FORK_CHOICES, "children"),
        Input(ids.FORK, "n_clicks"),
        State(ids.VIEW, "data"),
        State(ids.FACTS, "data"),
        prevent_initial_call=True,
    )
    def offer(clicks: int | None, view: dict[str, Any], facts: dict[str, Any]) -> list[Any]:
        if not clicks:
            raise PreventUpdate
        return offers(store, services, facts["run"], view.get("t"))

    @app.callback(
        Output(ids.LAUNCHED, "data", allow_duplicate=True),
        Output(ids.FORK_GO, "href"),
        Input({"type": ids.FORK_LAUNCH, "run": ALL, "step": ALL, "fork": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def launch(clicks: list[int | None]) -> tuple[Any, str]:
        if not any(clicks):
            raise PreventUpdate
        chosen = ctx.triggered_id
        run_id = start(store, services, chosen["run"], chosen["step"], chosen["fork"])
        launched = run_id if services.launcher.is_active(run_id) else no_update
        return launched, urls.run_url(run_id)


def offers(store: RunStore, services: Services, run_id: str, step: int | None) -> list[Any]:
    """What the menu offers at `step` of a run; None: at its last snapshot."""
    run = store.open(run_id)
    steps = queries.limits(run).steps
    if not steps:
        raise NotRecorded("There is no snapshot to start from yet.", remedy="Wait for the first.")
    at = steps[-1] if step is None else step
    writable = services.archive.writable
    items = [
        (fork, *_standing(fork, run_id if writable else "", services))
        for fork in forks_of(run, at, services.settings)
    ]
    remark = "" if writable else "This archive is read-only: nothing can be launched."
    return fork_choices(at, items, free_link(run, at, services.settings), remark)


def start(store: RunStore, services: Services, run_id: str, step: int, key: str) -> str:
    """Launch one of the forks offered at `step`, or find it; its id."""
    run = store.open(run_id)
    for fork in forks_of(run, step, services.settings):
        if fork.key == key:
            return services.launcher.launch(fork.config, run_title(fork, run))
    raise NotRecorded("This is not offered any more.", remedy="Open the menu again.")


def _standing(fork: Fork, run_id: str, services: Services) -> tuple[str, str]:
    """A note on what launching it comes to, and the run to start from; '': only by the form."""
    try:
        check_limits(fork.config, services.settings)
    except ConfigError:
        return "more than this site allows, see the form", ""
    try:
        known = services.archive.open_run(fork.config.run_id).status
    except UnknownRun:
        return _takes(fork, services), run_id
    if known.in_progress:
        return "in progress already", run_id
    return ("in the archive already" if known.settled else _takes(fork, services)), run_id


def _takes(fork: Fork, services: Services) -> str:
    seconds = estimate(fork.config, read_speeds(services.settings.cache_path))
    return "" if seconds is None else f"about {duration(seconds)}"
