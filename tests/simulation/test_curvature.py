"""The Hessian's spectrum, against automatic differentiation of the whole network."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.config import RunConfig
from simulation.metrics.curvature import (
    Curvature,
    hessian_largest,
    hessian_spectrum,
    hessian_trace,
)
from simulation.metrics.hessian import ActiveLayer
from simulation.models.activations import LEAK
from simulation.models.feedforward import NetworkState, initial_state
from simulation.tasks import make_dataset

NO_LIMIT = 10_000
SIGMA: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, LEAK),
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
activations = st.sampled_from(sorted(SIGMA))


def network(
    samples: int,
    inputs: int,
    outputs: int,
    units: int,
    silent: int = 0,
    seed: int = 0,
    activation: str = "relu",
) -> tuple[NetworkState, np.ndarray, np.ndarray]:
    """A random network with at least `silent` silent units, its inputs and targets."""
    random = np.random.default_rng(seed)
    biases = random.normal(size=units)
    biases[:silent] = -100
    state = NetworkState(
        step=0,
        input_weights=random.normal(size=(units, inputs)),
        biases=biases,
        output_weights=random.normal(size=(outputs, units)),
        activation=activation,
    )
    return (
        state,
        random.uniform(-1, 1, (samples, inputs)),
        random.uniform(-1, 1, (samples, outputs)),
    )


def autograd_hessian(state: NetworkState, inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The Hessian over all parameters, by automatic differentiation."""
    parts = (state.input_weights, state.biases, state.output_weights)
    x, y = torch.tensor(inputs), torch.tensor(targets)

    def loss(flat: torch.Tensor) -> torch.Tensor:
        sizes = [part.size for part in parts]
        m, b, n = (
            piece.reshape(part.shape)
            for piece, part in zip(torch.split(flat, sizes), parts, strict=True)
        )
        return ((SIGMA[state.activation](x @ m.T + b) @ n.T - y) ** 2).mean()

    flat = torch.tensor(np.concatenate([part.astype(np.float64).ravel() for part in parts]))
    return torch.autograd.functional.hessian(loss, flat, vectorize=True).numpy()


def everything(spectrum: Curvature) -> np.ndarray:
    """All P eigenvalues, ascending."""
    assert spectrum.eigenvalues is not None
    return np.sort(np.concatenate([spectrum.eigenvalues, np.zeros(spectrum.exact_zeros)]))


@settings(max_examples=100, deadline=None)
@given(
    samples=st.integers(1, 9),
    inputs=st.integers(1, 7),
    outputs=st.integers(1, 5),
    units=st.integers(1, 7),
    silent=st.integers(0, 7),
    seed=st.integers(0, 1000),
    activation=activations,
)
def test_all_eigenvalues_agree_with_autograd(
    samples: int, inputs: int, outputs: int, units: int, silent: int, seed: int, activation: str
) -> None:
    case = network(samples, inputs, outputs, units, min(silent, units), seed, activation)
    expected = np.linalg.eigvalsh(autograd_hessian(*case))
    spectrum = hessian_spectrum(*case, NO_LIMIT)
    scale = max(np.abs(expected).max(), 1e-12)
    np.testing.assert_allclose(everything(spectrum), expected, atol=1e-12 * scale)
    assert spectrum.parameters == len(expected) == units * (inputs + 1 + outputs)
    assert spectrum.trace == pytest.approx(expected.sum(), abs=1e-12 * scale)
    assert spectrum.largest == pytest.approx(expected.max(), abs=1e-12 * scale)
    assert hessian_trace(*case) == pytest.approx(expected.sum(), abs=1e-12 * scale)


@pytest.mark.parametrize(
    ("samples", "inputs", "outputs", "units"),
    [(2, 3, 2, 10), (30, 3, 2, 4), (5, 20, 5, 6), (40, 2, 9, 5), (1, 1, 1, 1)],
)
def test_fewer_and_more_samples_than_parameters(
    samples: int, inputs: int, outputs: int, units: int
) -> None:
    case = network(samples, inputs, outputs, units)
    expected = np.linalg.eigvalsh(autograd_hessian(*case))
    got = everything(hessian_spectrum(*case, NO_LIMIT))
    np.testing.assert_allclose(got, expected, atol=1e-12 * np.abs(expected).max())


