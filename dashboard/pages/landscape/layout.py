"""The page of the toy landscape, rendered in the view that its link asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.base.copy_link import copy_link
from dashboard.base.empty import empty_figure
from dashboard.base.panel import graph, panel, words_line
from dashboard.base.states import note
from dashboard.pages.landscape import captions, sentences
from dashboard.pages.landscape.contours import landscape_figure
from dashboard.pages.landscape.controls import axis_choice, walker_controls
from dashboard.pages.landscape.data import LandscapeData
from dashboard.pages.landscape.presets import preset_links
from dashboard.pages.landscape.regulariser import regulariser_figure
from dashboard.pages.landscape.valley import drift_figure, spread_figure


def page_layout(query: Mapping[str, Any]) -> html.Div:
    """The whole page; `query` is its link's."""
    view, notes = urls.read_landscape_view(query)
    remarks = []
    if notes:
        title = "Part of the link could not be used; the rest is shown"
        remarks = [note([f"{text[0].upper()}{text[1:]}." for text in notes], title=title)]
    facts = {"standard": asdict(urls.LandscapeView()), "ranges": urls.LANDSCAPE_RANGES}
    return html.Div(
        [
            *remarks,
            dcc.Store(id=ids.LANDSCAPE_VIEW, data=asdict(view)),
            dcc.Store(id=ids.LANDSCAPE_FACTS, data=facts),
            dcc.Store(id=ids.LANDSCAPE_SYNCED),
            html.Div([html.H1("Toy landscape"), copy_link()], className="page-title"),
            html.P(captions.LEAD, className="lead"),
            preset_links(view),
            *_panels(LandscapeData(view)),
        ],
        className="landscape",
        id=ids.LANDSCAPE_PAGE,
    )


def drawn(data: LandscapeData) -> list[Any]:
    """Everything that the walkers show: figures, each with its words."""
    start = (data.view.x, data.view.y)
    return [
        landscape_figure(data.excursion, start),
        sentences.walker(data),
        drift_figure(data.profile, data.descent),
        sentences.drift(data),
        *_spread(data),
    ]


def _spread(data: LandscapeData) -> tuple[go.Figure, str]:
    moved = data.excursion.displacements
    if len(moved) < 2:
        return empty_figure("Too few walkers are left"), sentences.no_spread(data)
    figure = spread_figure(moved, data.excursion.distance, data.expected[0])
    return figure, sentences.spread(data)


def _panels(data: LandscapeData) -> list[Any]:
    above, above_words, drift, drift_words, spread, spread_words = drawn(data)
    return [
        html.Div(
            [
                panel(
                    "One walker on the loss",
                    graph(
                        ids.LANDSCAPE_MAP,
                        above,
                        label="Contours of the loss with the path of one walker",
                        height="landscape",
                    ),
                    captions.MAP,
                    words=words_line(ids.LANDSCAPE_MAP_WORDS, above_words),
                ),
                html.Div(
                    [
                        walker_controls(data.view),
                        panel(
                            "Where a thousand walkers end",
                            graph(
                                ids.LANDSCAPE_SPREAD,
                                spread,
                                label="Distribution of the walkers' displacement along the valley",
                                height="valley",
                            ),
                            captions.SPREAD,
                            words=words_line(ids.LANDSCAPE_SPREAD_WORDS, spread_words),
                        ),
                    ],
                    className="landscape-side",
                ),
            ],
            className="grid grid-2",
        ),
        html.Div(
            [
                panel(
                    "Drift along the valley",
                    graph(
                        ids.LANDSCAPE_DRIFT,
                        drift,
                        label="Mean change of the distance from the crossing, and its prediction",
                        height="valley",
                    ),
                    captions.DRIFT,
                    words=words_line(ids.LANDSCAPE_DRIFT_WORDS, drift_words),
                ),
                panel(
                    "What each noise minimises",
                    graph(
                        ids.LANDSCAPE_FLOW,
                        regulariser_figure(data.view.axis),
                        label="Eigenvalues under descent on their sum of logarithms and their sum",
                        height="valley",
                    ),
                    captions.FLOW,
                    words=html.P(sentences.flow(), className="words"),
                    controls=[axis_choice(data.view)],
                ),
            ],
            className="grid grid-2",
        ),
    ]
