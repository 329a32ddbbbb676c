"""Timescales: the robust fit with its interval and verdict."""

import math
import subprocess
import sys

import numpy as np
import pytest

from simulation.analysis.timescale import TimescaleFit, robust_timescale
from simulation.config.schedule import recording_steps

RUN = 1_000_000
STEPS = recording_steps(RUN, 2_000, "both")


def decay(
    steps: np.ndarray, tau: float, onset: float = 0, floor: float = 0.1, amplitude: float = 0.8
) -> np.ndarray:
    return floor + amplitude * np.exp(-np.maximum(steps - onset, 0) / tau)


def noise(steps: np.ndarray, random: np.random.Generator, memory: float) -> np.ndarray:
    """Unit Gaussian noise whose correlation falls as exp(-|dt|/memory); white if memory is 0."""
    shocks = random.normal(size=len(steps))
    if memory == 0:
        return shocks
    kept = np.exp(-np.diff(steps) / memory)
    series = shocks.copy()
    for i, share in enumerate(kept, start=1):
        series[i] = share * series[i - 1] + math.sqrt(1 - share**2) * shocks[i]
    return series


@pytest.mark.parametrize("onset", [0, 5e4])
@pytest.mark.parametrize("tau", [1e3, 2e4, 2e5, 5e5])
def test_an_exact_exponential_returns_its_parameters(tau: float, onset: float) -> None:
    fit = robust_timescale(STEPS, decay(STEPS, tau, onset))
    assert fit.verdict == "identified"
    assert fit.tau_steps == pytest.approx(tau, rel=1e-5)
    assert fit.low < tau < fit.high < 1.01 * fit.low
    assert fit.onset_step == pytest.approx(onset, abs=1)
    assert fit.floor == pytest.approx(0.1, abs=1e-5)
    assert fit.amplitude == pytest.approx(0.8, abs=1e-5)
    assert fit.r_squared == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(fit.predict(STEPS), decay(STEPS, tau, onset), atol=1e-4)


@pytest.mark.parametrize(("size", "memory"), [(0.01, 0), (0.1, 0), (0.02, 5e3), (0.03, 3e4)])
@pytest.mark.parametrize(("tau", "onset"), [(5e3, 0), (2e4, 5e4), (2e5, 0), (3e5, 1e5)])
def test_noise_widens_the_interval_around_tau(
    tau: float, onset: float, size: float, memory: float
) -> None:
    random = np.random.default_rng(7)
    fit = robust_timescale(STEPS, decay(STEPS, tau, onset) + size * noise(STEPS, random, memory))
    assert fit.verdict == "identified"
    assert fit.tau_steps == pytest.approx(tau, rel=0.35)
    assert fit.low < fit.tau_steps < fit.high
    assert fit.low < 1.25 * tau
    assert fit.high > 0.8 * tau


def covered(curves: list[np.ndarray], steps: np.ndarray, tau: float) -> int:
    fits = [robust_timescale(steps, curve) for curve in curves]
    assert all(fit.verdict == "identified" for fit in fits)
    return sum(fit.low <= tau <= fit.high for fit in fits)


@pytest.mark.parametrize(("size", "memory"), [(0.05, 0), (0.02, 1e4)])
def test_the_interval_covers_tau_as_often_as_it_says(size: float, memory: float) -> None:
    """95 % intervals: of 30 curves 28.5 on average; fewer than 25 has a probability of 0.3 %."""
    random, tau, steps = np.random.default_rng(11), 8e4, recording_steps(RUN, 500, "both")
    expected = decay(steps, tau, 2e4)
    curves = [expected + size * noise(steps, random, memory) for _ in range(30)]
    assert covered(curves, steps, tau) >= 25


@pytest.mark.parametrize("units", [20, 200])
def test_the_interval_covers_tau_when_units_fall_silent_one_by_one(units: int) -> None:
    """Such a curve is smooth; its interval must still be as wide as the count allows."""
    random, tau, steps = np.random.default_rng(12), 8e4, recording_steps(RUN, 500, "both")
    silent_from = random.exponential(tau, (30, units))
    curves = [(times > steps[:, None]).mean(axis=1) for times in silent_from]
    assert covered(curves, steps, tau) >= 25


def test_recordings_on_any_grid_give_the_same_timescale() -> None:
    for spacing in ("linear", "log", "both"):
        steps = recording_steps(RUN, 1_000, spacing)
        assert robust_timescale(steps, decay(steps, 6e4)).tau_steps == pytest.approx(6e4, rel=0.02)


