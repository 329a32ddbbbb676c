"""The toy landscape: exact derivatives, walks that never blow up, and the drift as derived."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.analysis import valley_theory
from simulation.analysis.valley_drift import Protocol, measure_drift
from simulation.analysis.valley_walk import excursion
from simulation.models.landscape import (
    ESCAPE,
    NoisyDescent,
    Walkers,
    gradient,
    hessian,
    hessian_eigenvalues,
    loss,
    walk,
)
from simulation.noise.streams import generator

places = st.floats(-4, 4).map(lambda value: round(value, 3))
BOTH = [NoisyDescent(0.05, "update", 0.5), NoisyDescent(0.05, "label", 0.5)]


def last(states: object) -> Walkers:
    *_, end = states  # type: ignore[misc]
    return end


@given(places, places)
def test_derivatives_are_those_of_the_loss(x: float, y: float) -> None:
    step = 1e-5
    slopes = [
        (loss(x + step, y) - loss(x - step, y)) / (2 * step),
        (loss(x, y + step) - loss(x, y - step)) / (2 * step),
    ]
    assert np.allclose(gradient(x, y), slopes, atol=1e-6)
    along_x = np.subtract(gradient(x + step, y), gradient(x - step, y)) / (2 * step)
    along_y = np.subtract(gradient(x, y + step), gradient(x, y - step)) / (2 * step)
    assert np.allclose(hessian(x, y), [along_x, along_y], atol=1e-5)


@given(places, places)
def test_eigenvalues_are_those_of_the_hessian(x: float, y: float) -> None:
    assert np.allclose(hessian_eigenvalues(x, y), np.linalg.eigvalsh(hessian(x, y))[::-1])


def test_on_the_axes_the_loss_and_the_flat_eigenvalue_are_exactly_zero() -> None:
    x = np.array([0.0, 0.3, -2.0])
    assert np.array_equal(loss(x, 0), np.zeros(3))
    assert np.array_equal(hessian_eigenvalues(x, 0), np.stack([2 * x**2, 0 * x], axis=-1))
    assert np.array_equal(hessian_eigenvalues(0, x), np.stack([2 * x**2, 0 * x], axis=-1))


def test_without_noise_a_walker_falls_into_the_valley_and_stays() -> None:
    end = last(walk([2.0, 0.5], [0.5, -2.0], NoisyDescent(0.05), 500, generator(0, "test")))
    assert np.allclose(end.y[0], 0, atol=1e-12)
    assert np.allclose(end.x[1], 0, atol=1e-12)
    # small steps keep x^2 - y^2, so the walker lands near sqrt(2^2 - 0.5^2)
    assert end.x[0] == pytest.approx(np.sqrt(3.75), rel=0.02)
    assert end.x[0] == -end.y[1]  # the landscape is symmetric


def test_label_noise_stretches_one_diagonal_as_it_shrinks_the_other() -> None:
    before, after = walk(
        [1.3, 0.7], [0.4, -2.0], NoisyDescent(0.1, "label", 0.6), 1, generator(1, "t")
    )
    one = (after.x + after.y) / (before.x + before.y)
    other = (after.x - after.y) / (before.x - before.y)
    assert np.allclose(one + other, 2, atol=1e-14)
    assert not np.allclose(one, 1, atol=1e-3)


def test_the_same_stream_gives_the_same_walk() -> None:
    descent = NoisyDescent(0.1, "update", 0.3)
    ends = [last(walk(np.ones(5), np.zeros(5), descent, 50, generator(7, "t"))) for _ in range(2)]
    assert np.array_equal(ends[0].x, ends[1].x)
    assert len(np.unique(ends[0].x)) == 5


@pytest.mark.parametrize("noise", ["update", "label"])
def test_a_walker_that_diverges_is_reported_and_harms_no_other(
    noise: Literal["update", "label"],
) -> None:
    descent = NoisyDescent(0.5, noise, 0.01)
    states = list(walk([2.6, 0.5, 500.0], [1.0, 0.0, 1.0], descent, 200, generator(0, "t")))
    end = states[-1]
    assert end.diverged.tolist() == [True, False, True]
    assert end.diverged_at[2] == 0
    gone = int(end.diverged_at[0])
    assert 0 < gone < 20
    assert abs(states[gone - 1].x[0]) <= ESCAPE
    assert states[gone - 1].x[0] == end.x[0]
    assert all(np.isfinite(state.x).all() and np.isfinite(state.y).all() for state in states)
    assert abs(end.x[1]) < 1


@pytest.mark.parametrize("descent", BOTH)
def test_y_settles_to_the_variance_derived(descent: NoisyDescent) -> None:
    x = np.repeat([1.0, 2.0, 3.0], 4_000)
    end = last(walk(x, np.zeros_like(x), descent, 30, generator(0, "settle")))
    measured = end.y.reshape(3, -1).var(axis=1)
    expected = valley_theory.settled_variance(descent, [1.0, 2.0, 3.0])
    # at x = 1 the variance is short by exp(-30 / 4.9) = 0.2 %; x moves meanwhile, by 2 % at most
    assert np.allclose(measured, expected, rtol=4 * np.sqrt(2 / 4_000) + 0.04)


@pytest.mark.parametrize(
    "descent", [*BOTH, NoisyDescent(0.1, "update", 0.3), NoisyDescent(0.02, "label", 1)]
)
def test_walkers_drift_as_derived(descent: NoisyDescent) -> None:
    profile = measure_drift(descent, Protocol.suited_to(descent), generator(0, "drift"))
    compared = profile.measured & profile.holds
    assert compared.sum() >= 7
    difference = (profile.drift - profile.predicted)[compared]
    error = profile.standard_error[compared]
    assert (np.abs(difference) < 4 * error + 0.08 * np.abs(profile.predicted[compared])).all()
    assert (error < 0.1 * np.abs(profile.predicted[compared])).all()
    assert profile.slope_ratio.value == pytest.approx(1, abs=0.02)
    ratio = profile.change_ratio
    assert abs(ratio.value - 1) < 4 * ratio.standard_error + 0.02


@pytest.mark.parametrize(("descent", "steps"), [(BOTH[0], 500), (BOTH[1], 200)])
def test_displacements_have_the_mean_and_spread_derived(descent: NoisyDescent, steps: int) -> None:
    seen = excursion((2.0, 0.0), descent, steps, 20_000, generator(0, "displacement"))
    moved = seen.displacements
    mean, deviation = valley_theory.displacement(descent, seen.distance, steps)
    error = moved.std() / np.sqrt(len(moved))
    assert seen.distance == 2.0
    assert abs(moved.mean() - mean) < 4 * error + 0.02 * abs(mean)
    assert abs(moved.mean()) > 10 * error
    assert moved.std() == pytest.approx(deviation, rel=0.06)


def test_update_noise_lowers_the_mean_of_x_but_not_that_of_its_square() -> None:
    start = 2.0
    seen = excursion(
        (start, 0.0), NoisyDescent(0.01, "update", 2.0), 600, 10_000, generator(0, "x2")
    )
    x = np.abs(seen.end.x)
    square = x**2 / start**2
    h = 0.01 * start**2
    fall = 600 * (0.01 * 2.0) ** 2 * h / (1 - h)  # of x^2: what h > 0 leaves
    assert abs(square.mean() - 1 + fall / start**2) < 4 * square.std() / 100
    assert x.mean() - start < -10 * x.std() / 100


def test_label_noise_moves_walkers_with_the_diffusion_derived() -> None:
    descent, x, steps = NoisyDescent(0.05, "label", 0.3), 2.0, 40
    v = float(valley_theory.settled_variance(descent, x))
    y = np.sqrt(v) * generator(0, "start").standard_normal(20_000)
    end = last(walk(np.full_like(y, x), y, descent, steps, generator(0, "diffusion")))
    logs = np.log(np.abs(end.x**2 - end.y**2) / (x**2 - y**2))
    expected = 4 * steps * float(valley_theory.diffusion(descent, x)) / x**2
    assert logs.var() == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize(
    ("noise", "regulariser"),
    [
        ("update", lambda lr, s, x: lr * s**2 / 4 * np.log(2 * x**2)),
        ("label", lambda lr, s, x: lr * s**2 / 2 * (2 * x**2)),
    ],
)
def test_small_steps_descend_the_regulariser(noise: str, regulariser: object) -> None:
    lr, s, x, step = 1e-6, 0.7, np.array([0.4, 1.0, 2.5]), 1e-5
    descent = NoisyDescent(lr, noise, s)  # type: ignore[arg-type]
    slope = (regulariser(lr, s, x + step) - regulariser(lr, s, x - step)) / (2 * step)  # type: ignore[operator]
    assert np.allclose(valley_theory.drift(descent, x), -lr * slope, rtol=1e-4)


@pytest.mark.parametrize("noise", ["update", "label"])
def test_eigenvalues_over_time_follow_the_drift(noise: str) -> None:
    descent = NoisyDescent(1e-4, noise, 1.0)  # type: ignore[arg-type]
    x = np.sqrt(np.array([0.5, 3.0]) / 2)
    unit = (descent.learning_rate * descent.noise_scale) ** 2
    steps = round(0.2 / unit / 2_000)
    for _ in range(2_000):
        x = x + steps * valley_theory.drift(descent, x)
    expected = valley_theory.eigenvalues_over_time(noise, [0.5, 3.0], [0.2])[:, 0]
    assert np.allclose(2 * x**2, expected, rtol=2e-3)


def test_the_sum_of_logs_takes_small_eigenvalues_to_zero_and_the_trace_none() -> None:
    start = [0.1, 1.0, 10.0]
    logs = valley_theory.eigenvalues_over_time("update", start, [0.0, 0.05, 0.4])
    assert np.allclose(logs, [[0.1, 0, 0], [1, 0.9, 0.2], [10, 9.9, 9.2]])
    assert valley_theory.vanishing_time("update", 1.0) == 0.5
    trace = valley_theory.eigenvalues_over_time("label", start, [0.0, 0.4])
    assert np.allclose(trace[:, 1] / trace[:, 0], np.exp(-1.6))
    assert valley_theory.vanishing_time("label", 1.0) == np.inf


@pytest.mark.parametrize("descent", BOTH)
def test_the_prediction_says_where_it_ends(descent: NoisyDescent) -> None:
    unstable = 1 / np.sqrt(descent.learning_rate)
    assert np.isnan(valley_theory.drift(descent, [0.0, unstable, 2 * unstable])).all()
    assert np.isfinite(valley_theory.drift(descent, [0.1, -1.0])).all()
    assert valley_theory.holds(descent, [0.0, 0.1, 1.0, 3.0, 0.72 * unstable]).tolist() == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert np.isnan(valley_theory.displacement(descent, 0.6, 100_000)).all()


def test_without_noise_there_is_no_drift_and_no_ratio() -> None:
    descent = NoisyDescent(0.05, "update", 0.0)
    profile = measure_drift(descent, Protocol.suited_to(descent), generator(0, "drift"))
    assert np.abs(profile.drift[profile.measured]).max() == 0
    assert np.isnan(profile.slope_ratio.value)


def test_where_everything_diverges_nothing_is_measured() -> None:
    descent = NoisyDescent(0.5, "label", 2.0)
    profile = measure_drift(descent, Protocol.suited_to(descent), generator(0, "drift"))
    assert profile.diverged > 0
    assert np.isnan(profile.slope_ratio.value)
    seen = excursion((2.4, 1.5), descent, 100, 50, generator(0, "walk"))
    assert seen.twin_diverged
    assert len(seen.displacements) == 0
    assert np.abs(seen.path).max() <= ESCAPE


def test_a_start_nearer_the_other_axis_is_measured_along_it() -> None:
    seen = excursion((0.3, -2.0), BOTH[0], 300, 200, generator(0, "walk"))
    mirrored = excursion((-2.0, 0.3), BOTH[0], 300, 200, generator(0, "walk"))
    assert (seen.valley, mirrored.valley) == ("y", "x")
    assert seen.distance == pytest.approx(mirrored.distance)
    assert seen.distance == pytest.approx(1.97, abs=0.03)
    assert seen.displacements.shape == (200,)
    assert abs(seen.displacements.mean()) < 0.5
