"""/fidelity: do the published numbers come out?"""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, html

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.fidelity.layout import page_layout
from dashboard.pages.fidelity.reports import reports
from dashboard.runs.store import RunStore
from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Register the page; its choices are links, and a click on a point opens a run."""
    store = RunStore(services.archive)

    def layout(**query: Any) -> html.Div:
        return page_layout(reports(store), query)

    dash.register_page(
        "fidelity", path=urls.FIDELITY, title="Published and ours · Driftscape", layout=layout
    )
    app.clientside_callback(
        ClientsideFunction("fidelity", "open"),
        Output(ids.FIDELITY_GO, "href"),
        Input(ids.FIDELITY_STRIPS, "clickData"),
        Input(ids.FIDELITY_SWEEP, "clickData"),
        prevent_initial_call=True,
    )
