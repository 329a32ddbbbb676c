"""The toy landscape L(x, y) = (x y)^2 and noisy gradient descent on it, many walkers at once.

The loss is zero on both axes: two valleys that cross at the origin. On the x axis the Hessian is
diag(0, 2 x^2): flat along the valley, the more curved across it the farther out.

Source: eqs. 8-11 of Ratzon, Derdikman & Barak, eLife 12:RP90069 (eq. 11 prints x^2 for the
eigenvalue that eq. 10 makes 2 x^2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ESCAPE = 100.0
"""A walker whose |x| or |y| would exceed this has diverged: it stays where it last was."""


@dataclass(frozen=True)
class NoisyDescent:
    """Gradient descent with noise, theta = (x, y).

    Attributes
    ----------
    learning_rate : lr, positive.
    noise : `update`: theta <- theta - lr (grad L + s xi), xi standard normal, fresh each step and
        for each coordinate (eq. 4). `label`: theta <- theta - lr grad (x y - eps)^2, the target 0
        of x y perturbed by eps ~ Normal(0, standard deviation s), fresh each step (eq. 7).
    noise_scale : s, not negative; 0 is plain gradient descent.
    """

    learning_rate: float
    noise: Literal["update", "label"] = "update"
    noise_scale: float = 0.0


@dataclass(frozen=True, eq=False)
class Walkers:
    """Where the walkers are after `step` updates.

    Attributes
    ----------
    x, y : (walkers,), always finite.
    diverged_at : (walkers,) the step that would have carried a walker beyond `ESCAPE`; -1: none.
    """

    step: int
    x: Floats
    y: Floats
    diverged_at: NDArray[np.int64]

    @property
    def diverged(self) -> NDArray[np.bool_]:
        return self.diverged_at >= 0


def loss(x: ArrayLike, y: ArrayLike) -> Floats:
    """(x y)^2."""
    return np.square(np.multiply(x, y, dtype=np.float64))


def gradient(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """(dL/dx, dL/dy) = (2 x y^2, 2 x^2 y)."""
    place_x, place_y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    twice = 2 * place_x * place_y
    return twice * place_y, twice * place_x


def hessian(x: ArrayLike, y: ArrayLike) -> Floats:
    """[[2 y^2, 4 x y], [4 x y, 2 x^2]], of shape (..., 2, 2)."""
    off = 4 * np.multiply(x, y, dtype=np.float64)
    rows = [[2 * np.square(y, dtype=np.float64), off], [off, 2 * np.square(x, dtype=np.float64)]]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def hessian_eigenvalues(x: ArrayLike, y: ArrayLike) -> Floats:
    """Eigenvalues of the Hessian, the larger first: shape (..., 2).

    x^2 + y^2 +- sqrt((x^2 + y^2)^2 + 12 x^2 y^2): the smaller is negative off the axes, and is
    computed from the determinant -12 x^2 y^2 so that it keeps its digits near them.
    """
    total = np.square(x, dtype=np.float64) + np.square(y)
    product = 12 * loss(x, y)
    large = total + np.sqrt(total**2 + product)
    small = -product / np.where(large > 0, large, 1)
    return np.stack([large, small], axis=-1)


def walk(
    x: ArrayLike, y: ArrayLike, descent: NoisyDescent, steps: int, random: np.random.Generator
) -> Iterator[Walkers]:
    """The walkers at step 0 (`x`, `y`, both of shape (walkers,)), 1, ..., `steps`.

    Every walker meets noise of its own. One that diverges stops, the others go on.
    """
    x, y = (np.array(start, np.float64) for start in (x, y))
    gone = (np.abs(x) > ESCAPE) | (np.abs(y) > ESCAPE)
    diverged_at = np.where(gone, 0, -1)
    yield Walkers(0, x, y, diverged_at)
    for step in range(1, steps + 1):
        move_x, move_y = _noisy_gradient(x, y, descent, random)
        next_x = x - descent.learning_rate * move_x
        next_y = y - descent.learning_rate * move_y
        out = (np.abs(next_x) > ESCAPE) | (np.abs(next_y) > ESCAPE)
        if out.any():
            diverged_at = np.where(out & (diverged_at < 0), step, diverged_at)
        if (diverged_at >= 0).any():
            stopped = diverged_at >= 0
            next_x, next_y = np.where(stopped, x, next_x), np.where(stopped, y, next_y)
        x, y = next_x, next_y
        yield Walkers(step, x, y, diverged_at)


def _noisy_gradient(
    x: Floats, y: Floats, descent: NoisyDescent, random: np.random.Generator
) -> tuple[Floats, Floats]:
    if descent.noise == "label":
        twice_residual = 2 * (x * y - descent.noise_scale * random.standard_normal(len(x)))
        return twice_residual * y, twice_residual * x
    slope_x, slope_y = gradient(x, y)
    kick_x, kick_y = descent.noise_scale * random.standard_normal((2, len(x)))
    return slope_x + kick_x, slope_y + kick_y
