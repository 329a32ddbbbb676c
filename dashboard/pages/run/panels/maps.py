"""Rate maps of the whole population at one moment, or at four; one row a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import Patch, html

from dashboard.base.controls import choice, long_choice
from dashboard.base.packed import packed
from dashboard.base.words import count
from dashboard.pages.run.activity import active_units, signs
from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import About, Panel
from dashboard.pages.run.place_axis import direction_lines, direction_names, place_axis
from dashboard.pages.run.unit_rows import row_names, rows_picture, unit_marks
from dashboard.runs.fits import phases
from dashboard.runs.frames import Frame
from dashboard.runs.place_words import PlaceWords, place_words
from dashboard.runs.tuning import (
    Bytes,
    Order,
    SortedGrid,
    grid_moments,
    peak_order,
    silent,
    sorted_grid,
    to_bytes,
)
from dashboard.urls import source_parts
from simulation.config import RunConfig

VIEW, SORT = "run-maps-view", "run-maps-sort"
ROWS, SOURCE = "run-maps-rows", "run-maps-source"
FEW_SOURCES = 2
SOURCES = {"evaluation": "long walk", "training": "training", "samples": "samples"}
CAPTION = (
    "Each row is a hidden unit, each column a {column}; brighter is more active, every "
    "row scaled to its own peak. Sorting by one moment and looking at another shows drift: the "
    "diagonal dissolves while the task is still solved. Click a row to follow that unit."
)
SAMPLES_CAPTION = (
    "Each row is a hidden unit, each column a training sample; brighter is more active, every row "
    "scaled to its own peak. Click a row to follow that unit."
)


class Maps(Panel):
    id = "run-maps"
    redrawn_by = frozenset({"view", "rows", "maps", "sort", "unit"})
    moved_by = frozenset({"t", "snapshots"})
    speaks = True
    choices = (VIEW, SORT, ROWS, SOURCE)
    clicked = "row"
    height = "maps"
    style_name = "panel-maps"

    def about(self, look: Look) -> About:
        with_track = look.view.maps != "samples"
        return About(
            "Rate maps" if with_track else "Activity by sample",
            "Activity of every unit",
            maps_caption(look.run.config) if with_track else SAMPLES_CAPTION,
        )

    def controls(self, look: Look) -> list[Any]:
        view = look.view
        return [
            choice(VIEW, "View", {"sorted": "one moment", "grid": "4 × 4"}, view.view),
            choice(SORT, "Sorted by", sort_options(view.sort), sort_value(view.sort)),
            choice(ROWS, "Rows", {"active": "active", "all": "all units"}, view.rows),
            source_choice(look.limits.sources, view.maps),
        ]

    def figure(self, look: Look) -> go.Figure:
        unit = look.view.unit
        if look.view.view == "grid":
            return sorted_grid_figure(*look.of(moments_grid), unit)
        return rate_map_figure(*look.of(sorted_cells), look.places, unit, look.called)

    def moved(self, look: Look) -> Any:
        if look.view.view == "grid":
            return self.figure(look)
        cells, order = look.of(sorted_cells)
        patch = Patch()
        patch["data"][0]["z"] = packed(cells)
        patch["data"][0]["y"] = row_names(order)
        patch["layout"]["shapes"] = marks(order, look.places, look.view.unit)
        patch["layout"]["yaxis"]["title"]["text"] = rows_title(order)
        return patch

    def words(self, look: Look) -> str:
        if look.view.view == "grid":
            grid, moments = look.of(moments_grid)
            return grid_shown(grid, len(moments), look.view.rows == "active")
        rows = len(look.of(sorted_cells)[1])
        return maps_shown(look.frame, sort_step(look), rows, look.called.noun)


def maps_caption(config: RunConfig) -> str:
    """How to read maps over the positions of this task."""
    column = "direction" if place_words(config.task).is_angle else "place"
    if config.task.kind == "corridor":
        column = "place (both directions of travel side by side)"
    return CAPTION.format(column=column)


def source_choice(sources: Sequence[str], value: str) -> html.Div:
    """Which samples are behind the maps, where there are several kinds."""
    control = choice if len(sources) <= FEW_SOURCES else long_choice
    options = {source: source_label(source) for source in sources}
    return html.Div(
        control(SOURCE, "Samples behind the maps", options, value), hidden=len(sources) < 2
    )


def source_label(source: str) -> str:
    """'long walk', or 'arena 2, long walk' where there are several."""
    kind, arena = source_parts(source)
    return f"arena {arena}, {SOURCES[kind]}" if arena else SOURCES[kind]


def sort_options(sort: int | str) -> dict[str, str]:
    """Ways to sort; a pinned moment is one of them, under its step."""
    pinned = "pin" if isinstance(sort, str) else f"step {sort:,}"
    return {"last": "by the end", "now": "by the cursor", "pin": pinned}


def sort_value(sort: int | str) -> str:
    return sort if isinstance(sort, str) else "pin"


def sort_step(look: Look) -> int:
    """The snapshot whose peaks order the maps."""
    if look.view.sort == "now":
        return look.step
    return look.limits.steps[-1] if look.view.sort == "last" else int(look.view.sort)


def sorted_cells(look: Look) -> tuple[Bytes, Order]:
    """The maps' bytes, a row a unit, and which units these are."""
    reference, shown = look.frame_at(sort_step(look)).shown, look.frame.shown
    order = peak_order(reference)
    if look.view.rows == "active":
        order = order[~(silent(reference) & silent(shown))[order]]
    return to_bytes(shown[order]), order


