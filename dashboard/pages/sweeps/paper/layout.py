"""One of the paper's figures: which it is, how it is drawn, what it says and what is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import html

from dashboard.base import ids
from dashboard.base.aria import aria
from dashboard.base.empty import empty_figure
from dashboard.base.panel import absent, graph, panel
from dashboard.base.words import count
from dashboard.pages.sweeps.paper.captions import CAPTIONS
from dashboard.pages.sweeps.paper.curves import CURVES
from dashboard.pages.sweeps.paper.data import NOISE, SweepRuns, sweep_runs
from dashboard.pages.sweeps.paper.views import FIGURES, Drawing, breakdowns
from dashboard.sweeps.columns import FIELDS
from dashboard.sweeps.overlay import CREDIT
from dashboard.sweeps.selection import Mask
from dashboard.sweeps.table import SweepStore, SweepTable
from dashboard.urls import FigureView, figure_text, read_figure
from simulation.analysis.published_table import SOURCE

TIMES = {"log": "training steps, log", "share": "share of the run"}
STARTS = {"raw": "as they are", "ratio": "over the first value"}


def figure_body(store: SweepStore, table: SweepTable, mask: Mask, text: str) -> list[Any]:
    """The figure that `text` of a link asks for, of the runs in `mask`, and the choices."""
    offered = {
        "figure": dict.fromkeys(FIGURES, ""),
        "quantity": {key: one.name for key, one in CURVES.items()},
        "time": TIMES,
        "start": STARTS,
        "by": {name: _by(name) for name in breakdowns(table)},
    }
    view = read_figure(text, {key: list(known) for key, known in offered.items()})
    runs = sweep_runs(table, mask, view.by)
    labels = {"quantity": "Quantity", "time": "Time", "start": "Values", "by": "By"}
    curves = [_choice(view, key, label, offered[key]) for key, label in labels.items()]
    return [
        _figures(view, runs),
        *([html.Div(curves, className="figure-choices")] if view.figure == "curves" else []),
        _panel(store, table.collection, view, runs),
    ]


def _by(name: str) -> str:
    if not name:
        return "all together"
    return "kind of noise" if name == NOISE else FIELDS[name].in_sentence


def _figures(view: FigureView, runs: SweepRuns) -> html.Div:
    """A button a figure; those that these runs do not give say why."""
    buttons = []
    for name, figure in FIGURES.items():
        reason = figure.why_not(runs)
        small = [html.Small(f"Not here: {reason}.")] if reason else []
        style_name = "empty-figure" if reason else ""
        buttons.append(
            _button([figure.title, *small], replace(view, figure=name), view, style_name)
        )
    return html.Div(buttons, className="figure-tabs", role="group", **aria(label="Figures"))


def _choice(view: FigureView, key: str, label: str, known: Mapping[str, str]) -> html.Div:
    buttons = [_button(text, replace(view, **{key: value}), view) for value, text in known.items()]
    return html.Div([html.Span(label), *buttons], role="group", **aria(label=label))


def _button(text: Any, leads_to: FigureView, view: FigureView, style_name: str = "") -> html.Button:
    current = leads_to == view
    return html.Button(
        text,
        id={"type": ids.PAPER_CHOICE, "text": figure_text(leads_to) or "curves"},
        n_clicks=0,
        type="button",
        className=f"{'current' if current else ''} {style_name}".strip(),
        **aria(pressed=str(current).lower()),
    )


def _panel(store: SweepStore, collection: str, view: FigureView, runs: SweepRuns) -> html.Section:
    figure = FIGURES[view.figure]
    if reason := figure.why_not(runs):
        hidden = graph(ids.PAPER_FIGURE, empty_figure(""), label="")
        why = f"{reason[0].upper()}{reason[1:]}."
        body: Any = absent(hidden, html.P(id=ids.PAPER_POINTED), reason=why)
        return panel(figure.title, body, CAPTIONS[view.figure])
    drawing = figure.draw(runs, view, lambda run_ids: store.archive.thumbnails(run_ids, collection))
    frame = graph(
        ids.PAPER_FIGURE,
        drawing.figure,
        label=f"{figure.title}: {count(len(runs.rows), 'run')} of {collection}",
        height=f"rows-{drawing.rows}",
    )
    return panel(figure.title, html.Div([frame, *_texts(drawing)]), CAPTIONS[view.figure])


def _texts(drawing: Drawing) -> list[Any]:
    parts: list[Any] = [html.P(id=ids.PAPER_POINTED, className="words figure-pointed")]
    parts.append(html.Ul([html.Li(line) for line in drawing.said], className="words figure-said"))
    if drawing.left_out:
        lines = [html.Li(line) for line in drawing.left_out]
        parts.append(html.Ul(lines, className="words quiet figure-said"))
    if drawing.published:
        before, _, after = CREDIT.partition(SOURCE)
        link = html.A(SOURCE, href=SOURCE, rel="noopener")
        who = f"Grey: {count(drawing.published, 'published simulation')}, {before}"
        parts.append(html.P([who, link, f"{after}."], className="quiet"))
    return parts
