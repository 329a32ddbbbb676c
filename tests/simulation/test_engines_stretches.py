"""Gradient descent by stretches: the plain loop's trajectory, or its distribution.

Without update noise the reference engine is followed to rounding. With it, each step is taken apart
into gradient and noise, and whole runs are compared with those of the plain loop.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.stats import ks_2samp, kstest

from simulation.config import RunConfig
from simulation.engines.compiled import CompiledEngine
from simulation.engines.kernels.lanes import lane_count
from simulation.engines.kernels.rotation import rotation_of
from simulation.engines.kernels.stretches import STRETCH
from simulation.engines.reference import loss_gradient
from simulation.engines.rows import weight_rows
from simulation.metrics.loss import mean_squared_error
from simulation.models.feedforward import NetworkState, hidden_activity
from simulation.models.memory import STEPS_SINCE_START
from simulation.noise.step_noise import FREE_WALK, UPDATE_NOISE, step_normals
from simulation.tasks import make_dataset
from simulation.tasks.dataset import Dataset
from tests.simulation.engine_helpers import (
    SHAPES,
    arrays,
    configure,
    difference,
    engine,
    initial_state,
    same_bits,
    with_silent_units,
)

Array = NDArray[Any]
Shape = tuple[int, int, int, int]

# rotated and not: one sample, as many samples as weights of a unit or one less, more
WIDE_SHAPES = [*SHAPES, (4, 3, 2, 20), (3, 3, 1, 20), (20, 4, 1, 40)]
WITHOUT_UPDATE_NOISE: dict[str, dict[str, Any]] = {
    "none": {},
    "uniform labels": {"noise.label_scale": 0.5},
    "gaussian labels": {"noise.label_scale": 0.5, "noise.label_distribution": "gaussian"},
}


@pytest.mark.parametrize("noise", WITHOUT_UPDATE_NOISE.values(), ids=WITHOUT_UPDATE_NOISE)
@pytest.mark.parametrize("shape", WIDE_SHAPES, ids=str)
def test_without_update_noise_the_reference_is_followed(
    shape: Shape, noise: dict[str, Any]
) -> None:
    config = configure(shape, precision="float64", **noise)
    start = initial_state(config)
    compiled = engine("compiled", config).advance(start, 300)
    assert difference(compiled, start) > 1e-3
    assert difference(compiled, engine("reference", config).advance(start, 300)) < 1e-12


def test_the_reference_is_followed_while_units_fall_silent() -> None:
    config = configure((5, 6, 3, 40), precision="float64", noise__label_scale=2)
    data, start = make_dataset(config), with_silent_units(initial_state(config), 0.2)
    compiled = engine("compiled", config).advance(start, 300)
    active = [(hidden_activity(state, data.inputs) > 0).any(axis=1) for state in (start, compiled)]
    assert active[1].sum() < active[0].sum()
    assert difference(compiled, engine("reference", config).advance(start, 300)) < 1e-12


@pytest.mark.parametrize("shape", WIDE_SHAPES, ids=str)
def test_float32_stays_close(shape: Shape) -> None:
    config = configure(shape, precision="float32", noise__label_scale=0.5)
    start = initial_state(config)
    end = engine("compiled", config).advance(start, 50)
    assert end.input_weights.dtype == np.float32
    assert difference(end, engine("reference", config).advance(start, 50)) < 1e-4


class Steps:
    """Two stretches and a half, looked at after every step, and what each step's noise was.

    Attributes
    ----------
    noise : (steps, D + 1 + O, H), what was added to the gradient, in units of s.
    asleep, first : (steps, H), from the weights at the start of each stretch: who is asleep, by
        the definition; the first sample that each answers to, the number of samples if to none.
    basis : (D + 1, R), the directions that inputs see.
    """

    def __init__(self, shape: Shape) -> None:
        self.config = configure(shape, precision="float64", noise__update_scale=0.03)
        data, trainer = make_dataset(self.config), engine("compiled", self.config)
        state = with_silent_units(initial_state(self.config), 0.5)
        states = [state, *(trainer.advance(state, n) for n in range(1, 5 * STRETCH // 2 + 1))]
        rate, scale = self.config.rule.learning_rate, self.config.noise.update_scale
        self.noise = np.array(
            [
                ((weight_rows(a) - weight_rows(b)) / rate - _gradient(a, data)) / scale
                for a, b in pairwise(states)
            ]
        )
        with_constant = np.column_stack([data.inputs, np.ones(len(data.inputs))])
        reach = 8 * np.sqrt(STRETCH) * rate * scale * np.linalg.norm(with_constant, axis=1)
        starts = [weight_rows(states[step // STRETCH * STRETCH]) for step in range(len(self.noise))]
        width = with_constant.shape[1]
        drives = np.array([with_constant @ rows[:width] for rows in starts])
        self.asleep = (drives <= -reach[:, None]).all(axis=1)
        silent = (drives <= 0).all(axis=1)
        self.first = np.where(silent, len(data.inputs), (drives > 0).argmax(axis=1))
        self.basis = rotation_of(data.inputs, "float64")[1].basis
        self.width = width


def _gradient(state: NetworkState, data: Dataset) -> Array:
    tensors = [torch.from_numpy(x) for x in (weight_rows(state), data.inputs, data.targets)]
    return loss_gradient(*tensors, torch.relu).numpy()


@cache
def steps_of(shape: Shape) -> Steps:
    return Steps(shape)


STEPPED = pytest.mark.parametrize("shape", [(5, 20, 5, 100), (12, 6, 3, 60)], ids=str)


@STEPPED
def test_awake_units_meet_the_keyed_noise(shape: Shape) -> None:
    """Where the inputs see it, ordered by who answers to which sample, and laid out by panels."""
    steps = steps_of(shape)
    lanes, outputs = lane_count("float64"), shape[2]
    rows = steps.basis.shape[1] + outputs
    for step, noise in enumerate(steps.noise):
        order = np.argsort(steps.first[step], kind="stable")
        awake = order[~steps.asleep[step][order]]
        assert 0 < len(awake) < shape[3]
        turned = np.vstack([steps.basis.T @ noise[: steps.width], noise[steps.width :]])[:, awake]
        place = np.arange(len(awake))
        element = (place // lanes * rows + np.arange(rows)[:, None]) * lanes + place % lanes
        keyed = step_normals(steps.config.seed, UPDATE_NOISE, step, int(element.max()) + 1)
        np.testing.assert_allclose(turned, keyed[element], atol=1e-9)


def free_noise(steps: Steps) -> Array:
    """What meets sleepers, and the awake in directions that no input sees: (steps, numbers)."""
    asleep = steps.asleep.all(axis=0)
    assert asleep.sum() > 10
    numbers = [steps.noise[:, :, asleep].reshape(len(steps.noise), -1)]
    if steps.width > steps.basis.shape[1]:
        unseen = np.linalg.svd(steps.basis)[0][:, steps.basis.shape[1] :]
        hidden = np.einsum("dr,sdu->sru", unseen, steps.noise[:, : steps.width, ~asleep])
        numbers.append(hidden.reshape(len(steps.noise), -1))
    return np.hstack(numbers)


@STEPPED
def test_everything_else_walks_freely_by_independent_steps(shape: Shape) -> None:
    noise = free_noise(steps_of(shape))
    count = noise.shape[1]
    assert kstest(noise.ravel(), "norm").pvalue > 1e-3
    assert all(kstest(step, "norm").pvalue > 1e-6 for step in noise)
    products = noise @ noise.T / count
    apart = products - np.eye(len(products))
    assert np.abs(apart).max() < 6 * np.sqrt(2 / count)
    whole = noise[:STRETCH].sum(axis=0) / np.sqrt(STRETCH)
    assert kstest(whole, "norm").pvalue > 1e-3


def walk_to(step: int, start: int, seed: int, count: int) -> Array:
    """Levy's construction: where a walk of unit steps from `start` is at `step`, for each number.

    Up to the stretch's end in one draw, sqrt(n) z; then halfway between what is known, again and
    again, with the deviation of a bridge.
    """

    def draw(at: int) -> Array:
        return step_normals(seed, FREE_WALK, at, count)

    a, b = start, start + STRETCH
    here, later = np.zeros(count), np.sqrt(STRETCH) * draw(b)
    while step != b:
        middle = (a + b) // 2
        between = (here * (b - middle) + later * (middle - a)) / (b - a)
        between += np.sqrt((middle - a) * (b - middle) / (b - a)) * draw(middle)
        if step <= middle:
            b, later = middle, between
        else:
            a, here = middle, between
    return later


def numbers_of(units: Array, rows: int) -> Array:
    """Which numbers of a draw are a unit's, laid out by panels: (rows, units)."""
    lanes = lane_count("float64")
    return (units // lanes * rows + np.arange(rows)[:, None]) * lanes + units % lanes


@STEPPED
def test_sleepers_are_where_levys_construction_says(shape: Shape) -> None:
    steps = steps_of(shape)
    for start in (0, STRETCH):
        asleep = np.flatnonzero(steps.asleep[start])
        numbers = numbers_of(asleep, steps.width + shape[2])
        walked = np.cumsum(steps.noise[start : start + STRETCH], axis=0)[:, :, asleep]
        for step, place in enumerate(walked, start=start + 1):
            expected = walk_to(step, start, steps.config.seed, int(numbers.max()) + 1)[numbers]
            np.testing.assert_allclose(place, expected, atol=1e-8)


def test_units_sleep_from_eight_deviations_of_a_stretch_on() -> None:
    """Every other unit is a thousandth nearer to its nearest sample, and so awake."""
    shape = (5, 20, 5, 40)
    config = configure(shape, precision="float64", noise__update_scale=0.03)
    data, state = make_dataset(config), initial_state(config)
    rate, scale = config.rule.learning_rate, config.noise.update_scale
    lengths = np.sqrt(np.square(data.inputs).sum(axis=1) + 1)
    reach = 8 * np.sqrt(STRETCH) * rate * scale * lengths
    nearest = (data.inputs @ state.input_weights.T + reach[:, None]).max(axis=0)
    nearer = np.where(np.arange(40) % 2, 1e-3, -1e-3) * reach.min()
    start = replace(state, biases=nearer - nearest)
    after = engine("compiled", config).advance(start, 1)
    noise = (weight_rows(start) - weight_rows(after)) / rate / scale
    numbers = numbers_of(np.arange(40), len(noise))
    slept = np.abs(noise - walk_to(1, 0, config.seed, numbers.size)[numbers]).max(axis=0) < 1e-8
    assert slept.tolist() == [True, False] * 20


def test_a_look_does_not_depend_on_other_looks() -> None:
    config = configure(noise__update_scale=0.1)
    trainer, start = engine("compiled", config), initial_state(config)
    state = start
    for step in (3, 40, 41, 63, 64, 90, 200):
        state = trainer.advance(state, step - state.step)
        assert same_bits(state, trainer.advance(start, step))
        assert (STEPS_SINCE_START in state.rule_state) == bool(step % STRETCH)


def test_a_fork_within_a_stretch_has_draws_of_its_own() -> None:
    """Its weights already hold part of what its parent drew for the rest of the stretch."""
    config = configure((5, 20, 20, 100), precision="float64", noise__update_scale=0.03)
    trainer = engine("compiled", config)
    start = with_silent_units(initial_state(config), 1.0)
    parent = trainer.advance(start, 40)
    fork = replace(parent, rule_state={})
    ends = [weight_rows(trainer.advance(state, STRETCH - 40)) for state in (parent, fork)]
    past = (weight_rows(parent) - weight_rows(start)).ravel()
    moved = [(end - weight_rows(parent)).ravel() for end in ends]
    spread = 0.1 * 0.03 * np.sqrt(STRETCH - 40)
    for steps in moved:
        assert kstest(steps / spread, "norm").pvalue > 1e-3
        assert abs(np.corrcoef(past, steps)[0, 1]) < 5 / np.sqrt(past.size)
    assert abs(np.corrcoef(*moved)[0, 1]) < 5 / np.sqrt(past.size)
    onward = trainer.advance(fork, 10)
    assert same_bits(trainer.advance(onward, 300), trainer.advance(fork, 310))


SEEDS = 96


def final_measures(runs: list[NetworkState], data: Dataset) -> dict[str, list[float]]:
    activity = [hidden_activity(state, data.inputs) > 0 for state in runs]
    return {
        "active units": [float(active.any(axis=1).mean()) for active in activity],
        "active fraction": [float(active.mean()) for active in activity],
        "loss": [mean_squared_error(state, data) for state in runs],
        **{
            f"norm of {name}": [float(np.linalg.norm(arrays(state)[i])) for state in runs]
            for i, name in enumerate("mbn")
        },
    }


@pytest.mark.parametrize("shape", [(5, 12, 3, 48), (12, 6, 3, 48)], ids=str)
def test_runs_are_distributed_as_those_of_the_plain_loop(shape: Shape) -> None:
    """One task and start, another noise for every run; units fall asleep and wake."""
    configs = [configure(shape, noise__update_scale=0.2, seed=seed) for seed in range(2 * SEEDS)]
    data = make_dataset(configs[0])
    start = initial_state(configs[0])
    start = replace(start, biases=start.biases - 3)
    halves = configs[:SEEDS], configs[SEEDS:]
    fast, plain = (
        [CompiledEngine(config, data, plain=plain).advance(start, 4_000) for config in half]
        for plain, half in zip((False, True), halves, strict=True)
    )
    slept, asleep = (
        _asleep(start, data, configs[0]),
        [_asleep(end, data, configs[0]) for end in fast],
    )
    assert np.mean([slept & ~now for now in asleep]) > 0.01
    assert np.mean([~slept & now for now in asleep]) > 0.01
    expected = final_measures(plain, data)
    for name, values in final_measures(fast, data).items():
        assert ks_2samp(values, expected[name]).pvalue > 1e-3, name


def _asleep(state: NetworkState, data: Dataset, config: RunConfig) -> Array:
    inputs = np.column_stack([data.inputs, np.ones(len(data.inputs))])
    reach = 8 * np.sqrt(STRETCH) * config.rule.learning_rate * config.noise.update_scale
    drives = inputs @ np.vstack([state.input_weights.T, state.biases])
    return (drives <= -reach * np.linalg.norm(inputs, axis=1)[:, None]).all(axis=0)
