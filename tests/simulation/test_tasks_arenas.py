"""The corridor and the ring: walking, seeing, scaling."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter1d

from simulation.config import FeedforwardConfig, RunConfig
from simulation.config.tasks import AbstractPredictiveTask, CorridorTask
from simulation.tasks import make_dataset, make_evaluation
from simulation.tasks.abstract_predictive import RING_LENGTH, run_round, view
from simulation.tasks.corridor import draw_texture, perimeter_hit, walk_about
from simulation.tasks.scenery import look_up, smooth_circularly

CORRIDOR = CorridorTask()
inside = st.floats(0.001, 0.999)


@pytest.mark.parametrize(
    ("x", "y", "angle", "expected"),
    [
        (0.5, 7, 0, 8),
        (0.5, 7, math.pi / 2, 15.5),
        (0.5, 7, math.pi, 23),
        (0.5, 7, -math.pi / 2, 0.5),
        (0.5, 0.25, math.pi / 4, 1.75),
        (0.25, 13.5, math.pi * 3 / 4, 2 + 14 + 0.25),
        (0.25, 0.125, -math.pi / 4, 0.375),
    ],
)
def test_rays_meet_the_walls_where_they_should(
    x: float, y: float, angle: float, expected: float
) -> None:
    hit = perimeter_hit(CORRIDOR, np.array(x), np.array(y), np.array(angle))
    assert hit == pytest.approx(expected)


@given(inside, inside, st.floats(-10, 10), st.floats(0.2, 20), st.floats(1, 50))
def test_the_wall_that_is_seen_lies_in_the_direction_of_the_ray(
    x_share: float, y_share: float, angle: float, width: float, length: float
) -> None:
    task = CorridorTask(length_x=width, length_y=length)
    x, y = x_share * width, y_share * length
    hit = float(perimeter_hit(task, np.array(x), np.array(y), np.array(angle)))
    corners = np.array([0, width, width + length, 2 * width + length, 2 * (width + length)])
    hit_x = np.interp(hit, corners, [0, width, width, 0, 0])
    hit_y = np.interp(hit, corners, [0, 0, length, length, 0])
    reach = math.hypot(hit_x - x, hit_y - y)
    assert hit_x - x == pytest.approx(reach * math.cos(angle), abs=1e-6)
    assert hit_y - y == pytest.approx(reach * math.sin(angle), abs=1e-6)


def test_looking_up_scenery() -> None:
    scenery = np.array([0.0, 1.0, 4.0, 2.0])
    places = np.array([0, 1, 2, 3, 0.5, 3.5, 4, -1, 5])
    np.testing.assert_allclose(look_up(scenery, places, 4), [0, 1, 4, 2, 0.5, 1, 0, 2, 1])
    np.testing.assert_allclose(look_up(scenery, 3 * places, 12), look_up(scenery, places, 4))


def test_no_smoothing_leaves_the_noise() -> None:
    noise = np.random.default_rng(0).normal(size=101)
    np.testing.assert_allclose(smooth_circularly(noise, 0), noise - noise.mean(), atol=1e-12)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.09])
def test_smoothing_is_a_circular_gaussian(share: float) -> None:
    noise = np.random.default_rng(1).normal(size=510)
    expected = gaussian_filter1d(noise, share * 510, mode="wrap", truncate=8)
    got = smooth_circularly(noise, share)
    np.testing.assert_allclose(
        got / got.std(), (expected - expected.mean()) / expected.std(), atol=1e-6
    )


def test_very_wide_smoothing_leaves_a_sine_wave() -> None:
    smooth = smooth_circularly(np.random.default_rng(2).normal(size=64), 10)
    harmonics = np.abs(np.fft.rfft(smooth))
    assert harmonics[1] > 1
    assert np.delete(harmonics, 1).max() < 1e-12


def test_the_texture_has_the_published_tiles() -> None:
    assert len(draw_texture(CORRIDOR, np.random.default_rng(0))) == 2 * 15 * 17


def test_the_agent_walks_up_and_down() -> None:
    path = walk_about(CORRIDOR, 20_000, np.random.default_rng(0))
    assert (path.y[0], path.heading[0]) == (7, math.pi / 2)
    np.testing.assert_allclose(
        np.exp(1j * (path.heading[:-1] + path.turn)), np.exp(1j * path.heading[1:]), atol=1e-9
    )
    turned = np.abs(path.turn) > 1
    assert set(path.heading[1:][turned].tolist()) == {-math.pi / 2, math.pi / 2}
    up = np.sin(path.heading) > 0
    assert (path.y[:-1][turned & up[:-1]] > 0.9 * 14).all()
    assert (path.y[:-1][turned & ~up[:-1]] < 0.1 * 14).all()
    assert 0.45 < up.mean() < 0.55
    assert np.median(np.abs(np.diff(path.y))) == pytest.approx(0.2, abs=0.01)
    assert path.turn[~turned].std() == pytest.approx(CORRIDOR.heading_noise, rel=0.03)


def test_a_long_walk_is_stationary() -> None:
    path = walk_about(CORRIDOR, 40_000, np.random.default_rng(1))
    bins = np.linspace(1.4, 12.6, 9)
    early, late = (np.histogram(part, bins)[0] for part in np.array_split(path.y, 2))
    np.testing.assert_allclose(early / early.sum(), late / late.sum(), atol=0.02)


@given(
    st.floats(0.001, 10),
    st.floats(0, 10),
    st.floats(0, 1),
    st.floats(0.1, 100),
    st.floats(1, 1000),
)
def test_the_agent_never_leaves_and_always_sees(
    speed: float, jitter: float, noise: float, width: float, length: float
) -> None:
    task = CorridorTask(
        speed=speed,
        speed_jitter=jitter,
        heading_noise=noise,
        length_x=width,
        length_y=length,
        rays=3,
        n_samples=50,
    )
    path = walk_about(task, 50, np.random.default_rng(0))
    assert ((path.y > 0) & (path.y < length)).all()
    dataset = make_dataset(FeedforwardConfig(task=task))
    assert np.isfinite(dataset.inputs).all()
    assert np.isfinite(dataset.targets).all()


@pytest.mark.parametrize(
    "values",
    [
        {"texture_smoothing": 0},
        {"texture_smoothing": 10},
        {"n_samples": 2, "rays": 2, "heading_noise": 0, "speed_jitter": 0},
        {"fov_fraction": 1.05},
    ],
)
def test_corridors_at_the_edge_of_the_allowed(values: dict[str, float]) -> None:
    config = RunConfig.parse({"task": {"kind": "corridor", **values}})
    dataset = make_dataset(config)
    assert np.isfinite(dataset.inputs).all()
    assert (dataset.targets.min(), dataset.targets.max()) == (-1, 1)


def test_an_action_that_never_changes_is_zero() -> None:
    config = RunConfig.parse(
        {"task": {"kind": "corridor", "n_samples": 5, "heading_noise": 0, "speed_jitter": 0}}
    )
    np.testing.assert_array_equal(make_dataset(config).inputs[:, -1], 0)


def test_the_same_place_looks_the_same_in_training_and_evaluation() -> None:
    """Without heading noise the view depends on position and direction alone."""
    config = RunConfig.parse(
        {"task": {"kind": "corridor", "n_samples": 5_000, "heading_noise": 0, "speed": 0.05}}
    )
    training, evaluation = make_dataset(config), make_evaluation(config, samples=500)
    assert evaluation is not None
    assert training.walk is not None
    assert evaluation.walk is not None
    for direction in (0, 1):
        known = training.walk.direction == direction
        asked = evaluation.walk.direction == direction
        order = np.argsort(training.walk.position[known])
        for ray in (0, 8, 16):
            expected = np.interp(
                evaluation.walk.position[asked],
                training.walk.position[known][order],
                training.inputs[known, ray][order],
            )
            np.testing.assert_allclose(evaluation.inputs[asked, ray], expected, atol=0.02)


def test_the_corridor_walk() -> None:
    walk = make_dataset(RunConfig.parse({"task.kind": "corridor"})).walk
    assert walk is not None
    assert (walk.track_length, walk.directions, walk.circular) == (14, 2, False)
    assert walk.direction.dtype == np.int8
    moves = np.diff(walk.position)
    forward = np.where(walk.direction[:-1] == 1, moves, -moves)
    assert (forward > 0).mean() > 0.9


def test_the_ring_walk() -> None:
    task = AbstractPredictiveTask(n_samples=1_000)
    position = run_round(task, 100_000, np.random.default_rng(0))
    assert position.min() >= 0
    assert position.max() < RING_LENGTH
    strides = np.diff(position) % RING_LENGTH
    assert strides.mean() == pytest.approx(10 * 120 / 1_000, rel=0.01)
    assert strides.max() <= 20 * 120 / 1_000
    walk = make_dataset(RunConfig.parse({"task.kind": "abstract_predictive"})).walk
    assert walk is not None
    assert (walk.track_length, walk.directions, walk.circular) == (120, 1, True)
    assert (walk.direction == 0).all()


def test_the_view_of_the_ring() -> None:
    scenery = np.random.default_rng(0).random(RING_LENGTH)
    task = AbstractPredictiveTask(input_dim=31)
    seen = view(task, scenery, np.array([0.0, 100.0]))
    np.testing.assert_allclose(seen[0], scenery[:31])
    np.testing.assert_allclose(seen[1], np.roll(scenery, -100)[:31])


@pytest.mark.parametrize(("samples", "size"), [(1, 1), (1, 5), (2, 1)])
def test_smallest_rings(samples: int, size: int) -> None:
    dataset = make_dataset(
        RunConfig.parse(
            {"task": {"kind": "abstract_predictive", "n_samples": samples, "input_dim": size}}
        )
    )
    assert np.isfinite(dataset.inputs).all()
    assert dataset.inputs.shape == dataset.targets.shape == (samples, size)
