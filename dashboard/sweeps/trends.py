"""Lines through a scatter: straight lines and power laws with their interval, and theory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.sweeps.columns import Field
from simulation.fidelity.exponent import Exponent, exponent

Values = NDArray[np.float64]

MOST_RESAMPLED = 200
"""Above this many runs the interval comes from the robust variance of the slope: resampling pairs
gives the same within a few percent there, and takes long."""
NORMAL_95 = 1.959964
THEORY = {
    ("noise.update_scale", "log10_sparsification_rate"): 2.0,
    ("noise.update_scale", "tau_steps"): -2.0,
}
"""(x, y) -> exponent: the speed towards flatter places grows with the variance of the noise in the
update (Blanc et al. 2020), so the rate of falling silent with s², its timescale with 1/s²."""
_POINTS = 41


@dataclass(frozen=True)
class Trend:
    """A line through the points of one colour, or of all.

    Attributes
    ----------
    name : of the colour; empty: all points.
    fit : slope (of a power law: the exponent) with its 95 % interval and intercept; None with
        fewer than 8 points.
    x, y : (points,), the line to draw, in the columns' own units.
    used, left_out : points the fit is made of, and points without a logarithm.
    """

    name: str
    fit: Exponent | None
    x: Values
    y: Values
    used: int
    left_out: int


@dataclass(frozen=True)
class Scales:
    """How a fit sees the two columns: as they are, or their logarithm."""

    x: Field
    y: Field
    power: bool

    def seen(self, x: Values, y: Values) -> tuple[Values, Values]:
        """The values that lie on a straight line; NaN: none."""
        return _seen(x, self.power and not self.x.is_logarithm), _seen(
            y, self.power and not self.y.is_logarithm
        )

    def line(self, x: Values, fit: Exponent) -> tuple[Values, Values]:
        """The fitted line over the range of `x`, in the columns' own units."""
        log_x, log_y = (self.power and not field.is_logarithm for field in (self.x, self.y))
        places = np.linspace(x.min(), x.max(), _POINTS)
        heights = fit.intercept + fit.slope * places
        return (10**places if log_x else places), (10**heights if log_y else heights)


def _seen(values: Values, logarithm: bool) -> Values:
    if not logarithm:
        return values
    return np.log10(values, out=np.full(len(values), np.nan), where=values > 0)


def trends(
    scales: Scales, x: Values, y: Values, groups: Iterable[tuple[str, NDArray[np.bool_]]]
) -> list[Trend]:
    """A line for each group, (name, (points,) mask)."""
    return [_trend(name, scales, x[mask], y[mask]) for name, mask in groups]


def _trend(name: str, scales: Scales, x: Values, y: Values) -> Trend:
    seen_x, seen_y = scales.seen(x, y)
    there = np.isfinite(seen_x) & np.isfinite(seen_y)
    seen_x, seen_y = seen_x[there], seen_y[there]
    fit = fitted(seen_x, seen_y)
    drawn = (np.empty(0), np.empty(0)) if fit is None else scales.line(seen_x, fit)
    return Trend(name, fit, *drawn, int(there.sum()), int((~there).sum()))


def theory(scales: Scales, x: Values, y: Values) -> tuple[float, Values, Values] | None:
    """Exponent and line that theory gives, drawn through the middle of the points."""
    slope = THEORY.get((scales.x.name, scales.y.name))
    if slope is None or not scales.power:
        return None
    seen_x, seen_y = scales.seen(x, y)
    there = np.isfinite(seen_x) & np.isfinite(seen_y)
    if there.sum() < 2:
        return None
    seen_x, seen_y = seen_x[there], seen_y[there]
    line = Exponent(0, slope, slope, slope, float(seen_y.mean() - slope * seen_x.mean()))
    return slope, *scales.line(seen_x, line)


def fitted(x: Values, y: Values) -> Exponent | None:
    """Least squares with a 95 % interval; `exponent` for up to 200 points.

    Above: the heteroscedasticity-consistent variance of the slope (White 1980),
    sum (dx e)² / (sum dx²)² with residuals e, and the normal quantile.
    """
    if len(x) <= MOST_RESAMPLED:
        return exponent(x, y)
    away = x - x.mean()
    spread = float(away @ away)
    if spread == 0:
        return None
    slope = float(away @ y) / spread
    residual = y - y.mean() - slope * away
    reach = NORMAL_95 * float(np.sqrt(((away * residual) ** 2).sum())) / spread
    intercept = float(y.mean() - slope * x.mean())
    return Exponent(len(x), slope, slope - reach, slope + reach, intercept)
