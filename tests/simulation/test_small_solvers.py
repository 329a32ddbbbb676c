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


def told(values: list[float], most_calls: int, near: float = 0, alike: float = 0) -> list[object]:
    """The points asked for, seen from the start, and last the one found.

    Beyond (0, 0), (1, 0) and (0, 1), where the function is 0, 1 and 2; its further values are told.
    """
    start = np.array([8.0, -16.0])
    asked: list[object] = []
    coming = iter([0, 1, 2, *values])

    def function(point: np.ndarray) -> float:
        asked.append(tuple((point - start).tolist()))
        return next(coming)

    found = simplex_minimum(
        function, start, np.ones(2), near, value_tolerance=alike, most_calls=most_calls
    )
    return [*asked[3:], tuple((found - start).tolist())]


REFLECTED, FARTHER, OUTSIDE, INSIDE = (1, -1), (1.5, -2), (0.75, -0.5), (0.25, 0.5)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([-1, -2], [REFLECTED, FARTHER, FARTHER]),
        ([-1, -1], [REFLECTED, FARTHER, REFLECTED]),
        ([0], [REFLECTED, (0, 0)]),  # no better than the best: kept, and no farther
        ([1, -1], [REFLECTED, OUTSIDE, OUTSIDE]),  # would be the worst again
        ([1.5, 1.5, 0.5], [REFLECTED, OUTSIDE, (0.25, 0.5), (0, 0)]),  # no worse: kept
        ([1.5, 1.8, 3, 4], [REFLECTED, OUTSIDE, (0.5, 0), (0, 0.5), (0, 0)]),
        ([2, 1.9], [REFLECTED, INSIDE, (0, 0)]),
        ([3, 2, -1, 4], [REFLECTED, INSIDE, (0.5, 0), (0, 0.5), (0.5, 0)]),
        ([3, 2.5, 4, -1], [REFLECTED, INSIDE, (0.5, 0), (0, 0.5), (0, 0.5)]),
    ],
    ids=str,
)
def test_each_move_of_the_simplex_by_hand(values: list[float], expected: list[object]) -> None:
    """The worst, (0, 1), is moved through (0.5, 0), or all come nearer to the best."""
    assert told(values, 3 + len(values)) == expected


def test_the_simplex_counts_what_it_asks() -> None:
    """A move that reaches the limit is the last: 2 calls in one that goes farther, 4 where all are
    drawn in."""
    assert len(told([-1, -2], 4)) == len(told([-1, -2], 5)) == 3
    assert len(told([-1, -2, -3, -4], 6)) == len(told([-1, -2, -3, -4], 7)) == 5
    assert len(told([3, 3, 3, 4], 6)) == len(told([3, 3, 3, 4], 7)) == 5
    assert len(told([3, 3, 3, 4, 0], 8)) == 6


def test_the_simplex_ends_where_points_and_values_are_near() -> None:
    assert told([], 9, near=1, alike=2) == [(0, 0)]
    assert told([0], 4, near=1, alike=1.5) == [REFLECTED, (0, 0)]
    assert told([0], 4, near=0.5, alike=2) == [REFLECTED, (0, 0)]


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
