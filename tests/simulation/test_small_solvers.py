"""The solvers that a run carries along, against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.optimize import minimize

from simulation.analysis.simplex import simplex_minimum
from simulation.config import RunConfig
from simulation.metrics.lanczos import MOST_VECTORS, largest_eigenvalue
from simulation.tasks.random import _smoothed


def valley(point: np.ndarray) -> float:
    """Rosenbrock's: a curved valley, hard to walk down."""
    return float(100 * (point[1] - point[0] ** 2) ** 2 + (1 - point[0]) ** 2 + abs(point[-1]))


@pytest.mark.parametrize("start", [(-1.2, 1.0, 0.3), (0.0, 0.0, 0.0), (3.0, -2.0, 5.0)], ids=str)
@pytest.mark.parametrize("tolerance", [1e-2, 1e-6])
def test_the_simplex_takes_the_steps_of_scipys(start: tuple[float, ...], tolerance: float) -> None:
    first, size = np.array(start), np.array([0.5, 0.1, 0.2])
    options = {
        "initial_simplex": np.vstack([first, first + np.diag(size)]),
        "xatol": tolerance,
        "fatol": 10 * tolerance,
        "maxfev": 2_000,
    }
    expected = minimize(valley, first, method="Nelder-Mead", options=options).x
    found = simplex_minimum(
        valley, first, size, tolerance, value_tolerance=10 * tolerance, most_calls=2_000
    )
    assert found.tolist() == expected.tolist()


def test_the_simplex_gives_up_in_time() -> None:
    calls = []

    def restless(point: np.ndarray) -> float:
        calls.append(point)
        return -float(point.sum())

    simplex_minimum(restless, np.zeros(2), np.ones(2), 1e-9, value_tolerance=1e-9, most_calls=100)
    assert 100 <= len(calls) < 105


@pytest.mark.parametrize("size", [1, 2, 5, MOST_VECTORS, MOST_VECTORS + 1, 300])
@pytest.mark.parametrize("crowding", [0.0, 0.9])
def test_the_largest_eigenvalue_is_that_of_a_full_solver(size: int, crowding: float) -> None:
    random = np.random.default_rng(size)
    axes = np.linalg.qr(random.normal(size=(size, size)))[0]
    values = crowding + (1 - crowding) * random.uniform(-1, 1, size)
    matrix = axes * values @ axes.T
    found = largest_eigenvalue(lambda vector: matrix @ vector, random.normal(size=size))
    assert found == pytest.approx(values.max(), rel=1e-12, abs=1e-14)


def test_no_matrix_at_all_has_the_eigenvalue_0() -> None:
    assert largest_eigenvalue(np.zeros_like, np.ones(7)) == 0


@pytest.mark.parametrize("samples", [1, 2, 5, 12, 57])
@pytest.mark.parametrize("outputs", [1, 5, 17])
def test_smoothing_is_scipys(samples: int, outputs: int) -> None:
    values = np.random.default_rng(samples).random((samples, 20))
    sizes = {"task.n_samples": samples, "task.output_dim": outputs}
    task = RunConfig.parse({"task.kind": "smoothed_random", **sizes}).task
    expected = gaussian_filter(values, (samples / 5, outputs / 5), mode="reflect")
    smooth = _smoothed(values, task)  # type: ignore[arg-type]
    np.testing.assert_allclose(smooth, expected, rtol=1e-15)
    assert smooth.flags.c_contiguous
