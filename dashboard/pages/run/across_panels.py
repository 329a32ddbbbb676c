"""The run page across its moments: how alike they are, and one unit through all of them."""

from __future__ import annotations

from dash import html

from dashboard.base import ids
from dashboard.base.controls import choice, unit_choice
from dashboard.base.empty import empty_figure
from dashboard.base.panel import absent, graph, panel, words_line
from dashboard.pages.run import words
from dashboard.pages.run.drift_panel import drift_panel
from dashboard.pages.run.moment_drawing import MomentDrawing

CORRELATION_CAPTION = (
    "How similar tuning is at every two snapshots: 1 is identical. A bright block means a stable "
    "code; a diagonal that fades sideways means drift. The lines mark the snapshot under the "
    "cursor; click a cell to go to its moment."
)
UNIT_CAPTION = (
    "One unit's tuning through the whole run, on one brightness scale: fields appear, move, "
    "sharpen and vanish. Choose a unit by a click in the maps or in the population, or type "
    "its number."
)


def across_section(drawing: MomentDrawing) -> html.Section:
    """What compares moments."""
    head = html.Div([html.H2("Across moments")], className="section-head")
    panels, drift = [_correlation(drawing), _unit(drawing)], drift_panel(drawing.run)
    if drawing.run.config.task.has_position:
        return html.Section([head, html.Div([*panels, drift], className="grid grid-3")])
    return html.Section([head, html.Div(panels, className="grid grid-2"), drift])


def _correlation(drawing: MomentDrawing) -> html.Section:
    kinds = {"maps": "maps of units", "population": "population vectors"}
    frame = graph(
        ids.CORRELATION,
        drawing.correlation(),
        label="Correlation of tuning between snapshots",
        height="square",
        cursor="matrix",
    )
    if len(drawing.limits.steps) < 2:
        frame = absent(
            graph(ids.CORRELATION, empty_figure(""), label=""),
            reason="There is one snapshot so far; it takes two to compare.",
            height="square",
        )
    between = words.between_arenas(drawing.run.snapshots())
    return panel(
        "Similarity across time",
        frame,
        CORRELATION_CAPTION,
        controls=[choice(ids.CORRELATION_KIND, "Correlation of", kinds, drawing.view.corr)],
        words=html.P(between, className="words") if between else None,
    )


def _unit(drawing: MomentDrawing) -> html.Section:
    figure, text = drawing.unit()
    return panel(
        "One unit through time",
        graph(
            ids.UNIT,
            figure,
            label="The followed unit's tuning over training",
            height="square",
            cursor="snapshot",
        ),
        UNIT_CAPTION,
        controls=[unit_choice(ids.UNIT_CHOICE, drawing.limits.units, drawing.view.unit)],
        words=words_line(ids.UNIT_WORDS, text),
    )
