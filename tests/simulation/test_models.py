"""The feedforward network."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from simulation.config import RunConfig
from simulation.engines.reference import ACTIVATIONS as TORCH_ACTIVATIONS
from simulation.models.activations import ACTIVATIONS
from simulation.models.feedforward import (
    NetworkState,
    hidden_activity,
    initial_state,
    predictions,
)

SMALL = NetworkState(
    step=0,
    input_weights=np.array([[1.0, -1.0], [2.0, 0.5]]),
    biases=np.array([0.5, -1.0]),
    output_weights=np.array([[1.0, -2.0]]),
)


def test_hidden_activity_and_predictions_by_hand() -> None:
    inputs = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.5]])
    np.testing.assert_allclose(hidden_activity(SMALL, inputs), [[1.5, 0, 0], [1.0, 0, 0]])
    np.testing.assert_allclose(predictions(SMALL, inputs), [[-0.5], [0.0], [0.0]])


def test_measuring_leaves_state_and_inputs_alone() -> None:
    inputs = np.random.default_rng(0).normal(size=(7, 2))
    before = [part.copy() for part in (inputs, SMALL.input_weights, SMALL.biases)]
    predictions(SMALL, inputs)
    for part, old in zip((inputs, SMALL.input_weights, SMALL.biases), before, strict=True):
        np.testing.assert_array_equal(part, old)


@pytest.mark.parametrize("kind", ["smoothed_random", "random", "abstract_predictive", "corridor"])
def test_initial_state_has_the_sizes_of_the_configuration(kind: str) -> None:
    config = RunConfig.parse({"task.kind": kind, "network.hidden_units": 7})
    state = initial_state(config)
    assert state.step == 0
    assert state.input_weights.shape == (7, config.task.input_dim)
    assert state.biases.shape == (7,)
    assert state.output_weights.shape == (config.task.output_dim, 7)
    assert config.parameter_count == sum(
        part.size for part in (state.input_weights, state.biases, state.output_weights)
    )


@pytest.mark.parametrize(("init", "output_std"), [("rich", 0.02**0.5), ("lazy", 0.02)])
def test_initial_standard_deviations(init: str, output_std: float) -> None:
    config = RunConfig.parse(
        {
            "task.kind": "random",
            "task.input_dim": 400,
            "task.output_dim": 400,
            "network.hidden_units": 100,
            "network.init": init,
        }
    )
    state = initial_state(config)
    assert state.input_weights.std() == pytest.approx((2 / 400) ** 0.5, rel=0.02)
    assert state.output_weights.std() == pytest.approx(output_std, rel=0.02)
    biases = [initial_state(config.with_values({"seed": seed})).biases.std() for seed in range(20)]
    assert np.mean(biases) == pytest.approx((2 / 400) ** 0.5, rel=0.05)


def test_a_seed_means_the_same_start_in_both_precisions() -> None:
    double = initial_state(RunConfig.parse({"precision": "float64", "seed": 4}))
    single = initial_state(RunConfig.parse({"precision": "float32", "seed": 4}))
    assert double.input_weights.dtype == np.float64
    for name in ("input_weights", "biases", "output_weights"):
        assert getattr(single, name).dtype == np.float32
        np.testing.assert_array_equal(
            getattr(single, name), getattr(double, name).astype(np.float32)
        )


def test_initial_state_is_pinned() -> None:
    state = initial_state(RunConfig.parse({"precision": "float64"}))
    np.testing.assert_allclose(
        state.input_weights[0, :2], [-0.11491999135505508, -0.09474808823178507], rtol=1e-14
    )
    np.testing.assert_allclose(
        state.output_weights[-1, -2:], [-0.24161379603165398, 0.018932601057170494], rtol=1e-14
    )


def test_every_activation_has_its_tensor_form() -> None:
    assert ACTIVATIONS.keys() == TORCH_ACTIVATIONS.keys()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_their_derivatives_are_those_of_autograd(name: str) -> None:
    z = torch.linspace(-30, 30, 241, dtype=torch.float64, requires_grad=True)
    value = TORCH_ACTIVATIONS[name](z)
    (slope,) = torch.autograd.grad(value.sum(), z, create_graph=True)
    curvature = torch.zeros_like(z)
    if slope.requires_grad:
        (curvature,) = torch.autograd.grad(slope.sum(), z)
    at, function = z.detach().numpy(), ACTIVATIONS[name]
    for ours, theirs in (
        (function.value(at), value),
        (function.slope(at), slope),
        (function.curvature(at), curvature),
    ):
        np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_keep_the_precision_and_pass_on_nan(name: str) -> None:
    function = ACTIVATIONS[name]
    z = np.array([np.nan, -np.inf, -1e4, -1.0, 0.0, 1.0, 1e4, np.inf], np.float32)
    for part in (function.value, function.slope, function.curvature):
        assert part(z).dtype == np.float32
        assert np.isfinite(part(z)[2:7]).all()
    assert np.isnan(function.value(z)[0])
    assert hidden_activity(replace(SMALL, activation=name), np.zeros((1, 2))) == pytest.approx(
        function.value(SMALL.biases[:, None])
    )
