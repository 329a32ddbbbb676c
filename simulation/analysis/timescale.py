"""How long sparsification takes: tau of a curve of active units, with its uncertainty.

Two measures: `published_rate`, the paper's, to compare with the published tables; and
`robust_timescale`, which allows for an initial plateau and for noise, gives an interval, and
says so where a curve does not support a timescale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.analysis.counting import counting_spread, smallest_step, widened
from simulation.analysis.decay import Decay, DecayLikelihood, decay_shape
from simulation.analysis.published import RateFit, published_rate
from simulation.models.feedforward import Array
from simulation.tasks.dataset import FloatArray

__all__ = ["RateFit", "TimescaleFit", "published_rate", "robust_timescale"]

FEWEST_RECORDINGS = 20
BINS = 200
"""The curve is averaged into at most this many bins before it is fitted."""
WINDOW = 10.0
"""The curve is fitted up to this many times the step at which 90 % of its fall is over."""
LEAST_FALL = 0.05
"""Smallest fall, as a share of the level it starts from, that counts as one."""
LEAST_EVIDENCE = 20.0
"""A decay must be more likely than no decay by this difference of -2 log likelihood."""
LEAST_R_SQUARED = 0.5
LEAST_DECAY = 1.5
"""How many tau of the decay must have been recorded."""
WIDEST_INTERVAL = 10.0
"""Largest ratio of the interval's two ends."""


@dataclass(frozen=True)
class TimescaleFit:
    """The timescale of y(t) = c + a until t0, then c + a exp(-(t - t0)/tau).

    Attributes
    ----------
    verdict : 'identified' or 'not identifiable'.
    reason : why it is not identifiable, one sentence; else empty.
    tau_steps : tau; None, as all that follow, where the verdict is 'not identifiable'.
    low, high : 95 % interval of tau, in steps.
    onset_step, floor, amplitude : t0, c and a.
    r_squared : share of the variance of the fitted (averaged) curve that the decay explains;
        given whenever a decay was fitted.
    """

    verdict: str
    reason: str = ""
    tau_steps: float | None = None
    low: float | None = None
    high: float | None = None
    onset_step: float | None = None
    floor: float | None = None
    amplitude: float | None = None
    r_squared: float | None = None

    def predict(self, steps: NDArray[np.integer] | Array) -> FloatArray:
        """The fitted curve; NaN where the timescale is not identifiable."""
        times = np.asarray(steps, np.float64)
        if (
            self.tau_steps is None
            or self.onset_step is None
            or self.floor is None
            or self.amplitude is None
        ):
            return np.full(times.shape, np.nan)
        return self.floor + self.amplitude * decay_shape(times, self.tau_steps, self.onset_step)


def robust_timescale(steps: NDArray[np.integer], values: Array) -> TimescaleFit:
    """Fit a plateau followed by an exponential decay, if the curve supports one.

    Recordings, however spaced, are averaged into even bins of time that reach from the start to
    ten times the step at which 90 % of the fall is over. c, a, t0, tau, and the size and memory
    of the autocorrelated noise are found by maximum likelihood (`simulation.analysis.decay`). The
    interval is tau's 95 % profile-likelihood interval, all others being free, widened by the
    chance with which units fall silent one at a time (`simulation.analysis.counting`).

    'not identifiable', with the reason, where: there are too few recordings; the curve is flat,
    rises, or no decay stands out from its noise; the decay is too fast for the recordings or
    too slow for the run; or the interval spans more than a factor of ten.

    Parameters
    ----------
    steps : (T,), ascending, evenly spaced or not.
    values : (T,), for example the share of active units; what is not a number is left out.
    """
    known = np.isfinite(values)
    times = np.asarray(steps, np.float64)[known]
    curve = np.asarray(values, np.float64)[known]
    if len(curve) < FEWEST_RECORDINGS:
        return _not_identifiable(f"the curve has fewer than {FEWEST_RECORDINGS} recordings")
    if np.ptp(curve) == 0:
        return _not_identifiable("the curve is flat")
    inside, starts = _groups(times, curve)
    if len(starts) < FEWEST_RECORDINGS or np.ptp(curve[inside]) == 0:
        return _not_identifiable("the curve falls faster than the recordings resolve")
    likelihood = DecayLikelihood(times[inside], curve[inside], starts)
    best = likelihood.best_decay()
    fitted = best.floor + best.amplitude * likelihood.shape(best.tau, best.onset)
    r_squared = float(1 - np.var(likelihood.values - fitted) / np.var(likelihood.values))
    spread = counting_spread(likelihood, best, smallest_step(curve))
    low = widened(likelihood.tau_bound(best, -1), best.tau, spread)
    high = widened(likelihood.tau_bound(best, +1), best.tau, spread)
    evidence = likelihood.constant_deviance() - best.deviance
    reason = _objection(best, low, high, evidence, r_squared, float(times[inside][-1]))
    if reason:
        return _not_identifiable(reason, r_squared)
    return TimescaleFit(
        verdict="identified",
        tau_steps=best.tau,
        low=low,
        high=high,
        onset_step=best.onset,
        floor=best.floor,
        amplitude=best.amplitude,
        r_squared=r_squared,
    )


def _not_identifiable(reason: str, r_squared: float | None = None) -> TimescaleFit:
    return TimescaleFit("not identifiable", reason, r_squared=r_squared)


def _groups(times: FloatArray, curve: FloatArray) -> tuple[slice, NDArray[np.integer]]:
    """The part of the curve that matters for its decay, and where its bins of time start."""
    parts = np.array_split(np.arange(len(times)), min(BINS, len(times)))
    level = np.array([curve[part].mean() for part in parts])
    peak = int(level.argmax())
    fallen = np.flatnonzero(level[peak:] <= level.max() - 0.9 * np.ptp(level))
    ninety = parts[peak + fallen[0]] if len(fallen) else parts[-1]
    end = min(WINDOW * times[ninety].mean(), times[-1])
    inside = slice(0, int(np.searchsorted(times, end, "right")))
    bins = np.ceil(times[inside] * (BINS / end))
    return inside, np.flatnonzero(np.diff(bins, prepend=-1))


def _objection(
    best: Decay,
    low: float | None,
    high: float | None,
    evidence: float,
    r_squared: float,
    end: float,
) -> str:
    """Why the curve does not support this decay; empty if it does."""
    if best.amplitude <= 0:
        return "the curve rises"
    if best.amplitude < LEAST_FALL * abs(best.floor + best.amplitude):
        return f"the curve is flat: it falls by less than {LEAST_FALL:.0%} of its level"
    if evidence < LEAST_EVIDENCE or r_squared < LEAST_R_SQUARED:
        return "no decay stands out from the noise of the curve"
    if low is None and high is None:
        return "the curve does not tell a sudden fall from a slow one"
    if low is None:
        return "the curve falls faster than the recordings resolve"
    if end - best.onset < LEAST_DECAY * best.tau or high is None:
        return "the run is too short: the curve has not come near a floor"
    if high > WIDEST_INTERVAL * low:
        return f"the curve only tells that tau is between {low:.2g} and {high:.2g} steps"
    return ""
