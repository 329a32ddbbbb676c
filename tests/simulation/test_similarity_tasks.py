"""The inputs of similarity matching: directions, and grid cells along a track."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.config.tasks import GridToPlaceTask, RingTask
from simulation.metrics.spatial import places
from simulation.tasks.grid_to_place import grid_activity, grid_to_place_dataset
from simulation.tasks.ring import ring_dataset


def test_directions_go_evenly_round_the_circle() -> None:
    data = ring_dataset(RingTask(n_samples=4))
    diagonals = np.sqrt(0.5) * np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    np.testing.assert_allclose(data.inputs, diagonals)
    assert data.targets.shape == (4, 0)
    assert data.walk is not None
    assert data.walk.circular
    np.testing.assert_allclose(data.walk.position, np.pi / 2 * (np.arange(4) + 0.5))


def test_similarities_on_the_ring_depend_on_distance_alone() -> None:
    inputs = ring_dataset(RingTask(n_samples=60)).inputs
    similarity = inputs @ inputs.T
    np.testing.assert_allclose(similarity[7], np.roll(similarity[0], 7), atol=1e-14)


def test_a_grid_cell_repeats_on_its_hexagonal_lattice() -> None:
    """Lattice vectors have the length of the spacing, at 30 degrees to the waves' normals."""
    points = np.random.default_rng(0).random((50, 2))
    spacing, orientation, offset = 0.3, 0.2, np.array([0.05, 0.11])
    activity = grid_activity(points, spacing, orientation, offset)
    for turn in range(6):
        angle = orientation + np.pi / 6 + turn * np.pi / 3
        moved = points + spacing * np.array([np.cos(angle), np.sin(angle)])
        np.testing.assert_allclose(
            grid_activity(moved, spacing, orientation, offset), activity, atol=1e-12
        )
    assert grid_activity(offset[None], spacing, orientation, offset) == pytest.approx(1)
    assert activity.min() > -1e-12
    assert activity.max() <= 1


def test_a_grid_of_sixty_degrees_more_is_the_same() -> None:
    points = np.random.default_rng(1).random((20, 2))
    zero = np.zeros(2)
    np.testing.assert_allclose(
        grid_activity(points, 0.4, 0.1, zero), grid_activity(points, 0.4, 0.1 + np.pi / 3, zero)
    )


def test_the_track_is_a_slice_through_the_grids() -> None:
    task = GridToPlaceTask(
        n_samples=20, spacings=2, orientations=3, offsets=2, slice_angle=np.pi / 4
    )
    data = grid_to_place_dataset(task)
    assert data.inputs.shape == (20, task.input_dim) == (20, 24)
    assert data.walk is not None
    position = data.walk.position
    assert position[0] == pytest.approx(0.025)
    assert position[-1] == pytest.approx(0.975)
    points = np.stack([position, position], axis=1)
    spacing = 0.2 * 1.42
    expected = grid_activity(points, spacing, np.pi / 9, spacing * np.array([0.5, 0.0]))
    np.testing.assert_allclose(data.inputs[:, 12 + 4 + 2], expected)


@pytest.mark.parametrize("count", [50, 100, 200, 300])
def test_all_bins_are_visited_alike(count: int) -> None:
    for data in (
        ring_dataset(RingTask(n_samples=count)),
        grid_to_place_dataset(GridToPlaceTask(n_samples=count, spacings=1)),
    ):
        assert data.walk is not None
        visits = np.bincount(places(data.walk).index, minlength=100)
        assert set(visits) == ({count // 100} if count >= 100 else {0, 1})
