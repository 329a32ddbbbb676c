"""The free walk of weights without a gradient, drawn for a whole stretch of steps at once.

n steps of noise move a weight by lr s sqrt(n) N(0, 1): one draw, keyed by the stretch's last step.
Where the walk is at a step in between follows from its two ends by Levy's construction: given
F(a) and F(b), F(c) in between is normal, with mean on the line from one to the other and variance
(lr s)^2 (c - a)(b - c)/(b - a). Halving the stretch again and again, each midpoint with its own
draw, keyed by its step, reaches any step; looks at several steps of a stretch share the draws that
they have in common, so they are samples of one walk, whoever else looks where.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.engines.kernels.jit import kernel
from simulation.engines.kernels.lanes import (
    gate,
    load,
    load_noise,
    multiply_add,
    store,
    zeros_like,
)
from simulation.engines.kernels.noise import Blocks, fill_normals
from simulation.engines.kernels.panels import copy_vectors

Array = NDArray[Any]


@kernel
def free_walk(
    walked: Array,
    before: Array,
    weights: Array,
    unit_mask: Array,
    noise: Blocks,
    key: np.uint64,
    deviation: float,
    start: int,
    step: int,
    end: int,
) -> None:
    """walked = F(step) of a walk with F(start) = `weights` up to `end`; start < step <= end.

    Parameters
    ----------
    before : of the shape of `weights`, overwritten. unit_mask : see `panels`; only units walk.
    noise : room for one number a place.
    deviation : lr s, the standard deviation of one step. Without noise nothing moves.
    """
    if deviation == 0:
        copy_vectors(walked, weights)
        return
    fill_normals(noise, key, end)
    _between(walked, weights, weights, 0, deviation * np.sqrt(end - start), noise, unit_mask)
    if step < end:
        copy_vectors(before, weights)
    while step < end:
        middle = (start + end) // 2
        fill_normals(noise, key, middle)
        share = (middle - start) / (end - start)
        narrowed = deviation * np.sqrt((end - middle) * share)
        if step <= middle:
            _between(walked, before, walked, share, narrowed, noise, unit_mask)
            end = middle
        else:
            _between(before, before, walked, share, narrowed, noise, unit_mask)
            start = middle


@kernel
def _between(
    out: Array,
    here: Array,
    later: Array,
    share: float,
    deviation: float,
    noise: Blocks,
    unit_mask: Array,
) -> None:
    """out = (1 - share) here + share later - deviation noise, in the places of units."""
    panels, rows, lanes = out.shape
    zero = zeros_like(load(out, 0, 0))
    for panel in range(panels):
        is_unit = load(unit_mask, panel, 0)
        for row in range(rows):
            value = multiply_add(zero, load(here, panel, row), 1 - share)
            value = multiply_add(value, load(later, panel, row), share)
            xi = load_noise(noise, (panel * rows + row) * lanes, value)
            value = multiply_add(value, xi, -deviation)
            store(out, panel, row, gate(value, is_unit))
