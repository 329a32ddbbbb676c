"""/compare: several runs side by side."""

from __future__ import annotations

from typing import Any

import dash
from dash import Dash, html

from dashboard import urls
from dashboard.pages.compare import steering
from dashboard.pages.compare.layout import page_layout
from dashboard.runs.store import RunStore
from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Register the page and its callbacks."""
    store = RunStore(services.archive)

    def layout(**query: Any) -> html.Div:
        return page_layout(store, query)

    dash.register_page("compare", path=urls.COMPARE, title="Compare · Driftscape", layout=layout)
    steering.register(app, store)
