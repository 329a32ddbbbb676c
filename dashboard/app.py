"""The Dash application, built from the services it is handed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dash
import pyarrow
from dash import Dash

from dashboard import browser_code, compression
from dashboard.base.shell import shell
from dashboard.base.states import message_panel
from dashboard.failures import on_callback_error, render_failure
from dashboard.jobs import live_end, live_status
from dashboard.jobs.background import LiveManager
from dashboard.pages import compare, fidelity, landscape, live, not_found, overview, run, sweeps
from dashboard.services import Services
from simulation.errors import DriftscapeError

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTION = "How tuning keeps changing after learning: runs to browse, and runs to launch live."


def create_app(services: Services) -> Dash:
    """The whole dashboard."""
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())  # gives back what it frees: -40 MB
    manager = LiveManager(services.settings, services.launcher)
    app = _dash(use_pages=True, background_callback_manager=manager)
    for page in (overview, run, sweeps, compare, live, landscape, fidelity, not_found):
        page.register(app, services)
    live_end.register(app)
    live_status.register(app, services.archive, services.launcher)
    app.layout = shell([dash.page_container, *live_end.stores()])
    return app


def create_message_app(error: DriftscapeError) -> Dash:
    """What is served when the archive cannot be used: every address says why and what to do."""
    app = _dash(use_pages=False)
    app.layout = shell(message_panel(error.message, remedy=error.remedy, actions=[]))
    return app


def _dash(**options: Any) -> Dash:
    dash.page_registry.clear()  # Dash keeps one for the whole process
    app = Dash(
        "driftscape",
        assets_folder=str(ROOT / "assets"),
        assets_path_ignore=["^js$"],  # browser_code serves these
        pages_folder="",
        title="Driftscape",
        description=DESCRIPTION,
        update_title="",
        suppress_callback_exceptions=True,
        on_error=on_callback_error,
        **options,
    )
    browser_code.register(app)
    app.server.register_error_handler(Exception, render_failure)
    compression.register(app.server)
    return app
