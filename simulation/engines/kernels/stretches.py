"""Gradient descent of a rectified network that leaves out what can be drawn in one go.

Steps come in stretches of 64, numbered from step 0. At the start of a stretch every unit is either
asleep, so far below threshold that the noise of a stretch cannot wake it, or awake (`sleep`).
Awake units are packed together and trained step by step in the coordinates in which the inputs
reach them (`rotation`). Everything else, that is the weights of sleepers and the directions of
(m, b) that no input sees, has no gradient: it walks freely, by one draw a stretch (`walk`).

Why this has the distribution of the plain loop. Within a stretch the plain loop adds independent
isotropic normal numbers to every weight, and gradients that are functions of q = Q^T (m, b) and n
of the units that are active at some time, all of them awake. So (q, n) of the awake evolves by
itself, as computed here. In any other direction the sum of n independent normal numbers of s.d.
lr s is one normal number of s.d. lr s sqrt(n), independent of the rest as Q is orthonormal. What
is neglected is a sleeper that would have woken: see `sleep` for how improbable that is.

A trajectory is a function of the weights at the start of a stretch. Who wants to know the weights
within one gets them (`walk` has the way), and goes on from its start.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.engines.kernels.awake import train_awake
from simulation.engines.kernels.jit import entry_kernel, kernel
from simulation.engines.kernels.panels import copy_vectors
from simulation.engines.kernels.rotation import turn, turn_back
from simulation.engines.kernels.sleep import (
    find_awake,
    gather_awake,
    list_awake,
    scatter_awake,
)
from simulation.engines.kernels.stretch_memory import Descent, StretchWorkspace
from simulation.engines.kernels.walk import free_walk

Array = NDArray[Any]

STRETCH = 64
"""Steps of a stretch: longer ones cost less to begin and end, and let fewer units sleep."""


@entry_kernel
def train_stretches(
    weights: Array,
    units: int,
    descent: Descent,
    work: StretchWorkspace,
    fork_key: np.uint64,
    step: int,
    stop: int,
) -> None:
    """Make updates number `step` to `stop - 1`; `work.walked` becomes the network after them.

    A stretch starts at `step`. `weights` become those at the start of the last one begun, or at
    `stop` if that ends one. A run that forked from another within a stretch has a short first one,
    with `fork_key` for its walk: the weights it started from have seen the other's draws already.
    """
    while step < stop:
        end = step // STRETCH * STRETCH + STRETCH
        key = descent.walk_key if step % STRETCH == 0 else fork_key
        _train_stretch(weights, units, descent, work, key, step, min(end, stop), end)
        if end <= stop:
            copy_vectors(weights, work.walked)
        step = end


@kernel
def _train_stretch(
    weights: Array,
    units: int,
    descent: Descent,
    work: StretchWorkspace,
    walk_key: np.uint64,
    start: int,
    stop: int,
    end: int,
) -> None:
    """Make updates `start` to `stop - 1` of the stretch that lasts to `end`."""
    turned, first, places, batch = work.turned, work.first, work.places, descent.batch
    deviation = descent.learning_rate * descent.noise.update_scale

    turn(turned, weights, descent.rotation)
    spread = deviation * np.sqrt(end - start)
    count = find_awake(work.awake, first, turned, units, batch.inputs, descent.reach, spread)
    list_awake(places, first, units, len(batch.inputs))
    panels = gather_awake(work.packed, work.filled, turned, places, count)
    packed = work.packed[:panels]
    train_awake(packed, count, batch, descent.noise, descent.learning_rate, work, start, stop)
    scatter_awake(turned, packed, places, count)

    free_walk(
        work.walked,
        work.before,
        weights,
        work.unit_mask,
        work.walk_noise,
        walk_key,
        deviation,
        start,
        stop,
        end,
    )
    turn_back(work.walked, turned, work.awake, descent.rotation)
