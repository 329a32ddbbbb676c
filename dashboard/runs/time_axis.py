"""What every figure over training time shares: the axis, the shaded phases, the tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from dashboard.base.theme import PHASE_OPACITY, PHASES, TEMPLATE
from dashboard.runs.fits import Phases

_LABEL_SHARE = 0.14
"""A phase narrower than this share of the axis is shaded without its name."""


@dataclass(frozen=True)
class TimeAxis:
    """Training steps from `first` to `last`, log or linear.

    `first` is 0, or later where all there is to draw starts from the snapshot of another run. A log
    axis has no 0: step 0 is drawn at `zero`, left of the first recorded step, and says so.
    """

    kind: str
    last: int
    zero: float
    first: int = 0

    @classmethod
    def over(cls, kind: str, recorded: Sequence[int] | NDArray[np.int64], last: int) -> TimeAxis:
        """The axis that holds all `recorded` steps and ends at `last`."""
        steps = np.asarray(recorded)
        positive = steps[steps > 0]
        first = int(positive.min()) if len(positive) else 1
        if len(positive) and len(positive) == len(steps):
            return cls(kind, max(last, first + 1), first, first)
        return cls(kind, max(last, first), first / 3)

    @property
    def is_log(self) -> bool:
        return self.kind == "log"

    def place(self, steps: ArrayLike) -> NDArray[np.float64]:
        """Where steps are drawn."""
        values = np.asarray(steps, np.float64)
        return np.where(values > 0, values, self.zero) if self.is_log else values

    def fraction(self, steps: ArrayLike) -> NDArray[np.float64]:
        """Where steps are drawn, as a share of the axis."""
        low, high = self.bounds
        placed = self.place(steps)
        return (np.log10(placed) if self.is_log else placed) / (high - low) - low / (high - low)

    @property
    def bounds(self) -> tuple[float, float]:
        """The axis's range, as plotly wants it: logarithms on a log axis."""
        if self.is_log:
            low, high = np.log10(self.zero), np.log10(self.last)
            return float(low - 0.02 * (high - low)), float(high + 0.02 * (high - low))
        margin = 0.01 * (self.last - self.first)
        return self.first - margin, self.last + margin

    def layout(self) -> dict[str, Any]:
        decades = {"dtick": 1, "minor": {"dtick": "D1", "showgrid": False}} if self.is_log else {}
        return {
            **decades,
            "type": self.kind,
            "range": list(self.bounds),
            "tickformat": "~s",
            "minorloglabels": "none",
            "title": {"text": "training step"},
        }


def time_figure(axis: TimeAxis, phases: Phases, y: dict[str, Any], name: str) -> go.Figure:
    """An empty figure over time with the phases shaded; `name` keeps its zoom through updates."""
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.update_layout(
        xaxis=axis.layout(),
        yaxis={"fixedrange": True, **y},
        hovermode="x",
        clickanywhere=True,
        showlegend=False,
        uirevision=f"{name} {axis.kind}",
        meta={"zero": axis.zero if axis.is_log else 0},
        margin={"t": 26},
    )
    for key, start, end in phase_spans(phases, axis.last):
        _shade(figure, axis, phases.name(key), PHASES[key][1], start, end)
    if axis.is_log and axis.first == 0:
        _name_zero(figure, axis)
    return figure


def phase_spans(phases: Phases, last: int) -> list[tuple[str, int, int]]:
    """(phase, first step, last step) for each phase whose boundaries are known.

    `last` is where the axis ends, which may be later than the run does.
    """
    end = last if phases.last is None else phases.last
    if phases.learning_end is None:
        return []
    spans = [("learning", phases.first, phases.learning_end)]
    if phases.stationary_from is None:
        return [*spans, ("directed", phases.learning_end, end)]
    return [
        *spans,
        ("directed", phases.learning_end, phases.stationary_from),
        ("null", phases.stationary_from, end),
    ]


def _shade(figure: go.Figure, axis: TimeAxis, name: str, colour: str, start: int, end: int) -> None:
    left, right = axis.fraction([start, end])
    x0, x1 = (float(value) for value in axis.place([start, end]))
    figure.add_shape(
        type="rect",
        x0=x0,
        x1=x1,
        y0=0,
        y1=1,
        yref="y domain",
        line_width=0,
        fillcolor=colour,
        opacity=PHASE_OPACITY,
        layer="below",
    )
    if right - left >= _LABEL_SHARE:
        figure.add_annotation(
            x=(left + right) / 2,
            xref="x domain",
            y=1,
            yref="y domain",
            yanchor="bottom",
            text=name,
            showarrow=False,
            font={"size": 11},
        )


def _name_zero(figure: go.Figure, axis: TimeAxis) -> None:
    figure.add_annotation(
        x=float(np.log10(axis.zero)),
        y=0,
        yref="y domain",
        yanchor="top",
        yshift=-4,
        text="0",
        showarrow=False,
    )


def compact(step: int) -> str:
    """A step in at most five characters: 950, 12k, 1.5M."""
    for size, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if step >= size:
            return f"{step / size:.3g}{letter}"
    return str(step)


def snapshot_axis(steps: Sequence[int], count: int = 6) -> dict[str, Any]:
    """An axis with one equal cell a snapshot, some of them labelled with their step."""
    chosen = np.unique(np.linspace(0, len(steps) - 1, min(count, len(steps))).round().astype(int))
    return {
        "type": "category",
        "tickmode": "array",
        "tickvals": chosen.tolist(),
        "ticktext": [compact(steps[index]) for index in chosen],
        "showgrid": False,
        "fixedrange": True,
    }


def snapshot_names(steps: Sequence[int]) -> list[str]:
    """The category of each snapshot on such an axis."""
    return [f"step {step:,}" for step in steps]
