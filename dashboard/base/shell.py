"""The frame around every page: provider of the theme, header with navigation, footer."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import urls
from dashboard.base import ids, theme
from dashboard.base.aria import aria

PAPER = "https://doi.org/10.7554/eLife.90069"


def shell(children: Any) -> dmc.MantineProvider:
    """The whole document: `children` between header and footer."""
    return dmc.MantineProvider(
        [
            html.A("Skip to content", href="#content", className="skip"),
            _header(),
            html.Main(children, id="content", className="content", tabIndex="-1"),
            _footer(),
            dmc.NotificationContainer(id=ids.NOTIFICATIONS, position="bottom-right"),
        ],
        theme=theme.MANTINE,
        defaultColorScheme="auto",
    )


def _header() -> html.Header:
    return html.Header(
        html.Div(
            [
                dcc.Link("Driftscape", href=urls.OVERVIEW, className="brand"),
                html.Nav(
                    [
                        dcc.Link("Overview", href=urls.OVERVIEW, className="nav-link"),
                        dcc.Link("Sweeps", href=urls.SWEEPS, className="nav-link"),
                        dcc.Link("Live", href=urls.LIVE, className="nav-link"),
                        dcc.Link("Landscape", href=urls.LANDSCAPE, className="nav-link"),
                        dcc.Link("Fidelity", href=urls.FIDELITY, className="nav-link"),
                    ],
                    **aria(label="Main"),
                ),
            ],
            className="header-line",
        ),
        className="header",
    )


def _footer() -> html.Footer:
    return html.Footer(
        html.P(
            [
                "After Ratzon, Derdikman & Barak, ",
                html.A(
                    html.I("Representational drift as a result of implicit regularization"),
                    href=PAPER,
                    rel="noopener",
                ),
                ", eLife 12:RP90069.",
            ]
        ),
        className="footer",
    )
