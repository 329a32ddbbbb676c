"""Input weights seen from the inputs: q = Q^T (m, b), the only directions that drive a unit.

With [X, 1] = L Q^T, where Q (D + 1, R) has orthonormal columns, the drives of a unit are L q, its
gradient by (m, b) is Q times its gradient by q, and isotropic noise stays isotropic noise in q. So
gradient descent of q by the inputs L is gradient descent of the network; of (m, b), only what is
orthogonal to all inputs is left out, and that walks freely. It saves work where R < D + 1, that is
with fewer samples than weights of a unit; else Q is the identity, and nothing is multiplied.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from simulation.engines.kernels.jit import kernel
from simulation.engines.kernels.lanes import (
    bits_of_positive,
    choose,
    gate,
    load,
    multiply_add,
    store,
    zeros_like,
)

Array = NDArray[Any]


class Rotation(NamedTuple):
    """Q, as (D + 1, R), with its negative; and whether Q is the identity."""

    basis: Array
    minus_basis: Array
    is_identity: bool


def rotation_of(inputs: NDArray[np.float64], dtype: DTypeLike) -> tuple[Array, Rotation]:
    """L, (N, R) in float64, and Q, for `inputs` X (N, D)."""
    with_constant = np.column_stack([inputs, np.ones(len(inputs))])
    samples, width = with_constant.shape
    if samples >= width:
        basis, coordinates = np.eye(width), with_constant
    else:
        basis, upper = np.linalg.qr(with_constant.T)
        coordinates = upper.T
    rotation = Rotation(basis.astype(dtype), -basis.astype(dtype), samples >= width)
    return coordinates, rotation


@kernel
def turn(turned: Array, weights: Array, rotation: Rotation) -> None:
    """turned = rows q, n of every unit, for weights of rows m, b, n."""
    width, directions = rotation.basis.shape
    zero = zeros_like(load(weights, 0, 0))
    for panel in range(weights.shape[0]):
        for r in range(directions):
            if rotation.is_identity:
                q = load(weights, panel, r)
            else:
                q = zero
                for d in range(width):
                    q = multiply_add(q, load(weights, panel, d), rotation.basis[d, r])
            store(turned, panel, r, q)
        for row in range(weights.shape[1] - width):
            store(turned, panel, directions + row, load(weights, panel, width + row))


@kernel
def turn_back(weights: Array, turned: Array, awake: Array, rotation: Rotation) -> None:
    """(m, b) += Q (q - Q^T (m, b)) and n = the n of `turned`, for units that are `awake`.

    awake : (panels, 1, lanes), 1 or 0. `turned` is written over.
    """
    width, directions = rotation.basis.shape
    for panel in range(weights.shape[0]):
        is_awake = load(awake, panel, 0)
        if bits_of_positive(is_awake) == 0:
            continue
        if not rotation.is_identity:
            _add_change(weights, turned, panel, is_awake, rotation)
        first = 0 if rotation.is_identity else directions
        for row in range(first, turned.shape[1]):
            place = row + width - directions
            other = load(weights, panel, place)
            store(weights, panel, place, choose(is_awake, load(turned, panel, row), other))


@kernel
def _add_change(
    weights: Array, turned: Array, panel: int, is_awake: Any, rotation: Rotation
) -> None:
    width, directions = rotation.basis.shape
    for r in range(directions):
        change = load(turned, panel, r)
        for d in range(width):
            change = multiply_add(change, load(weights, panel, d), rotation.minus_basis[d, r])
        store(turned, panel, r, gate(change, is_awake))
    for d in range(width):
        m = load(weights, panel, d)
        for r in range(directions):
            m = multiply_add(m, load(turned, panel, r), rotation.basis[d, r])
        store(weights, panel, d, m)
