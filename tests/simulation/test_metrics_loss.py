"""Loss and its normalisation."""

import math

import numpy as np
import pytest

from simulation.config import RunConfig
from simulation.metrics.loss import log10_loss, log10_normalized_loss, mean_squared_error
from simulation.models.feedforward import NetworkState, initial_state
from simulation.tasks import Dataset, make_dataset


def constant_network(answer: np.ndarray, inputs: int) -> NetworkState:
    """A network that gives the same answer to every input."""
    return NetworkState(0, np.zeros((1, inputs)), np.ones(1), answer[:, None])


def test_the_error_by_hand() -> None:
    state = constant_network(np.array([1.0, 2.0]), 3)
    targets = np.array([[1.0, 0.0], [3.0, 2.0]])
    assert mean_squared_error(state, Dataset(np.zeros((2, 3)), targets)) == pytest.approx(2)


def test_the_mean_estimator_has_loss_zero() -> None:
    targets = np.random.default_rng(0).normal(3, 2, size=(50, 4))
    state = constant_network(np.full(4, targets.mean()), 2)
    error = mean_squared_error(state, Dataset(np.zeros((50, 2)), targets))
    assert log10_normalized_loss(error, targets) == pytest.approx(0, abs=1e-12)


def test_a_hundredth_of_the_variance_is_minus_two() -> None:
    targets = np.random.default_rng(1).normal(size=(30, 4))
    assert log10_normalized_loss(targets.var() / 100, targets) == pytest.approx(-2)


def test_a_perfect_network_has_no_finite_logarithm() -> None:
    assert log10_normalized_loss(0.0, np.array([[1.0], [2.0]])) == -math.inf


def test_constant_targets_have_no_normalised_loss() -> None:
    assert math.isnan(log10_normalized_loss(1.0, np.ones((3, 2))))


def test_both_precisions_agree() -> None:
    losses = []
    for precision in ("float32", "float64"):
        config = RunConfig.parse({"precision": precision, "task.n_samples": 50})
        losses.append(mean_squared_error(initial_state(config), make_dataset(config)))
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_the_division_by_the_variance_is_undone() -> None:
    targets = np.random.default_rng(0).random((5, 3))
    assert log10_loss(log10_normalized_loss(0.02, targets), targets) == pytest.approx(-1.69897)
