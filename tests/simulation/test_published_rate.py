"""The published rate of sparsification, step by step."""

import math

import numpy as np
import pytest

from simulation.analysis.published import published_rate
from simulation.config.schedule import recording_steps

EVEN = recording_steps(1_000_000, 10_000, "linear")


@pytest.mark.parametrize("tau", [2e3, 2e4, 1e5])
def test_published_rate_of_an_exponential(tau: float) -> None:
    """The shift to a minimum of 0 steepens the logarithm: the method is 0.17 decades too fast."""
    fit = published_rate(EVEN, 0.8 * np.exp(-EVEN / tau))
    assert fit.log10_rate == pytest.approx(0.17 - math.log10(tau), abs=0.01)
    assert fit.reason == ""


def test_published_rate_step_by_step() -> None:
    """Every step of the published method, on five recordings, by hand."""
    steps = np.array([0, 10, 20, 30, 40])
    values = np.array([1.0, 0.6, 0.3, 0.12, 0.0])
    fit = published_rate(steps, values)  # target 0.1: cut before the fourth recording
    logs = np.log(np.array([0.7, 0.3, 0.0]) + 1e-10)
    weights = np.array([1.0, 0.5, 0.0])
    x, y = np.array([0.0, 10, 20]), logs
    mean_x, mean_y = np.average(x, weights=weights), np.average(y, weights=weights)
    slope = np.average((x - mean_x) * (y - mean_y), weights=weights) / np.average(
        (x - mean_x) ** 2, weights=weights
    )
    assert fit.log10_rate == pytest.approx(math.log10(-slope))
    assert (fit.first_step, fit.last_step) == (0, 20)
    assert fit.predict(np.array([0.0]))[0] == pytest.approx(
        0.3 - 1e-10 + math.exp(mean_y - slope * mean_x)
    )


def test_published_rate_scales_with_time_and_not_with_the_level() -> None:
    curve = (
        0.1 + 0.8 * np.exp(-EVEN / 5e4) + 0.005 * np.random.default_rng(0).normal(size=len(EVEN))
    )
    rate = published_rate(EVEN, curve).log10_rate
    assert rate is not None
    assert published_rate(10 * EVEN, curve).log10_rate == pytest.approx(rate - 1)
    assert published_rate(EVEN, curve + 0.05).log10_rate == pytest.approx(rate, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.full(50, 0.5), "flat"),
        (np.linspace(0.2, 0.9, 50), "the curve rises"),
        (np.append(0.2, np.ones(49)), "or rises"),
        (np.array([1.0, 0.5]), "too few"),
        (np.array([1.0] + [0.1] * 49), "first few recordings"),
        (np.append(np.ones(49), np.nan), "not numbers"),
    ],
)
def test_no_published_rate(values: np.ndarray, reason: str) -> None:
    fit = published_rate(np.arange(len(values)), values)
    assert fit.log10_rate is None
    assert reason in fit.reason
    assert np.isnan(fit.predict(np.arange(3))).tolist() == [True] * 3


def test_a_line_from_a_later_first_step_by_hand() -> None:
    """The logarithms above the minimum are 3, 2, 1 and ln 1e-10; weights 4 : 3 : 2 : 1."""
    steps = np.array([10, 20, 30, 40, 50, 60])
    values = 7 + np.append(np.exp([3.0, 2.0, 1.0]), [0, -1, -2.5])
    fit = published_rate(steps, values)  # 90 % down of the way is -0.24 above 7: the fourth is near
    assert fit.last_step == 30
    logs = np.array([math.log(math.exp(3) - math.exp(1)), math.log(math.exp(2) - math.exp(1))])
    x, y, w = np.array([10.0, 20, 30]), np.append(logs, math.log(1e-10)), np.array([3.0, 2, 1])
    mean_x, mean_y = (w @ x) / 6, (w @ y) / 6
    slope = (w @ ((x - mean_x) * (y - mean_y))) / (w @ (x - mean_x) ** 2)
    assert fit.log10_rate == pytest.approx(math.log10(-slope), rel=1e-6)
    assert fit.intercept == pytest.approx(mean_y - slope * mean_x, rel=1e-6)
    assert fit.floor == pytest.approx(7 + math.e - 1e-10, abs=1e-13)
    assert (fit.first_step, fit.reason) == (10, "")
    line = 7 + math.e + np.exp(fit.intercept + slope * np.array([10, 25]))
    np.testing.assert_allclose(fit.predict(np.array([10, 25])), line, rtol=1e-6)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1.0, 0.5], "the curve has too few recordings"),
        ([1.0, 0.5, 0.2], "the curve falls within its first few recordings, or rises"),
        ([1.0, 0.5, np.nan], "the curve has recordings that are not numbers"),
        ([0.5, 0.5, 0.5], "the curve is flat"),
        ([1.0, 0.1, 0.05, 0.0], "the curve falls within its first few recordings, or rises"),
        ([0.5, 0.9, 1.0, 0.0], "the curve rises"),
    ],
)
def test_each_reason_for_no_rate(values: list[float], reason: str) -> None:
    fit = published_rate(np.arange(len(values)), np.array(values))
    assert (fit.log10_rate, fit.reason) == (None, reason)


def test_a_slow_rise_is_a_rise() -> None:
    fit = published_rate(1_000 * np.arange(5), np.array([0.5, 0.9, 0.95, 1.0, 0.0]))
    assert (fit.log10_rate, fit.reason) == (None, "the curve rises")


def test_shares_in_single_precision_are_fitted_in_double() -> None:
    steps, values = np.arange(0, 400, 10), np.exp(-np.arange(40) / 8).astype(np.float32)
    assert published_rate(steps, values) == published_rate(steps, values.astype(np.float64))
