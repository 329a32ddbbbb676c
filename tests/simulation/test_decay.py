"""The likelihood of a decay in noise with a memory, against dense algebra."""

import math

import numpy as np
import pytest

from simulation.analysis.decay import CHI_SQUARED_95, Decay, DecayLikelihood, decay_shape

TAU, ONSET = 60.0, 102.5
TIMES = np.cumsum(np.random.default_rng(0).integers(2, 8, 80)).astype(float)
EACH = np.arange(len(TIMES))
SPACING, LENGTH = float(np.median(np.diff(TIMES))), float(TIMES[-1] - TIMES[0])


def noisy(size: float) -> np.ndarray:
    noise = np.random.default_rng(2).normal(size=len(TIMES))
    return 0.1 + 0.8 * decay_shape(TIMES, TAU, ONSET) + size * noise


@pytest.fixture(scope="module")
def likelihood() -> DecayLikelihood:
    return DecayLikelihood(TIMES, noisy(0.005), EACH)


@pytest.fixture(scope="module")
def best(likelihood: DecayLikelihood) -> Decay:
    return likelihood.best_decay()


def correlation(memory: float) -> np.ndarray:
    return np.exp(-np.abs(TIMES[:, None] - TIMES) / memory)


def deviance(values: np.ndarray, columns: np.ndarray, memory: float) -> tuple[float, np.ndarray]:
    """-2 log likelihood of the best combination of columns, and the combination."""
    weights = np.linalg.inv(correlation(memory))
    combination = np.linalg.solve(columns.T @ weights @ columns, columns.T @ weights @ values)
    left = values - columns @ combination
    variance = left @ weights @ left / len(values) + (1e-4 * np.ptp(values)) ** 2
    determinant = np.linalg.slogdet(correlation(memory))[1]
    return len(values) * math.log(variance) + determinant, combination


def test_a_decay_is_flat_until_its_onset() -> None:
    expected = [1, 1, 1, math.exp(-0.5), math.exp(-2)]
    np.testing.assert_allclose(decay_shape(np.array([0.0, 5, 10, 15, 30]), 10, 10), expected)


def test_recordings_and_decays_are_averaged_in_the_same_groups() -> None:
    times = np.array([0.0, 1, 2, 4, 8, 16])
    likelihood = DecayLikelihood(times, times**2, np.array([0, 2, 3]))
    np.testing.assert_allclose(likelihood.values, [0.5, 4, (16 + 64 + 256) / 3])
    shape = [1, 1, (1 + math.exp(-1) + math.exp(-3)) / 3]
    np.testing.assert_allclose(likelihood.shape(4.0, 4.0), shape)
    np.testing.assert_allclose(likelihood.shape(4.0, np.array([[4.0], [99.0]])), [shape, [1, 1, 1]])


