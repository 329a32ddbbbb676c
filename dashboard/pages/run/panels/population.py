"""Every unit at one moment: how strongly it fires and how much it says about position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from dash import Patch
from numpy.typing import NDArray

from dashboard.base.theme import BLUE, TEMPLATE, VERMILLION
from dashboard.base.words import count
from dashboard.pages.run.activity import active_units, signs
from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import About, Panel
from dashboard.runs.frames import Frame
from dashboard.runs.tuning import silent
from simulation.metrics.spatial import TUNED_THRESHOLD_BITS

RANGE_FRAMES = 8
"""Snapshots that the axes are made to hold, evenly chosen."""
CAPTION = (
    "One point a unit. Right: it fires more; up: its activity says more about {noun}. Silent "
    "units are not drawn. Click a point to follow that unit."
)
SAMPLES_CAPTION = (
    "One point a unit. Right: it fires more; up: it responds to more of the samples. Silent units "
    "are not drawn. Click a point to follow that unit."
)
SIGNED_CAPTION = (
    "One point a unit. Right: its activity is larger in magnitude; up: it is active in more "
    "places. Silent units are not drawn. Click a point to follow that unit."
)
_DEFAULT_LOGS = (-3.0, 0.0)


class Population(Panel):
    id = "run-population"
    redrawn_by = frozenset({"maps", "snapshots"})
    moved_by = frozenset({"t", "unit"})
    speaks = True
    clicked = "point"
    height = "half"

    def about(self, look: Look) -> About:
        caption = CAPTION.format(noun=look.called.noun)
        if not look.frame.informative:
            caption = SAMPLES_CAPTION if look.view.maps == "samples" else SIGNED_CAPTION
        return About("Population", "Every active unit as a point", caption)

    def figure(self, look: Look) -> go.Figure:
        def axes() -> PopulationRange:
            steps = look.some_steps(RANGE_FRAMES)
            return PopulationRange.over([look.frame_at(step) for step in steps])

        held = look.kept("population", look.view.maps, build=axes)
        return population_figure(look.frame, held, look.view.unit)

    def moved(self, look: Look) -> Patch:
        patch = Patch()
        groups = population_points(look.frame), followed_point(look.frame, look.view.unit)
        for index, points in enumerate(groups):
            for key, values in points.items():
                patch["data"][index][key] = values
        return patch

    def words(self, look: Look) -> str:
        return population_words(look.frame, look.called.noun)


@dataclass(frozen=True)
class PopulationRange:
    """Axes that hold the frames of a run: log10 of activity, and the largest value upwards."""

    log_low: float
    log_high: float
    highest: float

    @classmethod
    def over(cls, frames: Sequence[Frame]) -> PopulationRange:
        logs = np.concatenate([np.log10(frame.mean_activity[_active(frame)]) for frame in frames])
        tops = np.concatenate([upwards(frame)[_active(frame)] for frame in frames])
        tops = tops[np.isfinite(tops)]
        low, high = (logs.min(), logs.max()) if len(logs) else _DEFAULT_LOGS
        pad = 0.05 * (high - low) + 0.05
        return cls(
            float(low - pad), float(high + pad), float(tops.max()) * 1.08 if len(tops) else 1.0
        )


def _active(frame: Frame) -> NDArray[np.bool_]:
    return ~silent(frame.shown)


def upwards(frame: Frame) -> NDArray[np.floating]:
    """What is drawn upwards: spatial information, or where there is none the active share."""
    return frame.information if frame.informative else frame.active_share


def population_points(frame: Frame) -> dict[str, Any]:
    """The active units as points; `customdata` is the unit."""
    units = np.flatnonzero(_active(frame) & np.isfinite(upwards(frame)))
    return {
        "x": frame.mean_activity[units].tolist(),
        "y": upwards(frame)[units].tolist(),
        "customdata": units.tolist(),
    }


def followed_point(frame: Frame, unit: int | None) -> dict[str, Any]:
    """The followed unit's point; none while it is silent."""
    points = population_points(frame)
    here = [at for at, number in enumerate(points["customdata"]) if number == unit]
    return {key: [values[at] for at in here] for key, values in points.items()}


def population_figure(frame: Frame, axes: PopulationRange, unit: int | None) -> go.Figure:
    """One point a unit that is active at this moment."""
    shares = "share of samples" if frame.source == "samples" else "share of places"
    what = "%{y:.3f} bits" if frame.informative else f"active in a {shares} of %{{y:.0%}}"
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.add_scatter(
        **population_points(frame),
        mode="markers",
        marker={"color": BLUE, "size": 7, "opacity": 0.55, "line": {"width": 0}},
        hovertemplate=f"unit %{{customdata}}<br>activity %{{x:.3g}}<br>{what}<extra></extra>",
    )
    figure.add_scatter(
        **followed_point(frame, unit),
        mode="markers",
        marker={"color": VERMILLION, "size": 13, "symbol": "circle-open", "line": {"width": 3}},
        hovertemplate="unit %{customdata}, followed<extra></extra>",
    )
    title = "spatial information (bits)" if frame.informative else shares
    figure.update_layout(
        xaxis={
            "type": "log",
            "title": {"text": f"mean {'magnitude of ' * frame.can_be_negative}activity"},
            "range": [axes.log_low, axes.log_high],
            "fixedrange": True,
            "minorloglabels": "none",
            "exponentformat": "power",
        },
        yaxis={"title": {"text": title}, "range": [0, axes.highest], "fixedrange": True},
        showlegend=False,
        hovermode="closest",
    )
    return figure


def population_words(frame: Frame, noun: str = "position") -> str:
    """How many units are active, and tuned to what `noun` says, at this moment."""
    start = f"Step {frame.step:,}: {active_units(frame)}"
    if not frame.informative:
        quiet = count(int(silent(frame.shown).sum()), "silent unit")
        return f"{start}. {quiet} not drawn.{signs(frame)}"
    tuned = int((frame.information > TUNED_THRESHOLD_BITS).sum())
    median = np.median(frame.information[np.isfinite(frame.information)]) if tuned else None
    middle = f", median {median:.2f} bits" if median is not None else ""
    return f"{start}, {tuned:,} tuned to {noun}{middle}."


PANEL = Population()
