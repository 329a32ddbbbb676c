"""Sorting, scaling and arranging rate maps: exact answers on maps that can be read off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.runs import tuning
from dashboard.runs.tuning import MapTrack

NO_TRACK = MapTrack(0)


def peaked(*peaks: int | None, places: int = 6) -> np.ndarray:
    """One unit a row, active in one place only; None: silent."""
    maps = np.zeros((len(peaks), places), np.float32)
    for unit, peak in enumerate(peaks):
        if peak is not None:
            maps[unit, peak] = unit + 1
    return maps


def shown(*peaks: int | None, places: int = 6) -> np.ndarray:
    return tuning.display_maps(peaked(*peaks, places=places), NO_TRACK)[0]


def test_each_unit_is_scaled_to_its_own_peak() -> None:
    maps, peaks = tuning.display_maps(peaked(3, None, 0), NO_TRACK)
    np.testing.assert_array_equal(maps[0], [0, 0, 0, 1, 0, 0])
    np.testing.assert_array_equal(peaks, [1, np.nan, 3])
    assert np.isnan(maps[1]).all()
    np.testing.assert_array_equal(tuning.silent(maps), [False, True, False])


def test_places_never_visited_stay_empty_without_a_track() -> None:
    recorded = np.array([[2.0, np.nan, 4.0]], np.float32)
    maps, _ = tuning.display_maps(recorded, NO_TRACK)
    np.testing.assert_array_equal(maps, [[0.5, np.nan, 1.0]])
    np.testing.assert_array_equal(tuning.to_bytes(maps), [[128, 0, 255]])


def test_smoothing_keeps_directions_apart_and_joins_a_ring() -> None:
    recorded = np.zeros((1, 200), np.float32)
    recorded[0, 99] = 1
    along, _ = tuning.display_maps(recorded, MapTrack(2))
    assert along[0, :100].argmax() == 99
    assert (along[0, 100:] == 0).all()
    ring, _ = tuning.display_maps(recorded[:, :100], MapTrack(1, circular=True))
    assert ring[0, 0] == pytest.approx(ring[0, 98], rel=1e-5)


def test_units_are_sorted_by_peak_and_silent_ones_come_last() -> None:
    order = tuning.peak_order(shown(4, None, 1, 5, None, 1))
    assert order.tolist() == [2, 5, 0, 3, 1, 4]


@given(st.lists(st.none() | st.integers(0, 5), min_size=1, max_size=30))
def test_sorting_is_a_permutation_with_peaks_ascending(peaks: list[int | None]) -> None:
    order = tuning.peak_order(shown(*peaks))
    assert sorted(order.tolist()) == list(range(len(peaks)))
    sorted_peaks = [peaks[unit] for unit in order]
    known = [peak for peak in sorted_peaks if peak is not None]
    assert known == sorted(known)
    assert sorted_peaks[len(known) :] == [None] * (len(peaks) - len(known))


def test_bytes_keep_nothing_apart_from_no_activity() -> None:
    maps = np.array([[0.0, 0.5, 1.0], [np.nan] * 3], np.float32)
    np.testing.assert_array_equal(tuning.to_bytes(maps), [[1, 128, 255], [0, 0, 0]])


def test_neighbouring_columns_are_averaged() -> None:
    maps = np.array([[0, 2, 4, np.nan, np.nan, np.nan, 5]], np.float32)
    np.testing.assert_array_equal(tuning.fewer_columns(maps, 4), [[1, 4, np.nan, 5]])
    np.testing.assert_array_equal(tuning.fewer_columns(maps, 7), maps)


@given(st.integers(1, 500), st.integers(2, 50))
def test_an_even_choice_has_both_ends_and_no_doubles(count: int, limit: int) -> None:
    chosen = tuning.evenly(count, limit)
    assert len(chosen) == min(count, limit) == len(set(chosen.tolist()))
    assert (chosen[0], chosen[-1]) == (0, count - 1)


def test_the_square_of_sorted_maps() -> None:
    early, late = shown(0, 1, 2, None), shown(2, 0, 1, 3)
    grid = tuning.sorted_grid([early, late])
    assert (grid.units, grid.eligible) == (3, 3)
    by_early, by_late = [0, 1, 2], [1, 2, 0]
    assert grid.row_units.tolist() == [*by_early, -1, *by_late]
    assert grid.row_centres == [1, 5]
    assert grid.column_centres == [2.5, 9.5]
    assert grid.cells.shape == (7, 13)
    blocks = {
        (row, column): grid.cells[4 * row : 4 * row + 3, 7 * column : 7 * column + 6]
        for row in (0, 1)
        for column in (0, 1)
    }
    for row, order in enumerate((by_early, by_late)):
        for column, maps in enumerate((early, late)):
            np.testing.assert_array_equal(blocks[row, column], tuning.to_bytes(maps[order]))
    assert (grid.cells[3] == 0).all()
    assert (grid.cells[:, 6] == 0).all()


def test_the_square_holds_units_active_always_or_at_any_moment() -> None:
    moments = [shown(0, None, 1, None), shown(1, 2, None, None)]
    assert tuning.sorted_grid(moments).row_units.tolist() == [0, -1, 0]
    either = tuning.sorted_grid(moments, always=False)
    assert either.row_units.tolist() == [0, 2, 1, -1, 0, 1, 2]


def test_the_square_draws_a_bounded_part_of_many_units() -> None:
    moments = [shown(*range(50), places=300)] * 4
    grid = tuning.sorted_grid(moments, max_units=10, max_columns=20)
    assert (grid.units, grid.eligible) == (10, 50)
    assert grid.cells.shape == (4 * 10 + 3 * 1, 4 * 20 + 3 * 2)


def test_the_square_of_a_silent_population_is_empty() -> None:
    grid = tuning.sorted_grid([shown(None, None)])
    assert (grid.units, grid.cells.shape) == (0, (0, 6))


@pytest.mark.parametrize(
    ("until", "learned", "moments"),
    [
        (100, 10, [10, 30, 60, 100]),
        (100, None, [0, 20, 60, 100]),
        (30, 10, [10, 20, 30]),
        (5, 10, [0]),
    ],
)
def test_moments_are_spread_from_the_end_of_learning_to_the_cursor(
    until: int, learned: int | None, moments: list[int]
) -> None:
    steps = [0, 10, 20, 30, 60, 80, 100]
    assert tuning.grid_moments(steps, until, learned) == moments
