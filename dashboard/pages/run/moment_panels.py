"""The run page at the moment under the cursor: maps, population, curvature."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.base import ids
from dashboard.base.controls import choice, long_choice
from dashboard.base.empty import empty_figure
from dashboard.base.panel import absent, graph, panel, words_line
from dashboard.pages.run.moment_drawing import MomentDrawing
from dashboard.runs.place_words import place_words
from dashboard.urls import source_parts
from simulation.config import RunConfig
from simulation.models import model_of

FEW_SOURCES = 2
SOURCES = {"evaluation": "long walk", "training": "training", "samples": "samples"}


def source_label(source: str) -> str:
    """'long walk', or 'arena 2, long walk' where there are several."""
    kind, arena = source_parts(source)
    return f"arena {arena}, {SOURCES[kind]}" if arena else SOURCES[kind]


MAPS_CAPTION = (
    "Each row is a hidden unit, each column a {column}; brighter is more active, every "
    "row scaled to its own peak. Sorting by one moment and looking at another shows drift: the "
    "diagonal dissolves while the task is still solved. Click a row to follow that unit."
)
SAMPLES_CAPTION = (
    "Each row is a hidden unit, each column a training sample; brighter is more active, every row "
    "scaled to its own peak. Click a row to follow that unit."
)
POPULATION_CAPTION = (
    "One point a unit. Right: it fires more; up: its activity says more about {noun}. Silent "
    "units are not drawn. Click a point to follow that unit."
)
POPULATION_SAMPLES_CAPTION = (
    "One point a unit. Right: it fires more; up: it responds to more of the samples. Silent units "
    "are not drawn. Click a point to follow that unit."
)
POPULATION_SIGNED_CAPTION = (
    "One point a unit. Right: its activity is larger in magnitude; up: it is active in more "
    "places. Silent units are not drawn. Click a point to follow that unit."
)
SPECTRUM_CAPTION = (
    "Eigenvalues of the Hessian say how curved the loss is in every direction of weight space. "
    "Update noise pushes the many small ones down towards zero: the minimum gets flatter. The "
    "grey outline is the first recorded spectrum."
)

_KEYS: list[Any] = [
    html.Kbd("←"),
    html.Kbd("→"),
    " step, ",
    html.Kbd("Home"),
    html.Kbd("End"),
    " first and last, ",
    html.Kbd("Space"),
    " play, ",
    html.Kbd("Esc"),
    " let the unit go",
]


def moment_section(drawing: MomentDrawing) -> html.Section:
    """What there is at the moment under the cursor."""
    return html.Section(
        [
            html.Div(
                [html.H2("At this moment"), html.P(_KEYS, className="quiet keys")],
                className="section-head",
            ),
            html.Div(
                [
                    _maps(drawing),
                    html.Div([_population(drawing), _spectrum(drawing)], className="stack"),
                ],
                className="grid grid-wide",
            ),
        ]
    )


def moment_missing(text: str) -> html.Section:
    """In place of the section while there is no snapshot; callbacks find their components."""
    return html.Section(
        [
            html.P(text, className="caption"),
            html.Div([html.Div(id=name) for name in _ADDRESSED], hidden=True),
        ]
    )


_ADDRESSED = (
    ids.CURSOR,
    ids.STEP_BACK,
    ids.STEP_FORWARD,
    ids.PLAY,
    ids.PLAY_ICON,
    ids.PLAY_TICK,
    ids.MOMENT,
    ids.MAPS_VIEW,
    ids.MAPS_SORT,
    ids.MAPS_ROWS,
    ids.MAPS_SOURCE,
    ids.CORRELATION_KIND,
    ids.UNIT_CHOICE,
    ids.MAPS,
    ids.MAPS_WORDS,
    ids.POPULATION,
    ids.POPULATION_WORDS,
    ids.SPECTRUM,
    ids.SPECTRUM_WORDS,
    ids.CORRELATION,
    ids.UNIT,
    ids.UNIT_WORDS,
)


def _maps(drawing: MomentDrawing) -> html.Section:
    view, sources = drawing.view, drawing.limits.sources
    figure, text = drawing.maps()
    with_track = view.maps != "samples"
    return panel(
        "Rate maps" if with_track else "Activity by sample",
        graph(ids.MAPS, figure, label="Activity of every unit", height="maps"),
        maps_caption(drawing.run.config, with_track),
        controls=[
            choice(ids.MAPS_VIEW, "View", {"sorted": "one moment", "grid": "4 × 4"}, view.view),
            choice(ids.MAPS_SORT, "Sorted by", sort_options(view.sort), sort_value(view.sort)),
            choice(
                ids.MAPS_ROWS,
                "Rows",
                {"active": "active", "all": "all units"},
                view.rows,
            ),
            _sources(sources, view.maps),
        ],
        words=words_line(ids.MAPS_WORDS, text),
        style_name="panel-maps",
    )


def maps_caption(config: RunConfig, with_track: bool) -> str:
    """How to read the maps of a run of this configuration."""
    if not with_track:
        return SAMPLES_CAPTION
    column = "direction" if place_words(config.task).is_angle else "place"
    if config.task.kind == "corridor":
        column = "place (both directions of travel side by side)"
    return MAPS_CAPTION.format(column=column)


def _sources(sources: Any, value: str) -> Any:
    control = choice if len(sources) <= FEW_SOURCES else long_choice
    return html.Div(
        control(
            ids.MAPS_SOURCE,
            "Samples behind the maps",
            {source: source_label(source) for source in sources},
            value,
        ),
        hidden=len(sources) < 2,
    )


def sort_options(sort: int | str) -> dict[str, str]:
    """Ways to sort; a pinned moment is one of them, under its step."""
    pinned = "pin" if isinstance(sort, str) else f"step {sort:,}"
    return {"last": "by the end", "now": "by the cursor", "pin": pinned}


def sort_value(sort: int | str) -> str:
    return sort if isinstance(sort, str) else "pin"


def _population(drawing: MomentDrawing) -> html.Section:
    figure, text = drawing.population()
    caption = POPULATION_CAPTION.format(noun=place_words(drawing.run.config.task).noun)
    if not drawing.frame.informative:
        samples = drawing.view.maps == "samples"
        caption = POPULATION_SAMPLES_CAPTION if samples else POPULATION_SIGNED_CAPTION
    return panel(
        "Population",
        graph(ids.POPULATION, figure, label="Every active unit as a point", height="half"),
        caption,
        words=words_line(ids.POPULATION_WORDS, text),
    )


def no_spectrum(config: RunConfig) -> str:
    """Why a run has no eigenvalues."""
    return model_of(config).words.no_spectrum or "No eigenvalues were recorded in this run."


def _spectrum(drawing: MomentDrawing) -> html.Section:
    figure, text = drawing.spectrum()
    frame = graph(ids.SPECTRUM, figure, label="Histogram of Hessian eigenvalues", height="half")
    if not len(drawing.run.spectrum_steps()):
        frame = absent(
            graph(ids.SPECTRUM, empty_figure(""), label=""),
            reason=no_spectrum(drawing.run.config),
            height="half",
        )
    return panel(
        "Hessian spectrum",
        frame,
        SPECTRUM_CAPTION,
        words=words_line(ids.SPECTRUM_WORDS, text),
    )
