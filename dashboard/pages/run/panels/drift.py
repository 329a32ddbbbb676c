"""How far tuning has moved after how long: mean squared shift of centroids against lag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.theme import BLUE, GREY, TEMPLATE, VERMILLION
from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import About, Panel
from dashboard.pages.run.reasons import NO_POSITION
from dashboard.runs.fits import phases
from dashboard.runs.place_words import PlaceWords, place_words
from simulation.analysis.drift_summary import shifts_of
from simulation.archive import Run
from simulation.metrics.centroids import Shifts, track_of

LAG_BINS = 30
FEWEST_PAIRS = 8
"""Pairs of moments behind a point; with fewer, the units' common jitter hides the rest."""
FEWEST_MOMENTS = 3
CAPTION = (
    "A field's centroid is its centre of mass {where}. Plotted is how far centroids have "
    "moved, squared and averaged over units, against the time in between. A random walk grows in "
    "proportion to time, with slope 2 D: D is the diffusion constant. The line starts above zero "
    "where fields also jitter about their {noun}. Points bend away from its dotted continuation "
    "because the {track} is finite and units differ in speed; at the dashed line they have "
    "forgotten where they were. Units that are not tuned at both moments do not count."
)


class Drift(Panel):
    id = "run-drift"
    height = "square"

    def about(self, look: Look) -> About:
        called = look.called
        caption = CAPTION.format(where=called.where, noun=called.noun, track=called.track)
        return About("Drift", "Mean squared shift of centroids against lag", caption)

    def missing(self, look: Look) -> str:
        curve = look.of(curve_of)
        return curve if isinstance(curve, str) else ""

    def never(self, look: Look) -> bool:
        return not look.run.config.task.has_position

    def figure(self, look: Look) -> go.Figure:
        curve = look.of(curve_of)
        assert isinstance(curve, DriftCurve), curve
        return drift_figure(curve, diffusion_line(look.run.record), look.called)

    def words(self, look: Look) -> str | None:
        curve = look.of(curve_of)
        if isinstance(curve, str):
            return None
        return drift_words(curve, diffusion_line(look.run.record), look.run)


def curve_of(look: Look) -> DriftCurve | str:
    """The curve, or why there is none."""
    return drift_curve(look.run)


@dataclass(frozen=True, eq=False)
class DriftCurve:
    """Mean squared shift of centroids against lag.

    Attributes
    ----------
    lags, mean_squared : at most 30 of them, ascending; steps, and the square of the unit of
        positions.
    since : first step that counts; null drift where there is any.
    ceiling : mean squared shift of centroids that have forgotten where they were.
    """

    lags: NDArray[np.float64]
    mean_squared: NDArray[np.float64]
    since: int
    ceiling: float


