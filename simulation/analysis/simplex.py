"""Where a function of a few variables is smallest: a simplex of points that walks downhill.

Nelder & Mead, A simplex method for function minimization, Computer Journal 7, 1965, with their
coefficients.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulation.tasks.dataset import FloatArray

Function = Callable[[FloatArray], float]


def simplex_minimum(
    function: Function,
    start: FloatArray,
    size: FloatArray,
    tolerance: float,
    *,
    value_tolerance: float,
    most_calls: int,
) -> FloatArray:
    """The best point found near `start`.

    Parameters
    ----------
    start, size : (n,); the first simplex is `start`, and `start` moved by `size` in one variable.
    tolerance, value_tolerance : it ends when all points are this near the best of them, and so are
        the function's values there.
    most_calls : it ends, at the latest, with the move that reaches so many calls of `function`.
    """
    points = np.vstack([start, start + np.diag(size)])
    values = np.array([function(point) for point in points])
    calls = len(points)
    while True:
        order = np.argsort(values, kind="stable")
        points, values = points[order], values[order]
        near = np.abs(points[1:] - points[0]).max() <= tolerance
        if calls >= most_calls or (near and values[-1] - values[0] <= value_tolerance):
            return np.asarray(points[0])
        calls += _move(function, points, values)


def _move(function: Function, points: FloatArray, values: FloatArray) -> int:
    """Replace the worst point, or draw all in to the best; how often `function` was called."""
    worst, middle = points[-1], points[:-1].sum(axis=0) / (len(points) - 1)
    reflected = 2 * middle - worst
    value = function(reflected)
    if value < values[0]:
        farther = 3 * middle - 2 * worst
        further = function(farther)
        best = (farther, further) if further < value else (reflected, value)
        points[-1], values[-1] = best
        return 2
    if value < values[-2]:
        points[-1], values[-1] = reflected, value
        return 1
    outside = value < values[-1]
    nearer = 1.5 * middle - 0.5 * worst if outside else 0.5 * middle + 0.5 * worst
    nearer_value = function(nearer)
    if nearer_value <= value if outside else nearer_value < values[-1]:
        points[-1], values[-1] = nearer, nearer_value
        return 2
    for place in range(1, len(points)):
        points[place] = points[0] + 0.5 * (points[place] - points[0])
        values[place] = function(points[place])
    return len(points) + 1
