"""What training by stretches (`stretches`) works on, and the memory it needs."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.engines.kernels.lanes import lane_count
from simulation.engines.kernels.noise import Blocks, blocks
from simulation.engines.kernels.panels import SAMPLE_GROUP, aligned_zeros, unit_mask
from simulation.engines.kernels.rotation import Rotation
from simulation.engines.kernels.training import Batch, Noise
from simulation.noise.step_noise import PAIRS_PER_BLOCK, blocks_for

Array = NDArray[Any]


class Descent(NamedTuple):
    """What stays the same from stretch to stretch.

    batch : targets, and inputs L in the coordinates of `rotation`. reach : see `find_awake`.
    walk_key : of the stream of free walks.
    """

    batch: Batch
    reach: Array
    rotation: Rotation
    noise: Noise
    learning_rate: float
    walk_key: np.uint64


class StretchWorkspace(NamedTuple):
    """Memory that a stretch writes.

    walked : like the weights, (panels, D + 1 + O, lanes): all of them at the last step made.
    before, walk_noise, unit_mask : see `free_walk`.
    turned, packed : (panels, R + O, lanes), rows q and n of all units, and of those awake.
    awake, filled, places, first : see `sleep`.
    hidden, active, errors, slope : see `network`, of `packed`; slope includes the update noise.
    update_noise, pairs, noise_at : see `awake`. Element (panel * (R + O) + row) * lanes + lane of a
        step's update noise belongs to that place of `packed`.
    seen_targets, label_noise : see `training`.
    """

    walked: Array
    before: Array
    walk_noise: Blocks
    unit_mask: Array
    turned: Array
    packed: Array
    awake: Array
    filled: Array
    places: Array
    first: Array
    hidden: Array
    active: Array
    errors: Array
    slope: Array
    update_noise: Array
    pairs: Array
    noise_at: Array
    seen_targets: Array
    label_noise: Blocks


def workspace(units: int, batch: Batch, input_dim: int) -> StretchWorkspace:
    """Memory for training so many units; what a stretch leaves there means nothing to the next."""
    samples, outputs = batch.targets.shape
    dtype = batch.targets.dtype
    lanes = lane_count(dtype)
    panels = -(-units // lanes)
    weights = (panels, input_dim + 1 + outputs, lanes)
    turned = (panels, batch.inputs.shape[1] + outputs, lanes)
    pairs = blocks_for(math.prod(turned)) * PAIRS_PER_BLOCK
    return StretchWorkspace(
        walked=aligned_zeros(weights, dtype),
        before=aligned_zeros(weights, dtype),
        walk_noise=blocks(math.prod(weights)),
        unit_mask=unit_mask(units, dtype),
        turned=aligned_zeros(turned, dtype),
        packed=aligned_zeros(turned, dtype),
        awake=aligned_zeros((panels, 1, lanes), dtype),
        filled=aligned_zeros((panels, 1, lanes), dtype),
        places=np.zeros(units, np.int64),
        first=np.zeros(units, np.int64),
        hidden=aligned_zeros((panels, samples, lanes), dtype),
        active=np.zeros((panels, samples // SAMPLE_GROUP), np.int64),
        errors=aligned_zeros((samples, outputs), dtype),
        slope=aligned_zeros(turned, dtype),
        update_noise=np.zeros(2 * pairs + lanes, np.float32),  # the last vector is read to its end
        pairs=np.zeros(pairs, np.uint32),
        noise_at=np.zeros(turned[0] * turned[1], np.int64),
        seen_targets=batch.targets.copy(),
        label_noise=blocks(batch.n_samples * outputs),
    )
