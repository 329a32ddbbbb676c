"""The responses of the similarity-matching network, against independent solvers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import nnls

from simulation.models import similarity
from simulation.models.similarity import (
    EXACT_REST,
    REST,
    SimilarityState,
    initial_state,
    responses,
    settle,
)
from simulation.tasks import make_dataset
from tests.simulation.similarity_helpers import GRID, RING, arrays, configure, learned_state

BASES = {"ring": RING, "grid": GRID}


@pytest.fixture(params=BASES, name="case")
def make_case(request: pytest.FixtureRequest) -> tuple[SimilarityState, np.ndarray]:
    config = configure(BASES[request.param], precision="float64")
    return learned_state(config), make_dataset(config).inputs


def drive_of(state: SimilarityState, inputs: np.ndarray) -> np.ndarray:
    """W x - sqrt(alpha) b, (H, T)."""
    root = np.sqrt(state.network.bias_strength)
    return state.feedforward_weights @ inputs.T - root * state.biases[:, None]


def matrix_of(state: SimilarityState) -> np.ndarray:
    """A = M + l2 I."""
    return state.lateral_weights + state.network.decay * np.eye(len(state.biases))


def test_with_symmetric_inhibition_it_solves_the_quadratic_programme(case: Any) -> None:
    """min y^T A y / 2 - d^T y over y >= 0 is min |R y - R^-T d| over y >= 0, with A = R^T R."""
    state, inputs = case
    m = state.lateral_weights
    state = replace(state, lateral_weights=(m + m.T) / 2)
    root = cholesky(matrix_of(state))
    drive = drive_of(state, inputs) - state.network.threshold
    expected = [nnls(root, solve_triangular(root, d, trans="T"))[0] for d in drive.T]
    found = responses(state, inputs)
    assert (found > 0).any()
    assert (found == 0).any()
    np.testing.assert_allclose(found, np.transpose(expected), atol=1e-9)


def test_without_symmetry_it_solves_the_complementarity_problem(case: Any) -> None:
    state, inputs = case
    assert np.abs(state.lateral_weights - state.lateral_weights.T).max() > 1e-4
    y = responses(state, inputs)
    excess = matrix_of(state) @ y - (drive_of(state, inputs) - state.network.threshold)
    assert (y >= 0).all()
    assert excess.min() > -1e-10
    assert np.abs(excess[y > 0]).max() < 1e-10


def test_it_is_where_the_neural_dynamics_come_to_rest(case: Any) -> None:
    state, inputs = case
    drive = drive_of(state, inputs)
    found = responses(state, inputs)
    exact = settle(drive, state.lateral_weights, state.network, EXACT_REST)
    np.testing.assert_allclose(exact, found, atol=1e-7)
    trained_with = settle(drive, state.lateral_weights, state.network, REST)
    np.testing.assert_allclose(trained_with, found, atol=2e-3 * found.max())


def test_the_order_of_inputs_does_not_matter(case: Any) -> None:
    state, inputs = case
    order = np.random.default_rng(0).permutation(len(inputs))
    np.testing.assert_allclose(
        responses(state, inputs[order]), responses(state, inputs)[:, order], atol=1e-12
    )


def test_what_pivoting_cannot_solve_is_left_to_the_dynamics(
    case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, inputs = case
    solved = responses(state, inputs)
    monkeypatch.setattr(similarity, "MAX_PIVOTS", 0)
    np.testing.assert_allclose(responses(state, inputs), solved, atol=1e-7)


def test_one_unit_answers_by_its_gain() -> None:
    """y = max(w x - sqrt(alpha) b - l1, 0) / (l2 + M)."""
    config = configure(
        RING, network__hidden_units=1, network__threshold=0.1, network__bias_strength=4.0
    )
    state = SimilarityState(
        0, np.array([[2.0, 0.0]]), np.array([[0.5]]), np.array([0.3]), config.network
    )
    inputs = np.array([[1.0, 0.0], [0.3, 0.0], [-1.0, 0.0]])
    expected = [[(2 - 0.6 - 0.1) / (0.05 + 0.5), 0.0, 0.0]]
    np.testing.assert_allclose(responses(state, inputs), expected, rtol=1e-12)


def test_the_start_is_the_same_in_every_precision() -> None:
    single, double = (
        initial_state(configure(RING, precision=kind)) for kind in ("float32", "float64")
    )
    for a, b in zip(arrays(single), arrays(double), strict=True):
        assert a.dtype == np.float32
        np.testing.assert_array_equal(a, b.astype(np.float32))
    np.testing.assert_array_equal(double.lateral_weights, np.eye(21))
    assert np.std(double.feedforward_weights) == pytest.approx(0.1, rel=0.3)
