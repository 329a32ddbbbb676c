"""The page of one collection, rendered in the view that its link asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dash import dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.base.copy_link import copy_link
from dashboard.base.panel import graph, panel, words_line
from dashboard.base.states import note
from dashboard.pages.sweeps import captions, sentences
from dashboard.pages.sweeps.about import about_plan, constant_columns, credit
from dashboard.pages.sweeps.controls import column, columns, scatter_controls
from dashboard.pages.sweeps.dead_ends import nothing_to_plot, unknown_collection
from dashboard.pages.sweeps.grid import grid, rows_failed
from dashboard.pages.sweeps.histogram import histogram_figure
from dashboard.pages.sweeps.narrowing import narrowing
from dashboard.pages.sweeps.paper.section import paper_section
from dashboard.pages.sweeps.parallel import parallel_figure
from dashboard.pages.sweeps.scatter import scatter_figure
from dashboard.pages.sweeps.scatter_axes import grid_of, panels_of
from dashboard.pages.sweeps.selection_bar import selection_bar
from dashboard.sweeps.card import can_be_plotted
from dashboard.sweeps.describe import title_of
from dashboard.sweeps.scene import Scene, scene
from dashboard.sweeps.standard import standard_view
from dashboard.sweeps.table import SweepStore, SweepTable
from dashboard.urls import SweepView
from dashboard.urls.sweeps import IN_FULL
from simulation.errors import UnknownCollection
from simulation.sweeps import kept_plan


def page_layout(store: SweepStore, collection: str, query: Mapping[str, Any]) -> html.Div:
    """The whole page; `query` is its link's."""
    try:
        table = store.table(collection)
    except UnknownCollection as error:
        return unknown_collection(store, error)
    if not can_be_plotted(table):
        return nothing_to_plot(store, table)
    standard = standard_view(table)
    view, notes = urls.read_sweep_view(query, table.columns, standard)
    return html.Div(
        [
            *_remarks(notes),
            *_stores(table, view, standard),
            *_head(store, table),
            *_explorer(store, table, view),
            *paper_section(table, view),
            constant_columns(table),
            credit(),
        ],
        className="sweep",
        id=ids.SWEEP_PAGE,
    )


def drawn(found: Scene) -> list[Any]:
    """Everything that follows the view: figures with their words, the selection."""
    return [
        scatter_figure(found),
        sentences.scatter(found),
        scatter_class(found),
        narrowing(found),
        parallel_figure(found),
        sentences.parallel(found),
        histogram_figure(found),
        sentences.histogram(found),
        selection_bar(found),
    ]


def scatter_class(found: Scene) -> str:
    """The height of the scatter's frame, by its rows of panels."""
    rows, columns_ = grid_of(len(panels_of(found)))
    return f"sweep-scatter sweep-rows-{rows} sweep-across-{columns_}"


def _remarks(notes: list[str]) -> list[Any]:
    if not notes:
        return []
    title = "Part of the link could not be used; the rest is shown"
    return [note([f"{text[0].upper()}{text[1:]}." for text in notes], title=title)]


def _stores(table: SweepTable, view: SweepView, standard: SweepView) -> list[Any]:
    facts = {
        "collection": table.collection,
        "standard": asdict(standard),
        "full": IN_FULL,
        "path": urls.sweep_url(table.collection),
        "run": urls.RUN_TEMPLATE,
        "rows": urls.SWEEP_ROWS_RULE.replace("<collection>", table.collection),
        "thumbnail": urls.THUMBNAIL_RULE.replace("<collection>", table.collection),
        "numeric": {name: field.numeric for name, field in table.fields.items()},
    }
    return [
        dcc.Store(id=ids.SWEEP_VIEW, data=asdict(view) | {"collection": table.collection}),
        dcc.Store(id=ids.SWEEP_FACTS, data=facts),
        dcc.Store(id=ids.SWEEP_SYNCED),
        dcc.Store(id=ids.SWEEP_COLUMNS),
        dcc.Location(id=ids.SWEEP_GO, refresh="callback-nav"),
    ]


def _head(store: SweepStore, table: SweepTable) -> list[Any]:
    plan = kept_plan(store.archive, table.collection)
    everything = urls.sweep_file_url(table.collection, "parquet")
    return [
        html.Div(
            [
                html.H1(title_of(plan, table.collection)),
                html.Div(
                    [
                        copy_link(),
                        html.A("All runs (Parquet)", href=everything, className="button"),
                    ],
                    className="actions",
                ),
            ],
            className="sweep-head",
        ),
        about_plan(plan, table),
    ]


def _explorer(store: SweepStore, table: SweepTable, view: SweepView) -> list[Any]:
    found = scene(table, view, store.archive)
    scatter, scatter_words, frame, narrow, lines, line_words, bars, bar_words, bar = drawn(found)
    return [
        html.Div(bar, id=ids.SWEEP_SELECTION, className="sweep-selection"),
        html.Div(
            [scatter_controls(table, view), _scatter(scatter, scatter_words, frame, narrow)],
            className="sweep-top",
        ),
        html.Div(
            [
                panel(
                    "Distribution",
                    graph(ids.SWEEP_HISTOGRAM, bars, label="Histogram", height="sweep-half"),
                    captions.HISTOGRAM,
                    controls=[column("hist", "Of", table, table.columns.axes, view, none="as y")],
                    words=words_line(ids.SWEEP_HISTOGRAM_WORDS, bar_words),
                ),
                panel(
                    "All of a run at once",
                    graph(
                        ids.SWEEP_PARALLEL, lines, label="Parallel coordinates",
                        height="sweep-half",
                    ),
                    captions.PARALLEL,
                    controls=[columns("axes", "Axes", table, table.columns.axes, view)],
                    words=words_line(ids.SWEEP_PARALLEL_WORDS, line_words),
                    style_name="sweep-parallel",
                ),
            ],
            className="sweep-middle",
        ),
        panel(
            "Runs",
            html.Div([rows_failed(), grid(table, view)], className="sweep-table"),
            captions.TABLE,
            controls=[columns("table", "Columns", table, table.columns.listed, view)],
            style_name="sweep-runs",
        ),
    ]  # fmt: skip


def _scatter(figure: Any, words: str, frame: str, narrow: list[Any]) -> html.Section:
    drawing = html.Div(
        [
            graph(ids.SWEEP_SCATTER, figure, label="Scatter of runs", height="sweep", brush=True),
            html.Div(id=ids.SWEEP_HOVER, className="sweep-hover", hidden=True),
        ],
        id=ids.SWEEP_SCATTER_FRAME,
        className=frame,
    )
    fold = html.Details(
        [html.Summary("Select by numbers and names"), html.Div(narrow, id=ids.SWEEP_NARROW)]
    )
    body = html.Div([drawing, fold])
    return panel(
        "Runs as points", body, captions.SCATTER, words=words_line(ids.SWEEP_SCATTER_WORDS, words)
    )
