"""Centroids of rate maps and how far they move, in exact cases."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.config import TASKS, RunConfig
from simulation.metrics.centroids import Track, centroids, squared_shifts, track_of
from simulation.metrics.spatial import places
from simulation.tasks import make_dataset
from simulation.tasks.dataset import Walk

RING, LINE = Track(100.0, circular=True), Track(100.0, circular=False)
CENTRES = np.arange(100) + 0.5


def walk(directions: int = 1) -> Walk:
    position = np.tile(CENTRES, directions)
    direction = np.repeat(np.arange(directions, dtype=np.int8), 100)
    return Walk(position, direction, 100.0, directions, circular=False)


AT = places(walk())


def bump(*bins: int) -> np.ndarray:
    maps = np.zeros((1, 100))
    maps[0, list(bins)] = 1
    return maps


def test_a_field_in_one_bin_is_there() -> None:
    for track in (RING, LINE):
        assert centroids(bump(30), AT, track)[0, 0] == pytest.approx(30.5)


def test_across_the_seam_the_ring_goes_the_short_way() -> None:
    field = bump(98, 99, 0, 1)
    assert centroids(field, AT, RING)[0, 0] % 100 == pytest.approx(0, abs=1e-9)
    assert centroids(field, AT, LINE)[0, 0] == pytest.approx(50)


def test_no_centroid_without_activity_or_direction() -> None:
    uniform, silent = np.ones((1, 100)), np.zeros((1, 100))
    assert np.isnan(centroids(silent, AT, RING))
    assert np.isnan(centroids(silent, AT, LINE))
    assert np.isnan(centroids(uniform, AT, RING))
    assert centroids(uniform, AT, LINE)[0, 0] == pytest.approx(50)


def test_places_never_visited_do_not_count() -> None:
    maps = bump(10, 20).astype(np.float32)
    maps[0, 50:] = np.nan
    assert centroids(maps, AT, LINE)[0, 0] == pytest.approx(15.5)


def test_each_direction_of_travel_has_its_own() -> None:
    maps = np.concatenate([bump(10), bump(70)], axis=1)
    found = centroids(maps, places(walk(2)), LINE)
    np.testing.assert_allclose(found, [[10.5, 70.5]])


def test_a_rotated_map_has_a_rotated_centroid() -> None:
    maps = np.random.default_rng(0).random((5, 100))
    moved = centroids(np.roll(maps, 13, axis=1), AT, RING)
    np.testing.assert_allclose((moved - centroids(maps, AT, RING)) % 100, 13)


def test_squared_shifts_by_hand() -> None:
    steps = np.array([0, 10, 30])
    where = np.array([[[1.0], [99.0]], [[3.0], [1.0]], [[np.nan], [5.0]]])
    shifts = squared_shifts(steps, where, RING)
    assert shifts.step_a.tolist() == [0, 0, 10]
    assert shifts.step_b.tolist() == [10, 30, 30]
    np.testing.assert_allclose(shifts.mean_squared, [4, 36, 16])
    line = squared_shifts(steps, where, LINE)
    np.testing.assert_allclose(line.mean_squared, [(4 + 98**2) / 2, 94**2, 16])


def test_units_tuned_at_one_moment_alone_do_not_count() -> None:
    where = np.array([[1.0, np.nan], [np.nan, 2.0]])
    assert np.isnan(squared_shifts(np.array([0, 1]), where, LINE).mean_squared).all()


@pytest.mark.parametrize("circular", [True, False])
def test_forgotten_places_are_that_far_apart(circular: bool) -> None:
    track = Track(3.0, circular)
    where = np.random.default_rng(0).uniform(0, 3, (2, 200_000))
    shift = squared_shifts(np.array([0, 1]), where, track).mean_squared[0]
    assert shift == pytest.approx(track.largest_mean_squared_shift, rel=0.01)


@pytest.mark.parametrize("kind", TASKS)
def test_the_track_is_the_one_that_the_task_walks_on(kind: str) -> None:
    config = RunConfig.parse({"task.kind": kind})
    track, data = track_of(config.task), make_dataset(config)
    if data.walk is None:
        assert track is None
    else:
        assert track == Track(data.walk.track_length, data.walk.circular)


def test_a_weak_map_has_the_centroid_of_a_strong_one() -> None:
    """Rates 1 and 3 a quarter of the ring apart: the angle of 1 + 3i. On the line, the mean."""
    maps = np.zeros((1, 100))
    maps[0, 0], maps[0, 25] = 1, 3
    for scale in (1, 1e-5):
        ring = 0.5 + 100 * np.arctan(3) / (2 * np.pi)
        assert centroids(scale * maps, AT, RING)[0, 0] == pytest.approx(ring)
        assert centroids(scale * maps, AT, LINE)[0, 0] == pytest.approx(0.5 + 25 * 3 / 4)


def test_a_position_on_the_ring_is_one_of_a_single_turn() -> None:
    for place in (0, 30, 70, 99):
        assert centroids(bump(place), AT, RING)[0, 0] == pytest.approx(place + 0.5)


def test_of_any_number_of_units_and_directions_the_mean_is_taken() -> None:
    where = np.array([[[1.0, 2], [3, 4]], [[2.0, 4], [6, 8]]])
    assert squared_shifts(np.array([0, 5]), where, LINE).mean_squared.tolist() == [30 / 4]
