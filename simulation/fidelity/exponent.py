"""The exponent of a power law with its interval, and two of them side by side.

NumPy alone, so that the dashboard can compute what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.fidelity.compare import FEWEST, Verdict

RESAMPLES = 4_000

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Exponent:
    """Slope of a straight line through log10 y against log10 x, with a 95 % interval."""

    n: int
    slope: float
    low: float
    high: float
    intercept: float


def exponent(log_x: ArrayLike, log_y: ArrayLike) -> Exponent | None:
    """Least squares through the pairs that are numbers; None with fewer than `FEWEST`.

    The interval is that of the slopes of resampled pairs (percentile bootstrap with a fixed seed):
    it needs no assumption about the scatter, which here grows towards weak noise.
    """
    x, y = np.asarray(log_x, np.float64), np.asarray(log_y, np.float64)
    there = np.isfinite(x) & np.isfinite(y)
    x, y = x[there], y[there]
    if len(x) < FEWEST or np.ptp(x) == 0:
        return None
    slope, intercept = _line(x[None], y[None])
    chosen = np.random.default_rng(0).integers(0, len(x), (RESAMPLES, len(x)))
    slopes, _ = _line(x[chosen], y[chosen])
    low, high = np.nanquantile(slopes, (0.025, 0.975))
    return Exponent(len(x), float(slope[0]), float(low), float(high), float(intercept[0]))


def _line(x: Values, y: Values) -> tuple[Values, Values]:
    """Slope and intercept along the last axis; NaN where x does not vary."""
    mean_x, mean_y = x.mean(axis=-1), y.mean(axis=-1)
    from_mean = x - mean_x[..., None]
    variance = (from_mean**2).sum(axis=-1)
    covariance = (from_mean * (y - mean_y[..., None])).sum(axis=-1)
    slope = np.divide(covariance, variance, out=np.full_like(variance, np.nan), where=variance > 0)
    return slope, mean_y - slope * mean_x


def judge_exponents(
    published: Exponent | None, ours: Exponent | None, explanation: str = ""
) -> tuple[Verdict, str]:
    """Whether two slopes agree: they differ by no more than the 95 % interval of the difference.

    Its half width is the root of the summed squares of the halves of both intervals.
    """
    if published is None or ours is None:
        return Verdict.TOO_FEW, f"a comparison takes {FEWEST} runs of each"
    difference = ours.slope - published.slope
    reach = float(np.hypot(published.high - published.low, ours.high - ours.low) / 2)
    words = f"the slopes differ by {abs(difference):.2f} ± {reach:.2f} (95 % interval)"
    if abs(difference) <= reach:
        return Verdict.AGREES, words
    if explanation:
        return Verdict.EXPLAINED, f"{words}: {explanation}"
    return Verdict.OPEN, f"{words}; why is open"