@dataclass(frozen=True)
class DiffusionLine:
    """offset + 2 D lag, as fitted up to `longest_lag`; D with its 95 % interval."""

    constant: float
    low: float
    high: float
    offset: float
    longest_lag: int

    def at(self, lags: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.offset + 2 * self.constant * lags


def drift_curve(run: Run) -> DriftCurve | str:
    """The curve of an ended run, or why there is none."""
    track = track_of(run.config.task)
    if track is None:
        return NO_POSITION
    if run.status.in_progress:
        return "Drift is measured once the run has ended."
    rows = run.centroids()
    since = run.record["stationary_from_step"]
    since = int(rows["step"].min()) if since is None and len(rows) else since
    rows = rows[rows["step"] >= since]
    if rows["step"].nunique() < FEWEST_MOMENTS:
        return "Too few centroids of tuning were recorded in this run to follow them."
    lags, means = _by_lag(shifts_of(rows["step"], rows["source"], rows["centroids"], track))
    return DriftCurve(lags, means, int(since), track.largest_mean_squared_shift)


def _by_lag(shifts: Shifts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean lag and mean shift in bins that are even on a log axis."""
    lag, shift = (shifts.step_b - shifts.step_a).astype(np.float64), shifts.mean_squared
    known = np.isfinite(shift) & (shift > 0)
    lag, shift = lag[known], shift[known]
    if not len(lag):
        return lag, shift
    edges = np.geomspace(lag.min(), lag.max() * 1.000001, LAG_BINS + 1)
    place = np.digitize(lag, edges) - 1
    counts = np.bincount(place, minlength=LAG_BINS)
    there = counts >= min(FEWEST_PAIRS, counts.max())
    sums = (np.bincount(place, values, LAG_BINS) for values in (lag, shift))
    lags, means = (total[there] / counts[there] for total in sums)
    return lags, means


def diffusion_line(record: Mapping[str, Any]) -> DiffusionLine | None:
    """The fitted line; None where no diffusion constant is known."""
    names = ("centroid_diffusion", *(f"centroid_diffusion_{part}" for part in _PARTS))
    values = [record.get(name) for name in names]
    if any(value is None or value != value for value in values):
        return None
    return DiffusionLine(*values)  # type: ignore[arg-type]


_PARTS = ("low", "high", "offset", "lag")


def drift_figure(curve: DriftCurve, line: DiffusionLine | None, called: PlaceWords) -> go.Figure:
    """Both axes logarithmic; the fitted line where it was fitted, and its continuation dotted."""
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.add_scatter(
        x=curve.lags,
        y=curve.mean_squared,
        mode="markers",
        name="units",
        marker={"color": BLUE, "size": 7},
        hovertemplate="after %{x:,.0f} steps<br>%{y:.3g} " + called.unit + "²<extra></extra>",
    )
    if line is not None:
        _draw_line(figure, curve, line)
    figure.add_scatter(
        x=curve.lags[[0, -1]],
        y=[curve.ceiling] * 2,
        mode="lines",
        name=f"{called.noun} forgotten",
        line={"color": GREY, "width": 1.2, "dash": "dash"},
        hoverinfo="skip",
    )
    decades = {"type": "log", "dtick": 1, "minor": {"dtick": "D1", "showgrid": False}}
    figure.update_layout(
        xaxis={**decades, "title": {"text": "lag (steps)"}, "tickformat": "~s"},
        yaxis={
            **decades,
            "title": {"text": f"mean squared shift ({called.unit}²)"},
            "exponentformat": "power",
        },
        showlegend=True,
        legend={"y": 1.04},
        margin={"t": 44},
    )
    return figure


def _draw_line(figure: go.Figure, curve: DriftCurve, line: DiffusionLine) -> None:
    first, last = float(curve.lags[0]), float(curve.lags[-1])
    for start, end, dash in ((first, line.longest_lag, "solid"), (line.longest_lag, last, "dot")):
        lags = np.geomspace(start, max(end, start), 60)
        shown = line.at(lags) < curve.ceiling
        figure.add_scatter(
            x=lags[shown],
            y=line.at(lags)[shown],
            mode="lines",
            name="offset + 2 D lag",
            line={"color": VERMILLION, "width": 1.8, "dash": dash},
            hoverinfo="skip",
            showlegend=dash == "solid",
        )


def drift_words(curve: DriftCurve, line: DiffusionLine | None, run: Run) -> str:
    """D with its interval and what it comes to, or why it is not known."""
    found = phases(run)
    when = "From the start of the run"
    if found.stationary_from is not None:
        steady = found.name("null")
        when = f"{steady if found.at_rest else f'In {steady.lower()}'}, from step {curve.since:,}"
    if line is None:
        reason = run.reasons.get("centroid_diffusion", "it is not known for runs recorded earlier")
        return f"{when}. No diffusion constant: {reason.rstrip('.')}."
    walked = np.sqrt(2 * max(line.constant, 0) * 1000)
    jitter, unit = np.sqrt(max(line.offset, 0) / 2), place_words(run.config.task).unit
    return (
        f"{when}: D = {_power(line.constant)} {unit}² a step (95 % interval "
        f"{_power(line.low)} to {_power(line.high)}), so a field walks {walked:.2g} {unit} in "
        f"1,000 steps, and jitters by {jitter:.2g}."
    )


def _power(value: float) -> str:
    """'1.65 × 10⁻⁴'."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_RAISED)}".replace("-", "−")


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


PANEL = Drift()
