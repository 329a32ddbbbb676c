"""The sparsification rate as the paper's published tables define it.

Ratzon, Derdikman & Barak, eLife 12:RP90069: column `log_tau` of the published simulations, which
is the logarithm of a rate (one over a time).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.models.feedforward import Array
from simulation.tasks.dataset import FloatArray

FALL_FITTED = 0.9
"""Share of the curve's whole fall that is fitted."""
LIFT = 1e-10
"""What the lowest point is lifted to before its logarithm is taken."""
FEWEST_POINTS = 3


@dataclass(frozen=True)
class RateFit:
    """A straight line through the logarithm of a falling curve.

    Attributes
    ----------
    log10_rate : log10 of the rate of decay per step; None if the curve gives none, see `reason`.
    reason : why there is no rate; else empty.
    intercept : natural logarithm of the line at step 0.
    floor : what was subtracted from the curve before its logarithm.
    first_step, last_step : the fitted part of the curve.
    """

    log10_rate: float | None
    reason: str = ""
    intercept: float = float("nan")
    floor: float = float("nan")
    first_step: int = 0
    last_step: int = 0

    def predict(self, steps: NDArray[np.integer] | Array) -> FloatArray:
        """The fitted curve, floor + exp(intercept - rate * step); NaN without a rate."""
        if self.log10_rate is None:
            return np.full(np.shape(steps), np.nan)
        rate = 10**self.log10_rate
        return self.floor + np.exp(self.intercept - rate * np.asarray(steps, np.float64))


def published_rate(steps: NDArray[np.integer], active_units: Array) -> RateFit:
    """The published rate of sparsification of a curve of the share of active units.

    The curve is cut before the first recording that is closest to max - 0.9 (max - min); what is
    left is shifted so that its minimum is 1e-10; its natural logarithm is fitted with a straight
    line, the squared residuals weighted with t/t_max in reverse order (from 1 at the start to 0 at
    the end). tau = -1/slope, in steps. On the published curves, recordings are evenly spaced.

    Parameters
    ----------
    steps : (T,), ascending.
    active_units : (T,), share of units active on at least one sample.
    """
    steps = np.asarray(steps, np.float64)
    values = np.asarray(active_units, np.float64)
    if len(values) < FEWEST_POINTS:
        return RateFit(None, "the curve has too few recordings")
    if not np.isfinite(values).all():
        return RateFit(None, "the curve has recordings that are not numbers")
    span = values.max() - values.min()
    if span == 0:
        return RateFit(None, "the curve is flat")
    end = int(np.abs(values - (values.max() - FALL_FITTED * span)).argmin())
    if end < FEWEST_POINTS:
        return RateFit(None, "the curve falls within its first few recordings, or rises")
    floor = values[:end].min() - LIFT
    weights = np.sqrt(np.flip(steps[:end] / steps[end - 1]))
    slope, intercept = np.polyfit(steps[:end], np.log(values[:end] - floor), 1, w=weights)
    if slope >= 0:
        return RateFit(None, "the curve rises")
    return RateFit(
        log10_rate=float(np.log10(-slope)),
        intercept=float(intercept),
        floor=float(floor),
        first_step=int(steps[0]),
        last_step=int(steps[end - 1]),
    )
