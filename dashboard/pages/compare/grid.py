"""The panels of the comparison: drawn, or told why not."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.base.empty import empty_figure
from dashboard.base.panel import graph, panel, words_line
from dashboard.pages.compare.drawing import CompareDrawing
from dashboard.pages.compare.panels import QUANTITIES
from dashboard.pages.compare.quantity import Quantity

NOT_DRAWN_CAPTION = "None of these runs has what these panels show."


def panels(drawing: CompareDrawing) -> list[html.Section]:
    """A panel for each quantity that a run has; one for all that none has, with the reasons."""
    drawn = drawing.drawn
    rest = [quantity for quantity in QUANTITIES if quantity.key not in drawn]
    shown = [_panel(drawing, quantity) for quantity in QUANTITIES if quantity.key in drawn]
    return [*shown, _not_drawn(drawing, rest)] if rest else shown


def _panel(drawing: CompareDrawing, quantity: Quantity) -> html.Section:
    label = f"{quantity.title} of all runs over training"
    name = quantity.figure_id
    body = graph(name, drawing.figure(quantity), label=label, cursor="time")
    words = words_line(quantity.words_id, "")
    return panel(quantity.title, body, quantity.caption, words=words)


def _not_drawn(drawing: CompareDrawing, rest: Sequence[Quantity]) -> html.Section:
    lines = []
    for quantity in rest:
        reasons = "; ".join(dict.fromkeys(map(quantity.missing, drawing.members)))
        hidden = graph(quantity.figure_id, empty_figure(""), label="")
        words = html.Span(id=quantity.words_id)
        lines.append(
            html.Li(
                [
                    html.Strong(quantity.title),
                    f": {reasons}.",
                    html.Div([hidden, words], hidden=True),
                ]
            )
        )
    return panel(
        "Not drawn",
        html.Ul(lines, className="compare-absent"),
        NOT_DRAWN_CAPTION,
        style_name="compare-not-drawn",
    )
