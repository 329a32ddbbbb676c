"""Rate maps and spatial information: exact answers and invariants."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import gaussian_filter1d

from simulation.metrics.spatial import (
    mean_spatial_information,
    places,
    rate_maps,
    smooth_maps,
    spatial_information,
    tuned_units,
)
from simulation.tasks import Walk

rates = st.one_of(st.just(0.0), st.floats(1e-6, 1e3))


@st.composite
def maps_and_occupancy(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    places_count = draw(st.integers(1, 12))
    maps = draw(arrays(np.float64, (draw(st.integers(1, 5)), places_count), elements=rates))
    visits = draw(arrays(np.int64, places_count, elements=st.integers(0, 20)))
    assume(visits.sum() > 0)
    maps[:, visits == 0] = np.nan
    return maps, visits / visits.sum()


def two_way_walk(samples: int = 4_000) -> Walk:
    """Up and down a track of length 10, evenly: every place is visited alike."""
    phase = (np.arange(samples) + 0.5) / samples * 2
    return Walk(
        position=10 * np.where(phase < 1, phase, 2 - phase),
        direction=(phase < 1).astype(np.int8),
        track_length=10.0,
        directions=2,
        circular=False,
    )


def test_places_of_a_two_way_track() -> None:
    at = places(two_way_walk(), bins=20)
    assert at.bins_per_direction == 20
    np.testing.assert_allclose(at.occupancy, 1 / 40)
    np.testing.assert_allclose(at.position[:20], np.arange(20) * 0.5 + 0.25)
    np.testing.assert_array_equal(at.position[:20], at.position[20:])
    assert at.direction.tolist() == [0] * 20 + [1] * 20


def test_samples_lie_in_the_bin_of_their_place() -> None:
    walk = two_way_walk()
    at = places(walk)
    assert np.abs(at.position[at.index] - walk.position).max() <= 0.05 + 1e-12
    np.testing.assert_array_equal(at.direction[at.index], walk.direction)


def test_the_ends_of_the_track_belong_to_its_outer_bins() -> None:
    ends = Walk(np.array([0.0, 10.0]), np.zeros(2, np.int8), 10.0, 1, False)
    assert places(ends, bins=4).index.tolist() == [0, 3]


def test_rate_maps_by_hand() -> None:
    walk = Walk(np.array([0.1, 0.2, 0.9, 0.6]), np.array([0, 0, 0, 1], np.int8), 1.0, 2, False)
    maps = rate_maps(np.array([[1.0, 3.0, 5.0, 7.0], [0, 0, 0, 2]]), places(walk, bins=2))
    assert maps.dtype == np.float32
    np.testing.assert_array_equal(maps, [[2, 5, np.nan, 7], [0, 0, np.nan, 2]])


def test_rate_maps_without_units() -> None:
    assert rate_maps(np.zeros((0, 4_000)), places(two_way_walk())).shape == (0, 200)


@pytest.mark.parametrize("count", [1, 2, 7, 100, 200])
def test_a_uniform_map_carries_nothing(count: int) -> None:
    maps = np.full((1, count), 0.3)
    assert spatial_information(maps, np.full(count, 1 / count))[0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("count", [1, 2, 7, 100, 200])
def test_one_of_k_places_carries_log2_k_bits(count: int) -> None:
    maps = np.eye(count) * 0.02
    np.testing.assert_allclose(
        spatial_information(maps, np.full(count, 1 / count)), math.log2(count), atol=1e-12
    )


def test_half_of_the_places_carry_one_bit() -> None:
    maps = np.array([[1.0, 0, 1, 0], [0, 2, 2, 0]])
    np.testing.assert_allclose(spatial_information(maps, np.full(4, 0.25)), 1)


def test_rare_places_carry_more() -> None:
    """All activity in a place of occupancy p: -log2 p bits."""
    occupancy = np.array([0.5, 0.25, 0.25])
    np.testing.assert_allclose(spatial_information(np.eye(3), occupancy), [1, 2, 2])


def test_a_silent_unit_has_no_information() -> None:
    information = spatial_information(np.array([[0.0, 0.0], [1.0, 0.0]]), np.full(2, 0.5))
    np.testing.assert_array_equal(np.isnan(information), [True, False])
    assert tuned_units(information).tolist() == [False, True]


def test_unvisited_places_do_not_count() -> None:
    with_gap = np.array([[1.0, np.nan, 3.0]])
    got = spatial_information(with_gap, np.array([0.5, 0, 0.5]))
    np.testing.assert_allclose(got, spatial_information(with_gap[:, ::2], np.full(2, 0.5)))


@given(maps_and_occupancy())
def test_information_is_between_nothing_and_the_rarest_place(
    given_maps: tuple[np.ndarray, np.ndarray],
) -> None:
    maps, occupancy = given_maps
    information = spatial_information(maps, occupancy)
    silent = np.nansum(maps, axis=1) == 0
    np.testing.assert_array_equal(np.isnan(information), silent)
    assert (information[~silent] >= 0).all()
    assert (information[~silent] <= -math.log2(occupancy[occupancy > 0].min()) + 1e-9).all()


@given(maps_and_occupancy(), st.floats(1e-3, 1e3))
def test_information_does_not_depend_on_the_scale_of_rates(
    given_maps: tuple[np.ndarray, np.ndarray], scale: float
) -> None:
    maps, occupancy = given_maps
    np.testing.assert_allclose(
        spatial_information(maps * scale, occupancy),
        spatial_information(maps, occupancy),
        atol=1e-9,
    )


@given(maps_and_occupancy(), st.randoms())
def test_information_does_not_depend_on_the_order_of_units_or_places(
    given_maps: tuple[np.ndarray, np.ndarray],
    random: Random,
) -> None:
    maps, occupancy = given_maps
    units, bins = (random.sample(range(n), n) for n in maps.shape)
    np.testing.assert_allclose(
        spatial_information(maps[units][:, bins], occupancy[bins]),
        spatial_information(maps, occupancy)[units],
        atol=1e-9,
    )


def test_the_mean_is_over_tuned_units() -> None:
    assert mean_spatial_information(np.array([np.nan, 0.01, 0.0, 1.0, 3.0])) == 2
    assert math.isnan(mean_spatial_information(np.array([np.nan, 0.005])))
    assert math.isnan(mean_spatial_information(np.empty(0)))


def test_smoothing_keeps_constants_and_directions_apart() -> None:
    maps = np.concatenate([np.full((1, 40), 1.0), np.full((1, 40), 5.0)], axis=1)
    np.testing.assert_allclose(smooth_maps(maps, 6, directions=2), maps)
    assert smooth_maps(maps, 6)[0, 39] == pytest.approx(3, abs=0.3)


@pytest.mark.parametrize("circular", [True, False])
def test_smoothing_is_gaussian_away_from_the_ends(circular: bool) -> None:
    maps = np.zeros((1, 100))
    maps[0, 50] = 1
    expected = gaussian_filter1d(maps, 6, mode="wrap", truncate=8)
    got = smooth_maps(maps, 6, circular=circular)
    np.testing.assert_allclose(got[0, 25:75], expected[0, 25:75], atol=1e-4)


def test_smoothing_a_ring_goes_round() -> None:
    maps = np.random.default_rng(0).random((3, 50))
    rolled = np.roll(smooth_maps(maps, 4, circular=True), 13, axis=1)
    np.testing.assert_allclose(rolled, smooth_maps(np.roll(maps, 13, axis=1), 4, circular=True))


def test_smoothing_fills_places_that_were_never_visited() -> None:
    maps = np.full((1, 30), 2.0)
    maps[0, 10:15] = np.nan
    np.testing.assert_allclose(smooth_maps(maps, 6), 2)
    assert np.isnan(smooth_maps(np.full((1, 5), np.nan), 6)).all()


def test_low_rates_carry_negative_bits() -> None:
    """Rates 1 and 3 in two places alike, 1/2 and 3/2 of their mean: (log2(1/2) + 3 log2(3/2))/4."""
    got = spatial_information(np.array([[1.0, 3.0]]), np.full(2, 0.5))[0]
    assert got == pytest.approx((-1 + 3 * math.log2(1.5)) / 4)


def test_a_walk_may_start_in_any_place_and_leave_the_last_ones_out() -> None:
    walk = Walk(np.array([0.3, 0.1, 0.35]), np.zeros(3, np.int8), 1.0, 2, circular=False)
    at = places(walk, bins=4)
    assert at.index.tolist() == [1, 0, 1]
    np.testing.assert_allclose(at.occupancy, [1 / 3, 2 / 3, 0, 0, 0, 0, 0, 0])
    assert at.direction.dtype == np.int8
    expected = [[4, 3, *[np.nan] * 6]]
    np.testing.assert_array_equal(rate_maps(np.array([[1.0, 4, 5]]), at), expected)


def test_smoothing_a_line_does_not_go_round() -> None:
    """Weights exp(-1/2) a bin apart, by hand."""
    near, far = math.exp(-0.5), math.exp(-2)
    expected = [1 / (1 + near + far), near / (1 + 2 * near), far / (1 + near + far)]
    np.testing.assert_allclose(smooth_maps(np.array([[1.0, 0, 0]]), 1.0), [expected])