def moments_grid(look: Look) -> tuple[SortedGrid, list[int]]:
    """The maps of a few moments up to the cursor, each sorted by each, and the moments."""
    moments = grid_moments(look.limits.steps, look.step, phases(look.run).learning_end)
    always = look.view.rows == "active"
    return sorted_grid([look.frame_at(step).shown for step in moments], always=always), moments


def rate_map_figure(
    cells: Bytes, order: Order, places: pd.DataFrame, unit: int | None, called: PlaceWords
) -> go.Figure:
    """Maps as bytes (rows already in `order`), each unit scaled to its own peak.

    `called` says what the task's positions are.
    """
    figure = rows_picture(cells, order)
    figure.update_layout(
        xaxis=place_axis(places, called),
        yaxis_title_text=rows_title(order),
        shapes=marks(order, places, unit),
        annotations=direction_names(places),
    )
    return figure


def rows_title(order: Order) -> str:
    """What the rows are."""
    return f"{len(order):,} {'unit' if len(order) == 1 else 'units'}, sorted"


def sorted_grid_figure(grid: SortedGrid, steps: Sequence[int], unit: int | None) -> go.Figure:
    """The paper's square: columns are moments, rows are what the units are sorted by."""
    figure = rows_picture(grid.cells, grid.row_units)
    figure.update_layout(
        xaxis={
            "tickvals": grid.column_centres,
            "ticktext": [f"at {step:,}" for step in steps],
            "side": "top",
            "ticks": "",
        },
        yaxis={
            "tickmode": "array",
            "tickvals": grid.row_centres,
            "ticktext": [f"by {step:,}" for step in steps],
            "tickangle": -90,
            "showticklabels": True,
        },
        shapes=unit_marks(grid.row_units, unit),
        margin={"l": 34, "t": 34, "b": 14},
    )
    return figure


def marks(order: Order, places: pd.DataFrame, unit: int | None) -> list[dict[str, Any]]:
    """What is drawn over the maps: the border between directions, the followed unit's row."""
    return [*direction_lines(places), *unit_marks(order, unit)]


def maps_shown(frame: Frame, order_step: int, rows: int, noun: str = "position") -> str:
    """What the sorted maps show; `noun` is what units are tuned to."""
    empty = rows - int((~silent(frame.shown)).sum())
    what = "sample that drives them most" if frame.source == "samples" else f"{noun} of their peak"
    silent_rows = f" {count(empty, 'empty row')}: silent here." if empty else ""
    return (
        f"Step {frame.step:,}: {active_units(frame)}. "
        f"Rows in the order of the {what} at step {order_step:,}.{silent_rows}{signs(frame)}"
    )


def grid_shown(grid: SortedGrid, moments: int, always: bool) -> str:
    """What the square of sorted maps shows."""
    where = "the one moment" if moments == 1 else "all moments" if always else "one or more moments"
    if grid.units == 0:
        return f"No unit is active at {where}."
    part = "" if grid.units == grid.eligible else f", {grid.units} of them drawn, evenly chosen"
    few = " Move the cursor later to compare more moments." if moments < 4 else ""
    return f"{count(grid.eligible, 'unit')} active at {where}{part}.{few}"


PANEL = Maps()
