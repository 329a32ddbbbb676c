"""Per-step noise, compiled: the very functions of `simulation.noise.step_noise`, on scalars.

Compiled without any relaxed floating-point flag, so the numbers are those of the numpy definition
bit by bit. The loops over the pairs of a block have a fixed length and become vector code.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.engines.kernels.jit import inlined_kernel, kernel
from simulation.engines.kernels.lanes import element
from simulation.noise import step_noise
from simulation.noise.step_noise import PAIRS_PER_BLOCK

Array = NDArray[Any]
Blocks = NDArray[np.float32]  # (blocks, 2, 32): its flat form is in the order of the definition

PAIR_GROUP = 16

_step_key = kernel(step_noise.step_key)
_words = kernel(step_noise.words)
_normal_pair = kernel(step_noise.normal_pair)
_uniform = kernel(step_noise.uniform)


def blocks(count: int) -> Blocks:
    """Room for the noise of `count` elements, all zero."""
    return np.zeros((step_noise.blocks_for(count), 2, PAIRS_PER_BLOCK), np.float32)


@kernel
def fill_normals(out: Blocks, stream_key: np.uint64, step: int) -> None:
    """Overwrite `out` with the standard normal numbers of one step."""
    low, high = _step_key(stream_key, step)
    for block in range(out.shape[0]):
        for lane in range(PAIRS_PER_BLOCK):
            first, second = _words(np.uint32(block * PAIRS_PER_BLOCK + lane), low, high)
            out[block, 0, lane], out[block, 1, lane] = _normal_pair(first, second)


@inlined_kernel
def fill_pairs(out: Array, pairs: Array, count: int, stream_key: np.uint64, step: int) -> None:
    """The standard normal numbers of one step, of the first `count` of `pairs` alone.

    The two numbers of pair pairs[c] become out[c] and out[c + len(pairs)], float32. So do those of
    up to the next multiple of `PAIR_GROUP`: a loop without remainder is all vectors.
    """
    low, high = _step_key(stream_key, step)
    firsts, seconds = out[: len(pairs)], out[len(pairs) :]
    for c in range((count + PAIR_GROUP - 1) // PAIR_GROUP * PAIR_GROUP):
        first, second = _words(pairs[c], low, high)
        firsts[c], seconds[c] = _normal_pair(first, second)


@kernel
def fill_uniforms(out: Blocks, stream_key: np.uint64, step: int) -> None:
    """Overwrite `out` with the numbers of one step that are uniform on (-1/2, 1/2)."""
    low, high = _step_key(stream_key, step)
    for block in range(out.shape[0]):
        for lane in range(PAIRS_PER_BLOCK):
            first, second = _words(np.uint32(block * PAIRS_PER_BLOCK + lane), low, high)
            out[block, 0, lane] = _uniform(first)
            out[block, 1, lane] = _uniform(second)


@kernel
def perturb(
    seen: Array, clean: Array, samples: int, columns: int, scale: float, noise: Blocks
) -> None:
    """seen = clean + scale * noise, in the first `samples` rows and `columns` columns.

    The noise of row s, column c is element s * columns + c.
    """
    for s in range(samples):
        for c in range(columns):
            seen[s, c] = clean[s, c] + scale * element(noise, s * columns + c)
