"""How well tau can be known from a curve that moves in steps, such as a share of units.

n units that fall silent independently, each after an exponential time, leave a curve that differs
from its expectation by a noise that is neither stationary nor visible as scatter: at times s < t
its covariance is f(t) (1 - f(s)) / n, f being the expected share that is still active. Such a
curve looks smooth and yet does not determine tau better than to about 1/sqrt(n).
"""

from __future__ import annotations

import numpy as np

from simulation.analysis.decay import Decay, DecayLikelihood
from simulation.tasks.dataset import FloatArray

NORMAL_95 = 1.959963984540054
"""A normal variable is within this many standard deviations 95 % of the time."""
STRIDE = 1e-3
"""Relative change of tau over which derivatives are taken."""


def smallest_step(values: FloatArray) -> float:
    """The least difference between two distinct values: one unit, in a share of units."""
    return float(np.diff(np.unique(values)).min())


def counting_spread(likelihood: DecayLikelihood, best: Decay, step: float) -> float:
    """Standard deviation of log tau that is due to units falling silent one at a time.

    The fit's response to a small disturbance of the curve, applied to the covariance of n =
    amplitude/step independent events (the 'sandwich' formula, c, a, t0 and tau being fitted).
    """
    shape = likelihood.shape(best.tau, best.onset)
    by_log_tau = likelihood.shape(best.tau * (1 + STRIDE), best.onset) - shape
    by_onset = likelihood.shape(best.tau, best.onset + STRIDE * best.tau) - shape
    slopes = np.stack(
        [
            best.amplitude * by_log_tau / STRIDE,
            best.amplitude * by_onset / STRIDE,
            shape,
            np.ones_like(shape),
        ]
    )
    white = likelihood.whiten(slopes, best.memory)
    response = np.linalg.pinv(white @ white.T) @ white
    later, earlier = np.minimum.outer(shape, shape), np.maximum.outer(shape, shape)
    noise = abs(best.amplitude) * step * later * (1 - earlier)
    seen = likelihood.whiten(likelihood.whiten(noise, best.memory).T, best.memory)
    return float(np.sqrt(response[0] @ seen @ response[0]))


def widened(bound: float | None, tau: float, spread: float) -> float | None:
    """An end of tau's 95 % interval, moved away from tau by an independent spread of log tau.

    0 or inf where so wide a spread says nothing.
    """
    if bound is None:
        return None
    distance = np.log(bound / tau)
    with np.errstate(over="ignore"):
        return float(tau * np.exp(np.sign(distance) * np.hypot(distance, NORMAL_95 * spread)))
