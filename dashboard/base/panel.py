"""One view: a heading, a figure of fixed height, and a caption that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from dashboard.base.aria import DECORATION, aria
from dashboard.base.theme import graph_config


def panel(
    title: str,
    body: Any,
    caption: Any,
    *,
    controls: Sequence[Any] = (),
    words: Any = None,
    style_name: str = "",
) -> html.Section:
    """A card of the page.

    `words` say what the figure shows right now; `caption` explains how to read it, to someone
    who has not read the paper.
    """
    return html.Section(
        [
            html.Div(
                [html.H3(title), html.Div(list(controls), className="panel-controls")],
                className="panel-head",
            ),
            body,
            *([words] if words is not None else []),
            html.P(caption, className="caption"),
        ],
        className=f"panel {style_name}".strip(),
        **aria(label=title),
    )


def graph(
    id: str,
    figure: go.Figure,
    *,
    label: str,
    height: str = "curve",
    cursor: str = "",
    brush: bool = False,
) -> html.Div:
    """A figure in a frame of fixed height, so that nothing moves while it loads.

    `brush`: points can be selected.

    `cursor` says how the page's time cursor is drawn over it: `time` (a line at the step),
    `snapshot` (a line at the snapshot's cell) or `matrix` (its column and its row).
    """
    lines = {"time": 1, "snapshot": 1, "matrix": 2}.get(cursor, 0)
    return html.Div(
        [
            dcc.Graph(
                id=id,
                figure=figure,
                config=graph_config(f"driftscape-{id.removeprefix('run-')}", brush=brush),
                className="graph",
                responsive=True,
            ),
            *(html.Div(className="cursor-line", **DECORATION) for _ in range(lines)),
        ],
        className=f"graph-frame graph-{height}",
        role="figure",
        **aria(label=label),
        **_data_cursor(cursor),
    )


def _data_cursor(kind: str) -> dict[str, Any]:
    return {"data-cursor": kind} if kind else {}


def absent(*hidden: Any, reason: str, height: str = "curve") -> html.Div:
    """In place of a figure that does not apply: why. `hidden` keeps what callbacks address."""
    return html.Div(
        [html.P(reason), html.Div(list(hidden), hidden=True)],
        className=f"graph-frame graph-{height} absent",
    )


def words_line(id: str, text: str) -> html.P:
    """The line under a figure that tells its numbers, also to a screen reader."""
    return html.P(text, id=id, className="words")