def test_repeated_and_constant_inputs() -> None:
    """Samples of low rank: the flat directions are taken out, and nothing else."""
    state, inputs, targets = network(8, 5, 3, 4)
    inputs[4:] = inputs[:4]
    inputs[:, 2] = 0.3
    expected = np.linalg.eigvalsh(autograd_hessian(state, inputs, targets))
    spectrum = hessian_spectrum(state, inputs, targets, NO_LIMIT)
    np.testing.assert_allclose(everything(spectrum), expected, atol=1e-12 * expected.max())


@pytest.mark.parametrize("units", [1, 3, 20])
def test_over_the_limit_trace_and_largest_stay_exact(units: int) -> None:
    case = network(6, 4, 3, units, seed=5)
    full, limited = hessian_spectrum(*case, NO_LIMIT), hessian_spectrum(*case, 0)
    assert limited.eigenvalues is None
    assert limited.parameters == full.parameters
    assert "over the limit of 0" in limited.reason
    assert limited.log_sum is limited.positive_fraction is None
    assert limited.relative_positive_fraction is None
    assert limited.trace == full.trace
    assert limited.largest == pytest.approx(full.largest, rel=1e-12)
    assert limited.exact_zeros == full.exact_zeros


def test_the_limit_is_the_size_of_the_matrix() -> None:
    case = network(6, 4, 3, 5, silent=2, seed=1)
    rows = len(hessian_spectrum(*case, NO_LIMIT).eigenvalues)
    assert hessian_spectrum(*case, rows).eigenvalues is not None
    assert hessian_spectrum(*case, rows - 1).eigenvalues is None


@pytest.mark.parametrize("activation", sorted(SIGMA))
def test_products_are_those_of_the_matrix(activation: str) -> None:
    layer = ActiveLayer.of(*network(7, 5, 3, 6, silent=1, activation=activation))
    products = [layer.product(column) for column in np.eye(layer.size)]
    np.testing.assert_allclose(products, layer.hessian(), atol=1e-14)


def test_the_matrix_is_symmetric() -> None:
    matrix = ActiveLayer.of(*network(7, 5, 3, 6)).hessian()
    np.testing.assert_array_equal(matrix, matrix.T)


@pytest.mark.parametrize("activation", sorted(SIGMA))
def test_only_unseen_directions_of_other_activations_are_flat(activation: str) -> None:
    """A rectified unit can fall silent; no other activation takes a unit's curvature away."""
    case = network(3, 6, 2, 4, activation=activation)
    case[0].biases[:2] = -3 - np.abs(case[0].input_weights[:2]).sum(axis=1)
    spectrum = hessian_spectrum(*case, NO_LIMIT)
    unseen = 4 * (6 + 1 - 3)
    silent = 2 * (3 + 2) if activation == "relu" else 0
    assert spectrum.exact_zeros == unseen + silent


@pytest.mark.parametrize("activation", sorted(SIGMA))
def test_the_largest_eigenvalue_alone(activation: str) -> None:
    case = network(6, 4, 3, 5, activation=activation)
    spectrum = hessian_spectrum(*case, NO_LIMIT)
    assert hessian_largest(*case) == pytest.approx(spectrum.largest, rel=1e-12)


def test_trace_and_largest_of_networks_at_the_edge() -> None:
    silent = network(4, 3, 2, 5, silent=5)
    assert hessian_trace(*silent) == hessian_largest(*silent) == 0
    diverged = network(4, 3, 2, 5)
    diverged[0].input_weights[0] = np.nan
    assert np.isnan(hessian_trace(*diverged))
    assert np.isnan(hessian_largest(*diverged))


def test_a_silent_network_has_no_curvature() -> None:
    spectrum = hessian_spectrum(*network(4, 3, 2, 5, silent=5), NO_LIMIT)
    assert len(spectrum.eigenvalues) == 0
    assert (spectrum.trace, spectrum.largest, spectrum.log_sum) == (0, 0, 0)
    assert spectrum.exact_zeros == spectrum.parameters == 30
    assert spectrum.positive_fraction == spectrum.relative_positive_fraction == 0


