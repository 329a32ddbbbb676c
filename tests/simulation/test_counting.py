"""What a curve of falling units can tell, against dense algebra."""

import math

import numpy as np
import pytest
from scipy.stats import chi2, norm, t

from simulation.analysis.counting import NORMAL_95, counting_spread, smallest_step, widened
from simulation.analysis.decay import CHI_SQUARED_95, Decay, DecayLikelihood
from simulation.analysis.diffusion import T_975

TIMES = np.arange(0.0, 400.0, 5.0)


def test_the_points_of_distributions_are_scipys() -> None:
    assert pytest.approx(norm.ppf(0.975), rel=1e-14) == NORMAL_95
    assert pytest.approx(chi2.ppf(0.95, 1), rel=1e-14) == CHI_SQUARED_95
    assert np.round(t.ppf(0.975, np.arange(1, 12)), 3).tolist() == list(T_975)


def test_the_smallest_step_is_that_of_one_unit() -> None:
    assert smallest_step(np.array([0.9, 0.25, 1.0, 0.25, 0.9, 0.5])) == pytest.approx(0.1)


def test_an_interval_is_widened_by_an_independent_spread() -> None:
    """In quadrature in log tau: ln 2 and 1.96 spreads of ln 2 each."""
    further = 2 ** math.sqrt(1 + 1.959963984540054**2)
    assert widened(200.0, 100.0, math.log(2)) == pytest.approx(100 * further)
    assert widened(50.0, 100.0, math.log(2)) == pytest.approx(100 / further)
    assert widened(50.0, 100.0, 0.0) == pytest.approx(50)
    assert widened(None, 100.0, 1.0) is None
    assert (widened(50.0, 100.0, 1e4), widened(200.0, 100.0, 1e4)) == (0, np.inf)


@pytest.mark.parametrize("memory", [0.1, 20.0])
@pytest.mark.parametrize("amplitude", [0.8, -0.4])
def test_the_spread_is_that_of_weighted_least_squares(memory: float, amplitude: float) -> None:
    """Slopes by the derivatives of exp(-(t - t0)/tau), weights by the covariance of the noise."""
    tau, onset, step = 60.0, 102.5, 0.01
    likelihood = DecayLikelihood(TIMES, np.exp(-TIMES / tau), np.arange(len(TIMES)))
    late = np.maximum(TIMES - onset, 0) / tau
    share = np.exp(-late)
    slopes = np.stack([amplitude * late * share, share * (late > 0), share, share**0], axis=1)
    apart = np.abs(TIMES[:, None] - TIMES)
    weights = np.linalg.inv(np.exp(-apart / memory))
    response = np.linalg.inv(slopes.T @ weights @ slopes) @ slopes.T @ weights
    later, earlier = np.maximum(late[:, None], late), np.minimum(late[:, None], late)
    events = abs(amplitude) * step * np.exp(-later) * (1 - np.exp(-earlier))
    expected = math.sqrt(response[0] @ events @ response[0])
    best = Decay(tau, onset, memory, 0.1, amplitude, 0.0)
    assert counting_spread(likelihood, best, step) == pytest.approx(expected, rel=2e-3)


def test_the_spread_falls_with_the_root_of_the_number_of_units() -> None:
    """A hundred units, all seen to the end, tell tau to no less than 1/sqrt(100)."""
    likelihood = DecayLikelihood(TIMES, np.exp(-TIMES / 40), np.arange(len(TIMES)))
    best = Decay(40.0, 0.0, 1.0, 0.0, 1.0, 0.0)
    one = counting_spread(likelihood, best, 0.01)
    assert 0.1 < one < 0.2
    assert counting_spread(likelihood, best, 0.0001) == pytest.approx(one / 10)
