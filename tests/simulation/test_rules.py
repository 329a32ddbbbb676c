"""Learning rules: by hand, against torch's optimisers, on average, and what they remember."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from simulation.engines import ENGINES
from simulation.engines.reference import loss_gradient
from simulation.engines.rows import weight_rows
from simulation.models.memory import MOMENT_STEPS, rule_state, rule_state_shapes
from simulation.noise.step_noise import TRIAL_STEP, step_normals
from simulation.rules.adam import adam
from simulation.rules.rmsprop import rmsprop
from simulation.rules.sed import sed, trial_scale
from simulation.rules.sgd import sgd
from simulation.tasks import make_dataset
from tests.simulation.engine_helpers import (
    RULES,
    arrays,
    configure,
    engine,
    initial_state,
    same_bits,
)


def test_sgd_adds_noise_to_the_gradient() -> None:
    theta, gradient, noise = np.array([1.0]), np.array([2.0]), np.array([3.0])
    moved = sgd(theta, gradient, noise, learning_rate=0.1, noise_scale=0.5)
    assert moved == pytest.approx(1 - 0.1 * (2 + 0.5 * 3))


def test_sed_moves_against_a_trial_that_raises_the_loss() -> None:
    theta, trial, noise = np.array([1.0, 2.0]), np.array([0.1, -0.2]), np.array([1.0, 3.0])
    moved = sed(theta, trial, 0.5, noise, learning_rate=0.4, noise_scale=0.25)
    expected = [1 - 0.4 * (0.05 + 0.25), 2 - 0.4 * (-0.1 + 0.75)]
    np.testing.assert_allclose(moved, expected, rtol=1e-15)
    assert trial_scale(0.1, 25) == pytest.approx(0.02)


def by_adam(theta: Any, gradients: list[Any], noise: list[Any], scale: float) -> Any:
    mean, square = 0 * theta, 0 * theta
    for step, (gradient, xi) in enumerate(zip(gradients, noise, strict=True), 1):
        theta, mean, square = adam(
            theta,
            gradient,
            xi,
            mean,
            square,
            step,
            learning_rate=0.01,
            beta1=0.8,
            beta2=0.95,
            epsilon=1e-3,
            noise_scale=scale,
        )
    return theta


def by_rmsprop(theta: Any, gradients: list[Any], noise: list[Any], scale: float) -> Any:
    square = 0 * theta
    for gradient, xi in zip(gradients, noise, strict=True):
        theta, square = rmsprop(
            theta,
            gradient,
            xi,
            square,
            learning_rate=0.01,
            decay=0.9,
            epsilon=1e-3,
            noise_scale=scale,
        )
    return theta


@pytest.mark.parametrize("scale", [0.0, 0.3])
@pytest.mark.parametrize(
    ("rule", "optimizer"),
    [
        (by_adam, lambda theta: torch.optim.Adam([theta], 0.01, (0.8, 0.95), 1e-3)),
        (by_rmsprop, lambda theta: torch.optim.RMSprop([theta], 0.01, 0.9, 1e-3)),
    ],
)
def test_adaptive_rules_are_those_of_torch(
    rule: Callable[..., Any], optimizer: Callable[..., torch.optim.Optimizer], scale: float
) -> None:
    """Fed the same gradients, with noise already in them: as in the published code."""
    random = np.random.default_rng(0)
    start = random.normal(size=7)
    gradients = [10.0 ** random.integers(-6, 2) * random.normal(size=7) for _ in range(50)]
    noise = list(random.normal(size=(50, 7)))
    theta = torch.tensor(start, requires_grad=True)
    torchs = optimizer(theta)
    for gradient, xi in zip(gradients, noise, strict=True):
        theta.grad = torch.tensor(gradient + scale * xi)
        torchs.step()
    ours = rule(start, gradients, noise, scale)
    np.testing.assert_allclose(ours, theta.detach().numpy(), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", ENGINES)
def test_the_first_step_of_adam_has_the_length_of_the_learning_rate(name: str) -> None:
    config = configure(rule__kind="adam", rule__epsilon=1e-16)
    start = initial_state(config)
    moved = weight_rows(engine(name, config).advance(start, 1)) - weight_rows(start)
    assert (np.isclose(np.abs(moved), 0.001, rtol=1e-9) | (moved == 0)).all()
    assert (moved != 0).mean() > 0.5


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_stochastic_error_descent_is_gradient_descent_on_average(activation: str) -> None:
    """Over trials from one place, with lr sigma^2 as the learning rate."""
    steps, perturbation = 4_000, 1e-3
    config = configure(
        (3, 2, 2, 5),
        precision="float64",
        rule__kind="sed",
        rule__perturbation=perturbation,
        network__activation=activation,
    )
    start, data, trainer = initial_state(config), make_dataset(config), engine("compiled", config)
    before = weight_rows(start)
    moves = np.array(
        [
            weight_rows(trainer.advance(replace(start, step=step), 1)) - before
            for step in range(steps)
        ]
    )
    sigma = {"relu": torch.relu, "tanh": torch.tanh}[activation]
    given = (torch.from_numpy(values) for values in (before, data.inputs, data.targets))
    variance = np.full((2 + 1 + 2, 1), perturbation**2 / 5)
    variance[3:] = perturbation**2 / 2
    expected = -config.rule.learning_rate * variance * loss_gradient(*given, sigma).numpy()
    error = moves.std(axis=0) / np.sqrt(steps)
    assert (np.abs(moves.mean(axis=0) - expected) <= 4.5 * error).all()
    assert (np.abs(expected) > 4.5 * error).any()


def test_both_losses_of_a_trial_see_the_same_noise() -> None:
    """Otherwise their difference would be noise, of the size of label_scale^2."""
    config = configure(rule__kind="sed", rule__perturbation=1e-6, noise__label_scale=5.0)
    start = initial_state(config)
    moved = weight_rows(engine("compiled", config).advance(start, 50)) - weight_rows(start)
    assert np.abs(moved).max() < 1e-8


def test_trial_steps_have_a_stream_of_their_own() -> None:
    config = configure((5, 6, 3, 40), precision="float64", rule__kind="sed")
    start = initial_state(config)
    moved = weight_rows(engine("compiled", config).advance(start, 1)) - weight_rows(start)
    trial = step_normals(config.seed, TRIAL_STEP, 0, moved.size).reshape(moved.shape)
    scale = np.array([0.1 / 40**0.5] * 7 + [0.1 / 3**0.5] * 3)[:, None]
    ratio = moved / (trial * scale)
    np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-6)
    assert ratio[0, 0] != 0


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ["plain", "reference"])
def test_engines_hand_on_what_the_rule_remembers(name: str, rule: str) -> None:
    config = configure(rule__kind=rule, precision="float32")
    start = initial_state(config)
    shapes = rule_state_shapes(config)
    end = engine(name, config).advance(start, 3)
    assert {field: values.shape for field, values in end.rule_state.items()} == shapes
    assert {values.dtype for values in end.rule_state.values()} <= {np.dtype("float32")}
    assert all(not values.any() for values in rule_state(config, start).values())
    assert rule_state(config, end) is end.rule_state
    if rule == "adam":
        assert end.rule_state[MOMENT_STEPS] == 3


@pytest.mark.parametrize("name", ENGINES)
def test_a_rule_that_takes_over_starts_with_nothing_in_mind(name: str) -> None:
    adam_config, rmsprop_config = configure(rule__kind="adam"), configure(rule__kind="rmsprop")
    handed = engine(name, adam_config).advance(initial_state(adam_config), 10)
    forgotten = replace(handed, rule_state={})
    for config in (rmsprop_config, configure(rule__kind="sgd", precision="float64")):
        trainer = engine(name, config)
        assert same_bits(trainer.advance(handed, 5), trainer.advance(forgotten, 5))
    again = engine(name, adam_config).advance(forgotten, 1)
    assert again.step == 11
    assert again.rule_state[MOMENT_STEPS] == 1


def test_every_array_of_weights_has_its_moments() -> None:
    config = configure((5, 6, 3, 40), rule__kind="adam")
    shapes = [weights.shape for weights in arrays(initial_state(config))]
    assert list(rule_state_shapes(config).values()) == [*shapes, *shapes, (1,)]
    assert (
        list(rule_state_shapes(configure((5, 6, 3, 40), rule__kind="rmsprop")).values()) == shapes
    )
    assert rule_state_shapes(configure()) == {}