def test_silent_units_add_exact_zeros_only() -> None:
    state, inputs, targets = network(9, 4, 3, 6, silent=2)
    without = NetworkState(
        0, state.input_weights[2:], state.biases[2:], state.output_weights[:, 2:]
    )
    full = hessian_spectrum(state, inputs, targets, NO_LIMIT)
    bare = hessian_spectrum(without, inputs, targets, NO_LIMIT)
    np.testing.assert_array_equal(full.eigenvalues, bare.eigenvalues)
    assert full.exact_zeros == bare.exact_zeros + 2 * 8
    assert full.positive_fraction == pytest.approx(bare.positive_fraction * 4 / 6)


def test_one_unit_by_hand() -> None:
    """h = m x + b, one sample x = 1 of target 0: f = (n h)^2."""
    state = NetworkState(0, np.array([[1.0]]), np.array([1.0]), np.array([[3.0]]))
    spectrum = hessian_spectrum(state, np.array([[1.0]]), np.array([[0.0]]), NO_LIMIT)
    expected = np.array([[18.0, 18, 24], [18, 18, 24], [24, 24, 8]])
    np.testing.assert_allclose(everything(spectrum), np.linalg.eigvalsh(expected), atol=1e-12)
    assert spectrum.trace == pytest.approx(44)
    assert spectrum.exact_zeros == 1
    assert spectrum.relative_positive_fraction == pytest.approx(1 / 3)
    assert spectrum.positive_fraction == pytest.approx(1.5 / 3)


def test_without_flat_directions_the_positive_fraction_is_a_plain_count() -> None:
    case = network(40, 3, 2, 4)
    case[0].biases[:] = 1  # every unit is active on more samples than it has inputs
    values = np.linalg.eigvalsh(autograd_hessian(*case))
    spectrum = hessian_spectrum(*case, NO_LIMIT)
    assert spectrum.exact_zeros == 0
    assert spectrum.positive_fraction == spectrum.relative_positive_fraction
    assert spectrum.positive_fraction == np.mean(values > 0)
    assert spectrum.log_sum == pytest.approx(np.log(values[values > 0]).sum())


def test_the_positive_fraction_is_what_the_published_solver_returns() -> None:
    """A general eigensolver on all parameters counts about half of the flat directions."""
    case = network(3, 20, 2, 30, silent=10, seed=2)
    published = torch.linalg.eigvals(torch.tensor(autograd_hessian(*case))).real.numpy()
    spectrum = hessian_spectrum(*case, NO_LIMIT)
    assert spectrum.positive_fraction == pytest.approx(np.mean(published > 0), abs=0.03)
    assert spectrum.relative_positive_fraction < 0.5 * spectrum.positive_fraction


@pytest.mark.parametrize("limit", [0, NO_LIMIT])
def test_measuring_leaves_the_state_untouched(limit: int) -> None:
    state, inputs, targets = network(6, 4, 3, 5)
    parts = (state.input_weights, state.biases, state.output_weights, inputs, targets)
    before = [part.copy() for part in parts]
    for part in parts:
        part.flags.writeable = False
    hessian_spectrum(state, inputs, targets, limit)
    for part, old in zip(parts, before, strict=True):
        np.testing.assert_array_equal(part, old)


def test_single_precision_states_are_measured_in_double() -> None:
    config = RunConfig.parse({"network.hidden_units": 12, "precision": "float32"})
    state, dataset = initial_state(config), make_dataset(config)
    expected = np.linalg.eigvalsh(autograd_hessian(state, dataset.inputs, dataset.targets))
    got = everything(hessian_spectrum(state, dataset.inputs, dataset.targets, NO_LIMIT))
    np.testing.assert_allclose(got, expected, atol=1e-12 * expected.max())


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_a_diverged_network_has_no_spectrum(value: float) -> None:
    state, inputs, targets = network(6, 4, 3, 5)
    state.input_weights[0] = value
    spectrum = hessian_spectrum(state, inputs, targets, NO_LIMIT)
    assert spectrum.eigenvalues is None
    assert (spectrum.parameters, spectrum.exact_zeros) == (5 * (4 + 1 + 3), 0)
    assert np.isnan(spectrum.trace)
    assert np.isnan(spectrum.largest)
    assert spectrum.reason == "the network diverged"
    assert not np.isfinite(hessian_trace(state, inputs, targets))
    assert np.isnan(hessian_largest(state, inputs, targets))