@pytest.mark.parametrize("memory", [0.5, 20.0])
def test_whitening_leaves_independent_values_of_unit_spread(
    likelihood: DecayLikelihood, memory: float
) -> None:
    series = np.random.default_rng(2).normal(size=(3, len(TIMES)))
    kept = series.copy()
    factor = np.linalg.cholesky(correlation(memory))
    white = np.linalg.solve(factor, series.T).T
    np.testing.assert_allclose(likelihood.whiten(series, memory), white, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(series, kept)


def test_the_best_decay_is_that_of_dense_algebra(likelihood: DecayLikelihood, best: Decay) -> None:
    columns = np.stack([np.ones_like(TIMES), decay_shape(TIMES, best.tau, best.onset)], axis=1)
    lowest, (floor, amplitude) = deviance(likelihood.values, columns, best.memory)
    assert best.deviance == pytest.approx(lowest)
    assert (best.floor, best.amplitude) == pytest.approx((floor, amplitude))
    for tau, onset in [(1.02, 0), (0.98, 0), (1, 0.5), (1, -0.5)]:
        shape = decay_shape(TIMES, best.tau * tau, best.onset + onset)
        columns = np.stack([np.ones_like(TIMES), shape], axis=1)
        assert deviance(likelihood.values, columns, best.memory)[0] > lowest


def test_an_exact_decay_is_found() -> None:
    found = DecayLikelihood(TIMES, noisy(0), EACH).best_decay()
    assert found.tau == pytest.approx(TAU, rel=1e-5)
    assert found.onset == pytest.approx(ONSET, abs=1e-3)
    assert (found.floor, found.amplitude) == pytest.approx((0.1, 0.8), abs=1e-5)


def test_an_onset_may_be_the_first_recording_or_the_last_but_one() -> None:
    at_once = DecayLikelihood(TIMES, np.exp(-TIMES / TAU), EACH).best_decay()
    assert at_once.onset == TIMES[0]
    assert at_once.tau == pytest.approx(TAU, rel=1e-5)
    at_last = DecayLikelihood(TIMES, np.append(np.ones(len(TIMES) - 1), 0), EACH).best_decay()
    assert TIMES[-3] < at_last.onset <= TIMES[-2]


def test_the_memory_of_the_noise_is_found() -> None:
    """100 values with a correlation of 1/e at 8 apart, within 4 standard errors."""
    random, times = np.random.default_rng(3), np.arange(1_000.0)
    noise = np.linalg.cholesky(np.exp(-np.abs(times[:, None] - times) / 8)) @ random.normal(
        size=1_000
    )
    curve = decay_shape(times, 100.0, 200.0) + 0.05 * noise
    found = DecayLikelihood(times, curve, np.arange(1_000)).best_decay()
    assert found.memory == pytest.approx(8, rel=0.3)
    assert found.tau == pytest.approx(100, rel=0.3)


def remembering(memory: float) -> np.ndarray:
    shocks = np.random.default_rng(4).normal(size=len(TIMES))
    return np.linalg.cholesky(correlation(memory)) @ shocks


@pytest.mark.parametrize(
    ("curve", "share"),
    [(remembering(0.01), 0), (remembering(12.0), None), (decay_shape(TIMES, 400, 0), 1)],
    ids=["shortest", "between", "longest"],
)
def test_no_decay_at_all_has_the_deviance_of_dense_algebra(
    curve: np.ndarray, share: int | None
) -> None:
    """32 memories from a fifth of the median spacing to a tenth of the length."""
    memories = np.geomspace(SPACING / 5, LENGTH / 10, 32)
    ones = np.ones((len(TIMES), 1))
    deviances = [deviance(curve, ones, memory)[0] for memory in memories]
    found = DecayLikelihood(TIMES, curve, EACH).constant_deviance()
    assert found == pytest.approx(min(deviances), rel=1e-9)
    best = int(np.argmin(deviances))
    assert {0: best == 0, 1: best == 31, None: 0 < best < 31}[share]


def test_the_memory_stays_between_a_twentieth_of_the_spacing_and_a_tenth_of_the_length() -> None:
    shape = decay_shape(TIMES, TAU, ONSET)
    white = DecayLikelihood(TIMES, shape + 0.005 * (-1.0) ** EACH, EACH)
    assert white.best_decay().memory == pytest.approx(SPACING / 20)
    slow = DecayLikelihood(TIMES, shape + 0.05 * np.cos(TIMES / 40), EACH)
    assert slow.best_decay().memory == pytest.approx(LENGTH / 10)


def test_the_interval_is_that_of_the_information(likelihood: DecayLikelihood, best: Decay) -> None:
    """Of little noise: it ends z standard deviations away, where 80 log(1 + z^2/80) is 3.84."""
    late = np.maximum(TIMES - best.onset, 0) / best.tau
    share = np.exp(-late)
    slopes = np.stack([late * share, share * (late > 0), share, share**0], axis=1)
    slopes[:, :2] *= best.amplitude
    weights = np.linalg.inv(correlation(best.memory))
    left = likelihood.values - best.floor - best.amplitude * share
    variance = left @ weights @ left / len(TIMES)
    spread = math.sqrt(variance * np.linalg.inv(slopes.T @ weights @ slopes)[0, 0])
    distance = math.sqrt(80 * math.expm1(CHI_SQUARED_95 / 80)) * spread
    assert 0.005 < distance < 0.03
    low, high = likelihood.tau_bound(best, -1), likelihood.tau_bound(best, +1)
    assert low is not None
    assert high is not None
    assert math.log(high / best.tau) == pytest.approx(distance, rel=0.01)
    assert math.log(low / best.tau) == pytest.approx(-distance, rel=0.01)


def test_an_interval_may_have_no_end() -> None:
    line = DecayLikelihood(TIMES, 1 - TIMES / 1_000, EACH)
    assert line.tau_bound(line.best_decay(), +1) is None
    fall = DecayLikelihood(TIMES, np.where(TIMES < 100, 0.9, 0.2), EACH)
    assert fall.tau_bound(fall.best_decay(), -1) is None
