"""The selection in words, what can be done with it, and how to let go of it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import urls
from dashboard.base.aria import aria
from dashboard.pages.sweeps import sentences
from dashboard.pages.sweeps.grid import ordered
from dashboard.sweeps.scene import Scene
from dashboard.urls import MOST_RUNS
from dashboard.urls.conditions import Condition


def selection_bar(scene: Scene) -> list[Any]:
    """How many runs, by which conditions (a button each), and links to compare and download."""
    chips = [_chip(scene, condition) for condition in scene.conditions]
    clear = html.Button("Clear selection", className="button sweep-clear", type="button")
    return [
        html.Span(sentences.selection(scene), className="sweep-count", role="status"),
        html.Div([*chips, *([clear] if chips else [])], className="sweep-chips"),
        html.Div(_actions(scene), className="sweep-actions"),
    ]


def _chip(scene: Scene, condition: Condition) -> html.Button:
    words = sentences.condition(scene, condition)
    return html.Button(
        [words, html.Span("×", className="sweep-cross", **aria(hidden="true"))],
        className="sweep-chip",
        type="button",
        title=f"Stop selecting by this: {words}",
        **_drop(condition, words),
    )


def _drop(condition: Condition, words: str) -> dict[str, Any]:
    """What sweeps/page.mjs reads of a chip, and what a screen reader says."""
    return {"data-sweep-drop": condition.key} | aria(label=f"Stop selecting by this: {words}")


def _actions(scene: Scene) -> list[Any]:
    view, collection = scene.view, scene.table.collection
    run_ids = scene.table.frame["run_id"].to_numpy()[ordered(scene.table, view)[:MOST_RUNS]]
    total = int(scene.chosen.sum())
    which = f"first {MOST_RUNS} of {total:,}" if total > MOST_RUNS else f"{total:,}"
    files = [
        html.A(
            name,
            href=urls.sweep_file_url(collection, kind, view.where, view.ended),
            className="button",
            title=f"Download {'the selection' if view.where else 'these runs'} as {name}",
        )
        for kind, name in (("csv", "CSV"), ("parquet", "Parquet"))
    ]
    compare = dcc.Link(
        f"Compare ({which})",
        href=urls.compare_url(list(run_ids)),
        className="button button-primary",
        title=f"Side by side, at most {MOST_RUNS} at a time, in the order of the table",
    )
    return [*([compare] if total > 1 else []), *files]
