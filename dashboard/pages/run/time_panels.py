"""The run page over training time: phases, loss, sparsification, information, decoding."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.base import ids
from dashboard.base.aria import DECORATION
from dashboard.base.controls import choice
from dashboard.base.empty import empty_figure
from dashboard.base.panel import absent, graph, panel
from dashboard.base.theme import PHASES
from dashboard.pages.run import words
from dashboard.pages.run.drift_rows import NO_POSITION
from dashboard.pages.run.time_drawing import TimeDrawing
from dashboard.runs import fits
from dashboard.runs.place_words import place_words
from dashboard.urls import RunView
from simulation.archive import Run
from simulation.models import model_of
from simulation.models.activations import ACTIVATIONS

INFORMATION_CAPTION = (
    "Spatial information: how much a unit's activity tells about {noun}, averaged over units with "
    "more than 0.01 bits. Units that survive become more selective."
)
DECODING_CAPTION = (
    "Distance between true position and the position read from the hidden layer, cross-validated. "
    "If it stays flat while units fall silent, the code gets sparser without getting worse."
)


def time_section(run: Run, drawing: TimeDrawing, view: RunView) -> html.Section:
    """Everything over training time."""
    axis = choice(ids.TIME_AXIS, "Time axis", {"log": "log time", "linear": "linear"}, view.x)
    return html.Section(
        [
            html.Div([html.H2("Over training"), axis], className="section-head"),
            _phases(drawing),
            *_origin(drawing),
            html.Div(
                [_loss(drawing), _sparsification(run, drawing), *_spatial(run, drawing)],
                className="grid grid-2",
            ),
        ]
    )


def _phases(drawing: TimeDrawing) -> html.Div:
    if drawing.run.status.in_progress:
        return html.Div(
            html.P("The three phases are located once the run has ended."), className="phases"
        )
    lines = fits.phase_lines(drawing.phases, drawing.last)
    return html.Div(
        [
            html.Ul(
                [
                    html.Li(
                        [
                            html.Span(
                                className="swatch",
                                style={"backgroundColor": PHASES[key][1]},
                                **DECORATION,
                            ),
                            html.Strong(name),
                            html.Span(place),
                        ]
                    )
                    for key, name, place in lines
                ]
            ),
            html.P(drawing.phases.rule, className="caption") if drawing.phases.rule else None,
        ],
        className="phases",
    )


def _origin(drawing: TimeDrawing) -> list[Any]:
    if drawing.origin is None:
        return []
    known = drawing.origin.curves is not None
    grey = " Grey: that run, before and after." if known else ""
    text = (
        f"This run starts from a snapshot of another, at the dotted line (step "
        f"{drawing.origin.step:,}).{grey} Its first values, ratios and timescales count from there."
    )
    return [html.P(text, className="caption origin-caption")]


def _loss(drawing: TimeDrawing) -> html.Section:
    said = model_of(drawing.run.config).words
    figure = graph(ids.LOSS, drawing.loss(), label=f"{said.loss} over training", cursor="time")
    return panel(said.loss, _or_waiting(drawing, figure), said.loss_caption)


def _sparsification(run: Run, drawing: TimeDrawing) -> html.Section:
    figure = graph(
        ids.SPARSIFICATION,
        drawing.sparsification(),
        label="Share of active units and active fraction over training",
        cursor="time",
    )
    model = model_of(run.config)
    lines = None
    if not run.status.in_progress:
        record, reasons = run.record, run.reasons
        lines = html.P(
            [words.timescale(record, reasons), " ", words.published_rate(record, reasons)],
            className="words",
        )
    return panel(
        "Sparsification",
        _or_waiting(drawing, figure),
        model.words.sparsification_caption.format(
            active=ACTIVATIONS[model.activation].active_words
        ),
        words=lines,
    )


def _spatial(run: Run, drawing: TimeDrawing) -> list[html.Section]:
    information_caption = INFORMATION_CAPTION.format(noun=place_words(run.config.task).noun)
    if not run.config.task.has_position:
        return [
            panel("Spatial information", _hidden(ids.INFORMATION), information_caption),
            panel("Position decoding", _hidden(ids.DECODING), DECODING_CAPTION),
        ]
    figure = graph(
        ids.INFORMATION,
        drawing.information(),
        label="Mean spatial information over training",
        cursor="time",
    )
    if why := model_of(run.config).no_information:
        figure = absent(figure, reason=f"{why[0].upper()}{why[1:]}.")
    decoding = graph(
        ids.DECODING,
        drawing.decoding(),
        label="Position decoding error over training",
        cursor="time",
    )
    if why := model_of(run.config).words.no_decoding:
        decoding = absent(decoding, reason=why)
    return [
        panel("Spatial information", figure, information_caption),
        panel("Position decoding", decoding, DECODING_CAPTION),
    ]


def _hidden(id: str) -> html.Div:
    return absent(graph(id, empty_figure(""), label=""), reason=NO_POSITION)


def _or_waiting(drawing: TimeDrawing, figure: Any) -> Any:
    if len(drawing.curves):
        return figure
    waiting = drawing.run.status.in_progress
    return absent(
        figure, reason="The first points are on their way." if waiting else "Nothing was recorded."
    )
