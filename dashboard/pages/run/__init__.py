"""/runs/<run_id>: one run, whole and under one time cursor."""

from __future__ import annotations

from typing import Any

import dash
from dash import Dash, html

from dashboard import urls
from dashboard.pages.run import download, forking, growth, scrubbing
from dashboard.pages.run.layout import page_layout
from dashboard.runs.store import RunStore
from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Register the page, its callbacks and the download."""
    store = RunStore(services.archive)

    def layout(run_id: str = "", **query: Any) -> html.Div:
        return page_layout(store, store.open(run_id), query)

    dash.register_page(
        "run",
        path_template=urls.RUN_TEMPLATE,
        title=lambda run_id="": f"{run_id} · Driftscape",
        layout=layout,
    )
    scrubbing.register(app, store)
    growth.register(app, store)
    forking.register(app, store, services)
    download.register(app, services.archive)
