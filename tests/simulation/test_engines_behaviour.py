"""What both engines must do: descend the gradient, rest without noise, show divergence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from simulation.config import Activation
from simulation.engines import ENGINES
from simulation.engines.reference import ACTIVATIONS, loss, loss_gradient
from simulation.engines.rows import weight_rows
from simulation.errors import DriftscapeError
from simulation.metrics.loss import mean_squared_error
from simulation.models import model_of
from simulation.models.feedforward import NetworkState, hidden_activity
from simulation.running import trainable_of
from simulation.tasks import make_dataset
from simulation.tasks.dataset import Dataset
from tests.simulation.engine_helpers import (
    RULES,
    arrays,
    configure,
    difference,
    engine,
    initial_state,
    same_bits,
    with_silent_units,
)

both_engines = pytest.mark.parametrize("name", [*ENGINES, "plain"])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gradient_is_the_slope_of_the_loss(activation: Activation) -> None:
    torch.manual_seed(0)
    sigma = ACTIVATIONS[activation]
    theta = torch.randn((4 + 1 + 3, 6), dtype=torch.float64)
    inputs, targets = torch.randn(5, 4).double(), torch.randn(5, 3).double()
    gradient = loss_gradient(theta, inputs, targets, sigma)
    for index in np.ndindex(*theta.shape):
        original = theta[index].item()
        theta[index] = original + 1e-6
        above = loss(theta, inputs, targets, sigma)
        theta[index] = original - 1e-6
        below = loss(theta, inputs, targets, sigma)
        theta[index] = original
        assert (above - below).item() / 2e-6 == pytest.approx(gradient[index].item(), abs=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_loss_is_the_mean_over_samples_and_outputs(activation: Activation) -> None:
    config = configure(precision="float64", network__activation=activation)
    state, data = initial_state(config), make_dataset(config)
    by_torch = loss(
        torch.from_numpy(weight_rows(state)),
        torch.from_numpy(data.inputs),
        torch.from_numpy(data.targets),
        ACTIVATIONS[activation],
    )
    assert by_torch.item() == pytest.approx(mean_squared_error(state, data), rel=1e-13)


@both_engines
def test_without_noise_a_trained_network_rests(name: str) -> None:
    config = configure((3, 8, 2, 20), rule__learning_rate=0.2)
    assert config.precision == "float64"
    trainer = engine(name, config)
    trained = trainer.advance(initial_state(config), 3_000)
    assert mean_squared_error(trained, make_dataset(config)) < 1e-25
    assert difference(trainer.advance(trained, 100), trained) < 1e-13


@both_engines
def test_a_perfect_network_does_not_move_at_all(name: str) -> None:
    config = configure((4, 3, 2, 10), precision="float64")
    nothing = Dataset(np.zeros((4, 3)), np.zeros((4, 2)))
    start = with_silent_units(initial_state(config), 1.0)
    end = engine(name, config, nothing).advance(start, 10)
    assert same_bits(replace(end, rule_state={}), NetworkState(10, *arrays(start)))


@both_engines
def test_label_noise_does_not_move_silent_units(name: str) -> None:
    config = configure((5, 6, 3, 40), noise__label_scale=1.0)
    start = with_silent_units(initial_state(config), 0.7)
    end = engine(name, config).advance(start, 200)
    silent = start.biases == -50
    assert (end.input_weights[silent] == start.input_weights[silent]).all()
    assert (end.biases[silent] == start.biases[silent]).all()
    assert (end.output_weights[:, silent] == start.output_weights[:, silent]).all()
    assert (end.input_weights[~silent] != start.input_weights[~silent]).any()


def test_update_noise_moves_silent_units_and_can_wake_them() -> None:
    config = configure((5, 6, 3, 40), noise__update_scale=0.1)
    data = make_dataset(config)
    start = initial_state(config)
    asleep = NetworkState(0, *(0 * weights for weights in arrays(start)))
    asleep.biases[:] = -0.05
    assert not hidden_activity(asleep, data.inputs).any()
    end = engine("compiled", config).advance(asleep, 2_000)
    assert (hidden_activity(end, data.inputs) > 0).any(axis=1).sum() > 5
    assert all(
        (weights != was).all() for weights, was in zip(arrays(end), arrays(asleep), strict=True)
    )


def test_silent_weights_walk_at_the_stated_speed() -> None:
    """A step moves a weight that has no gradient by lr * s * N(0, 1)."""
    config = configure((2, 30, 20, 200), noise__update_scale=0.05, rule__learning_rate=0.01)
    start = with_silent_units(initial_state(config), 1.0)
    end = engine("compiled", config).advance(start, 400)
    moved = np.concatenate(
        [(x - y).ravel() for x, y in zip(arrays(end), arrays(start), strict=True)]
    )
    expected = 0.01 * 0.05 * np.sqrt(400)
    assert moved.std() == pytest.approx(expected, rel=4 / np.sqrt(2 * moved.size))
    assert abs(moved.mean()) < 4 * expected / np.sqrt(moved.size)


@both_engines
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_divergence_is_visible(name: str, precision: str) -> None:
    config = configure(rule__learning_rate=10, precision=precision)
    end = engine(name, config).advance(initial_state(config), 400)
    assert any(np.isnan(weights).any() for weights in arrays(end))


@both_engines
@pytest.mark.parametrize("rule", ["rmsprop", "sed"])
def test_divergence_is_visible_under_every_rule(name: str, rule: str) -> None:
    config = configure(rule__kind=rule, rule__learning_rate=10, precision="float64")
    end = engine(name, config).advance(initial_state(config), 400)
    assert not mean_squared_error(end, make_dataset(config)) < model_of(config).largest_loss


@both_engines
@pytest.mark.parametrize("activation", ["relu", "softplus"])
@pytest.mark.parametrize("rule", RULES)
def test_one_nan_spreads_under_every_rule(name: str, rule: str, activation: str) -> None:
    config = configure(
        (5, 6, 3, 40), rule__kind=rule, network__activation=activation, precision="float64"
    )
    start = initial_state(config)
    start.output_weights[0, -1] = np.nan
    end = engine(name, config).advance(start, 3)
    assert np.isnan(mean_squared_error(end, make_dataset(config)))


@both_engines
@pytest.mark.parametrize("rule", ["sgd", "adam", "rmsprop"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_rule_learns_with_every_activation(name: str, rule: str, activation: str) -> None:
    config = configure(rule__kind=rule, network__activation=activation)
    data, start = make_dataset(config), initial_state(config)
    end = engine(name, config).advance(start, 300)
    assert mean_squared_error(end, data) < 0.2 * mean_squared_error(start, data)


@both_engines
@pytest.mark.parametrize("silent", [0.0, 0.8])
def test_one_nan_spreads(name: str, silent: float) -> None:
    config = configure((5, 6, 3, 40), noise__update_scale=0.05)
    data = make_dataset(config)
    start = with_silent_units(initial_state(config), silent)
    start.biases[-1] = np.nan
    end = engine(name, config).advance(start, 3)
    assert np.isnan(mean_squared_error(end, data))
    active = (hidden_activity(start, data.inputs) > 0).any(axis=1)
    assert np.isnan(end.input_weights[active]).all()
    assert np.isnan(end.output_weights[:, active]).all()


def test_an_unknown_engine_is_named_with_a_remedy() -> None:
    config = configure()
    with pytest.raises(DriftscapeError, match=r"'compild'.*Did you mean compiled") as caught:
        trainable_of(config).engine("compild", make_dataset(config))
    assert caught.value.subject == "compild"
