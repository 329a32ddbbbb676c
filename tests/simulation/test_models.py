"""The feedforward network."""

import numpy as np
import pytest

from simulation.config import RunConfig
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
