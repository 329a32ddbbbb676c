"""One unit through the whole run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.controls import unit_choice
from dashboard.base.empty import empty_figure
from dashboard.base.theme import ACTIVITY_SCALE, TEMPLATE
from dashboard.base.words import count
from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import About, Panel
from dashboard.pages.run.place_axis import direction_lines, place_axis
from dashboard.runs.frames import Frame
from dashboard.runs.place_words import PlaceWords
from dashboard.runs.time_axis import snapshot_axis, snapshot_names
from dashboard.runs.tuning import to_bytes

MAX_SNAPSHOTS = 100
CHOICE = "run-unit-choice"
ABOUT = About(
    "One unit through time",
    "The followed unit's tuning over training",
    "One unit's tuning through the whole run, on one brightness scale: fields appear, move, "
    "sharpen and vanish. Choose a unit by a click in the maps or in the population, or type "
    "its number.",
)


class Unit(Panel):
    id = "run-unit"
    redrawn_by = frozenset({"unit", "maps", "snapshots"})
    moved_by = frozenset({"t"})
    speaks = True
    choices = (CHOICE,)
    clicked = "snapshot"
    cursor = "snapshot"
    height = "square"

    def about(self, _: Look) -> About:
        return ABOUT

    def controls(self, look: Look) -> list[Any]:
        return [unit_choice(CHOICE, look.limits.units, look.view.unit)]

    def figure(self, look: Look) -> go.Figure:
        if look.view.unit is None:
            return empty_figure("Click a unit to follow it here")
        return unit_figure(followed(look, look.view.unit), look.places, look.called)

    def words(self, look: Look) -> str:
        unit = look.view.unit
        return "" if unit is None else unit_words(unit, look.frame, followed(look, unit))


def followed(look: Look, unit: int) -> UnitHistory:
    """The history of a unit, of at most 100 snapshots, evenly chosen."""

    def read() -> UnitHistory:
        return unit_history([look.frame_at(step) for step in look.some_steps(MAX_SNAPSHOTS)], unit)

    return look.kept("unit", look.view.maps, unit, build=read)


@dataclass(frozen=True, eq=False)
class UnitHistory:
    """One unit through time: smoothed `maps` (S, K) in units of activity; NaN where silent."""

    steps: list[int]
    maps: NDArray[np.float32]
    information: NDArray[np.float64]


def unit_history(frames: Sequence[Frame], unit: int) -> UnitHistory:
    """One unit's map in each of `frames`."""
    peaks = np.array([frame.peak[unit] for frame in frames])
    maps = np.array([frame.shown[unit] for frame in frames]) * peaks[:, None]
    information = np.array([frame.information[unit] for frame in frames], np.float64)
    return UnitHistory([frame.step for frame in frames], maps, information)


def unit_figure(history: UnitHistory, places: pd.DataFrame, called: PlaceWords) -> go.Figure:
    """The unit's map at every snapshot: time runs right, places run up; one scale throughout."""
    top = np.nanmax(history.maps) if np.isfinite(history.maps).any() else 1.0
    figure = go.Figure(
        go.Heatmap(
            z=to_bytes(history.maps / top).T,
            x=snapshot_names(history.steps),
            zmin=0,
            zmax=255,
            colorscale=ACTIVITY_SCALE,
            showscale=False,
            hovertemplate="%{x}<extra></extra>",
        ),
        layout={"template": TEMPLATE},
    )
    lines = [
        {**line, "xref": "x domain", "yref": "y", "x0": 0, "x1": 1, "y0": at, "y1": at}
        for line in direction_lines(places)
        for at in (line["x0"],)
    ]
    axis = place_axis(places, called)
    figure.update_layout(
        xaxis={**snapshot_axis(history.steps), "title": {"text": "snapshot (training step)"}},
        yaxis={**axis, "fixedrange": True, "showgrid": False},
        shapes=lines,
    )
    return figure


def unit_words(unit: int, frame: Frame, history: UnitHistory) -> str:
    """How the followed unit stands now and how long it is active."""
    active = np.asarray(np.isfinite(history.maps).any(axis=1), np.bool_)
    alive = f"Active in {int(active.sum())} of {count(len(active), 'snapshot')}"
    if not np.isfinite(frame.peak[unit]):
        return f"Unit {unit} is silent at step {frame.step:,}. {alive}."
    bits = frame.information[unit]
    says = f"{bits:.2f} bits about position, " if np.isfinite(bits) else ""
    return (
        f"Unit {unit} at step {frame.step:,}: {says}peak activity {frame.peak[unit]:.3g}. {alive}."
    )


PANEL = Unit()
