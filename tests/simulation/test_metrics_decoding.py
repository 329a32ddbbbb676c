"""Position decoding: a perfect code, no code, and what must not matter."""

import math

import numpy as np
import pytest

from simulation.config import RunConfig
from simulation.metrics.decoding import position_error
from simulation.metrics.spatial import places
from simulation.models.feedforward import hidden_activity, initial_state
from simulation.tasks import Walk, make_evaluation

TRACK = 14.0
BIN = TRACK / 100


def random_walk(circular: bool = False, directions: int = 1, samples: int = 10_000) -> Walk:
    random = np.random.default_rng(0)
    return Walk(
        position=random.uniform(0, TRACK, samples),
        direction=random.integers(0, directions, samples).astype(np.int8),
        track_length=TRACK,
        directions=directions,
        circular=circular,
    )


def one_hot(walk: Walk) -> np.ndarray:
    at = places(walk)
    return np.eye(len(at.occupancy))[:, at.index]


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("circular", [True, False])
def test_a_unit_for_each_place_leaves_a_quarter_of_a_bin(circular: bool, directions: int) -> None:
    walk = random_walk(circular, directions)
    assert position_error(one_hot(walk), walk) == pytest.approx(BIN / 4, rel=0.03)


@pytest.mark.parametrize(("circular", "chance"), [(False, TRACK / 3), (True, TRACK / 4)])
def test_shuffled_activity_is_decoded_at_chance(circular: bool, chance: float) -> None:
    walk = random_walk(circular)
    activity = np.random.default_rng(1).permutation(one_hot(walk), axis=1)
    assert position_error(activity, walk) == pytest.approx(chance, rel=0.1)


def test_neighbouring_samples_do_not_give_the_position_away() -> None:
    """Activity that tells time, not place, on a slow walk: folds are stretches, not samples."""
    turns = 40
    position = np.abs((np.linspace(0, turns, 10_000) + 1) % 2 - 1) * TRACK
    walk = Walk(position, np.zeros(10_000, np.int8), TRACK, 1, False)
    clock = np.exp(-0.5 * ((np.arange(10_000) - np.arange(0, 10_000, 50)[:, None]) / 25) ** 2)
    assert position_error(clock, walk) > TRACK / 5


def test_scale_order_of_units_and_silent_units_do_not_matter() -> None:
    config = RunConfig.parse({"task.kind": "corridor", "network.hidden_units": 40})
    evaluation = make_evaluation(config, samples=2_000)
    assert evaluation is not None
    assert evaluation.walk is not None
    activity = hidden_activity(initial_state(config), evaluation.inputs)
    error = position_error(activity, evaluation.walk)
    assert error < 3
    order = np.random.default_rng(2).permutation(40)
    changed = np.concatenate([4 * activity[order], np.zeros((5, 2_000))])
    assert position_error(changed, evaluation.walk) == pytest.approx(error, rel=1e-9)
    assert position_error(activity, evaluation.walk) == error


def test_nothing_to_decode() -> None:
    walk = random_walk()
    assert math.isnan(position_error(np.zeros((3, 10_000)), walk))
    short = Walk(walk.position[:4], walk.direction[:4], TRACK, 1, False)
    assert math.isnan(position_error(np.ones((3, 4)), short))


def test_the_nearest_mean_activity_is_the_one_decoded() -> None:
    """One unit, 1 in one place and 2 in the other: of 2, the nearest is 2, though 1 is as like."""
    position = np.tile([10.5, 60.5], 10)
    walk = Walk(position, np.zeros(20, np.int8), 100.0, 1, circular=False)
    assert position_error(np.tile([[1.0, 2.0]], 10), walk) == 0
    reversed_walk = Walk(position[::-1], walk.direction, 100.0, 1, circular=False)
    assert position_error(np.tile([[2.0, 1.0]], 10), reversed_walk) == 0


def test_a_sample_a_fold_is_enough() -> None:
    walk = Walk(np.full(5, 10.25), np.zeros(5, np.int8), 100.0, 1, circular=False)
    assert position_error(np.ones((3, 5)), walk) == pytest.approx(0.25)
