"""Any address that is no page."""

from __future__ import annotations

from typing import Any

import dash
from dash import Dash, html

from dashboard import urls
from dashboard.base.states import link_button, message_panel
from dashboard.services import Services


def register(_app: Dash, _services: Services) -> None:
    """Register the page that Dash shows for unknown addresses."""

    def layout(**_: Any) -> html.Div:
        return message_panel(
            "There is no page at this address",
            "The link may be incomplete or mistyped.",
            actions=[
                link_button("Go to the overview", urls.OVERVIEW, primary=True),
                link_button("Launch a live run", urls.LIVE),
            ],
        )

    dash.register_page("not_found_404", path="/404", title="Not found · Driftscape", layout=layout)
