"""Correlations of tuning between two moments."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr

from simulation.metrics.population import population_vector_correlation, rate_map_correlation

ALL = np.ones(6, bool)


@pytest.fixture
def maps() -> np.ndarray:
    return np.random.default_rng(0).random((6, 40)).astype(np.float32)


def test_a_map_correlates_with_itself(maps: np.ndarray) -> None:
    assert rate_map_correlation(maps, maps, ALL, ALL) == pytest.approx(1)
    assert population_vector_correlation(maps, maps) == pytest.approx(1)


def test_a_map_anticorrelates_with_its_mirror_image(maps: np.ndarray) -> None:
    mirrored = 1 - maps
    assert rate_map_correlation(maps, mirrored, ALL, ALL) == pytest.approx(-1)
    assert population_vector_correlation(maps, mirrored) == pytest.approx(-1)


def test_unrelated_maps_do_not_correlate() -> None:
    a, b = np.random.default_rng(1).random((2, 300, 300))
    tuned = np.ones(300, bool)
    assert abs(rate_map_correlation(a, b, tuned, tuned)) < 0.02
    assert abs(population_vector_correlation(a, b)) < 0.02


def test_it_is_the_mean_of_pearsons_r(maps: np.ndarray) -> None:
    other = np.random.default_rng(2).random(maps.shape)
    by_unit = [pearsonr(*pair).statistic for pair in zip(maps, other, strict=True)]
    by_place = [pearsonr(*pair).statistic for pair in zip(maps.T, other.T, strict=True)]
    assert rate_map_correlation(maps, other, ALL, ALL) == pytest.approx(np.mean(by_unit))
    assert population_vector_correlation(maps, other) == pytest.approx(np.mean(by_place))


def test_only_units_tuned_at_both_moments_count(maps: np.ndarray) -> None:
    other = 1 - maps
    other[0] = maps[0]
    tuned_a, tuned_b = ALL.copy(), np.zeros(6, bool)
    tuned_b[0] = True
    assert rate_map_correlation(maps, other, tuned_a, tuned_b) == pytest.approx(1)
    assert math.isnan(rate_map_correlation(maps, other, tuned_a, ~ALL))


def test_units_silent_at_both_moments_do_not_count(maps: np.ndarray) -> None:
    other = np.random.default_rng(3).random(maps.shape)
    silent = np.zeros((20, 40))
    with_silent = population_vector_correlation(
        np.concatenate([maps, silent]), np.concatenate([other, silent])
    )
    assert with_silent == pytest.approx(population_vector_correlation(maps, other))


def test_places_unknown_at_either_moment_do_not_count(maps: np.ndarray) -> None:
    other = np.random.default_rng(4).random(maps.shape)
    expected = rate_map_correlation(maps[:, 5:], other[:, 5:], ALL, ALL)
    gap = maps.copy()
    gap[:, :3] = np.nan
    other[:, 3:5] = np.nan
    assert rate_map_correlation(gap, other, ALL, ALL) == pytest.approx(expected)


@pytest.mark.parametrize("silent", [np.zeros((6, 40)), np.full((6, 40), np.nan), np.ones((6, 40))])
def test_what_cannot_be_correlated_is_nan(maps: np.ndarray, silent: np.ndarray) -> None:
    assert math.isnan(rate_map_correlation(maps, silent, ALL, ALL))
    assert math.isnan(population_vector_correlation(silent, silent))


@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(2, 12), st.floats(0.1, 10))
def test_invariants(seed: int, units: int, count: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    a, b = random.random((2, units, count))
    tuned = np.ones(units, bool)
    r = rate_map_correlation(a, b, tuned, tuned)
    assert -1 <= r <= 1
    assert rate_map_correlation(b, a, tuned, tuned) == pytest.approx(r)
    assert rate_map_correlation(scale * a, b, tuned, tuned) == pytest.approx(r)
    order, bins = random.permutation(units), random.permutation(count)
    shuffled = (part[order][:, bins] for part in (a, b))
    assert rate_map_correlation(*shuffled, tuned, tuned) == pytest.approx(r)
    if units > 1:
        vectors = population_vector_correlation(a, b)
        assert -1 <= vectors <= 1
        shuffled = (part[order][:, bins] for part in (a, b))
        assert population_vector_correlation(*shuffled) == pytest.approx(vectors)


def test_a_unit_active_at_one_moment_alone_counts() -> None:
    """(1, 3, 0) against (2, 6, 4) by hand: deviations (-1, 5, -4)/3 and (-2, 2, 0)."""
    before, after = np.array([[1.0], [3], [0]]), np.array([[2.0], [6], [4]])
    expected = 4 / math.sqrt(42 / 9 * 8)
    assert population_vector_correlation(before, after) == pytest.approx(expected)
    assert population_vector_correlation(after, before) == pytest.approx(expected)


def test_a_flat_map_is_left_out_and_the_others_are_not() -> None:
    """The mean of r = 1 and r = -1/2; the constant map has no r."""
    before = np.array([[0.0, 1, 2], [0, 1, 2], [0.7, 0.7, 0.7]])
    after = np.array([[1.0, 2, 3], [1, 2, 0], [1, 2, 3]])
    tuned = np.ones(3, bool)
    assert rate_map_correlation(before, after, tuned, tuned) == pytest.approx((1 - 0.5) / 2)


def test_rounding_takes_no_correlation_beyond_its_bounds() -> None:
    """Of (0, 0, 1) with its negative, the sum of products is -1 - 2e-16."""
    row, one = np.array([[0.0, 0, 1]]), np.ones(1, bool)
    assert rate_map_correlation(row, -row, one, one) == -1
    assert rate_map_correlation(row, row, one, one) == 1