def test_units_of_time_and_level_do_not_matter() -> None:
    curve = decay(STEPS, 7e4, 2e4) + 0.02 * np.random.default_rng(3).normal(size=len(STEPS))
    fit = robust_timescale(STEPS, curve)
    stretched = robust_timescale(STEPS * 10, 3 * curve)
    for name in ("tau_steps", "low", "high", "onset_step"):
        assert getattr(stretched, name) == pytest.approx(10 * getattr(fit, name), rel=0.02)
    assert stretched.amplitude == pytest.approx(3 * fit.amplitude, rel=0.01)


def test_the_fit_is_deterministic() -> None:
    curve = decay(STEPS, 7e4) + 0.05 * np.random.default_rng(4).normal(size=len(STEPS))
    assert robust_timescale(STEPS, curve) == robust_timescale(STEPS, curve)


def test_what_is_not_a_number_is_left_out() -> None:
    curve = decay(STEPS, 7e4)
    curve[::7] = np.nan
    assert robust_timescale(STEPS, curve).tau_steps == pytest.approx(7e4, rel=0.01)


def not_identifiable(values: np.ndarray, steps: np.ndarray = STEPS) -> TimescaleFit:
    fit = robust_timescale(steps, values)
    assert fit.verdict == "not identifiable"
    assert fit.tau_steps is fit.low is fit.high is fit.onset_step is fit.floor is None
    assert np.isnan(fit.predict(steps)).all()
    return fit


def test_a_constant_is_not_identifiable() -> None:
    assert "flat" in not_identifiable(np.full(len(STEPS), 0.8)).reason


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("size", "memory"), [(0.02, 0), (0.02, 5e3), (0.03, 3e4)])
def test_noise_about_a_level_is_not_identifiable(size: float, memory: float, seed: int) -> None:
    not_identifiable(0.5 + size * noise(STEPS, np.random.default_rng(seed), memory))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("size", "memory"), [(0, 0), (0.02, 0), (0.02, 5e3), (0.03, 3e4)])
def test_a_linear_trend_is_not_identifiable(size: float, memory: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    trend = 0.9 - 0.5 * STEPS / RUN
    fit = not_identifiable(trend + size * noise(STEPS, random, memory))
    assert memory == 3e4 or "too short" in fit.reason


def test_a_decay_slower_than_the_run_is_not_identifiable() -> None:
    curve = decay(STEPS, 2 * RUN) + 0.01 * np.random.default_rng(0).normal(size=len(STEPS))
    assert "too short" in not_identifiable(curve).reason


@pytest.mark.parametrize("count", [30, 2_000])
def test_a_rise_is_not_identifiable(count: int) -> None:
    steps = recording_steps(RUN, count, "linear")
    assert not_identifiable(1 - decay(steps, 1e5), steps).reason == "the curve rises"


def test_a_rise_before_the_fall_does_not_hide_it() -> None:
    curve = decay(STEPS, 8e4) - 0.1 * np.exp(-STEPS / 100)
    assert robust_timescale(STEPS, curve).tau_steps == pytest.approx(8e4, rel=0.05)


def test_a_small_fall_is_not_identifiable() -> None:
    assert "flat" in not_identifiable(decay(STEPS, 5e4, floor=0.8, amplitude=0.02)).reason


def test_a_step_between_two_recordings_is_not_identifiable() -> None:
    steps = np.arange(0, RUN, 1_000)
    assert "faster" in not_identifiable(np.where(steps < 3e5, 0.9, 0.2), steps).reason


@pytest.mark.parametrize("count", [0, 1, 5, 19])
def test_too_few_recordings(count: int) -> None:
    assert "fewer than 20" in not_identifiable(decay(STEPS, 5e4)[:count], STEPS[:count]).reason


def test_a_buried_decay_is_not_identifiable() -> None:
    random = np.random.default_rng(5)
    curve = decay(STEPS, 5e4, floor=0.5, amplitude=0.05) + 0.5 * random.normal(size=len(STEPS))
    not_identifiable(curve)


def test_the_formulas_can_be_drawn_without_loading_scipy() -> None:
    """The dashboard draws fits and phases, and reads walks and states, from archived numbers."""
    script = (
        "import sys, simulation.analysis.timescale, simulation.analysis.phases, simulation.tasks,"
        "simulation.models.feedforward, simulation.metrics.curvature, simulation.metrics.spatial;"
        "sys.exit(str({'scipy', 'torch', 'numba'} & set(sys.modules) or ''))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr.strip() == ""
