"""Every unit at one moment: how strongly it fires and how much it says about position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.theme import BLUE, TEMPLATE, VERMILLION
from dashboard.runs.frames import Frame
from dashboard.runs.tuning import silent

_DEFAULT_LOGS = (-3.0, 0.0)


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
