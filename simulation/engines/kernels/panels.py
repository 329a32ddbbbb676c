"""How the compiled engine keeps a network in memory.

`weights` is (panels, D + 1 + O, lanes), C-contiguous and 64-byte aligned: hidden unit u is lane
u % lanes of panel u // lanes, and its column holds m[u] (D rows), b[u], n[:, u] (O rows). Places
beyond the last unit hold zero weights and stay so: they are silent.

A batch is padded in the same spirit: samples come in groups of five, and a sample beyond the last
is zero in all inputs, the constant input 1 of the bias included, so that no unit answers to it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from simulation.engines.kernels.jit import kernel
from simulation.engines.kernels.lanes import BYTES, lane_count, load, store, zeros_like

Array = NDArray[Any]
SAMPLE_GROUP = 5


def aligned_zeros(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """np.zeros whose data starts on a 64-byte boundary, so that no vector straddles two."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    raw = np.zeros(size + BYTES, np.uint8)
    start = -raw.ctypes.data % BYTES
    return raw[start : start + size].view(dtype).reshape(shape)


def pack(rows: Array, dtype: DTypeLike) -> Array:
    """A copy of a matrix with a row for each number of a unit, a column for each unit."""
    units = rows.shape[1]
    lanes = lane_count(dtype)
    panels = -(-units // lanes)
    packed = aligned_zeros((panels, len(rows), lanes), dtype)
    padded = np.zeros((len(rows), panels * lanes), dtype)
    padded[:, :units] = rows
    packed[:] = padded.reshape(len(rows), panels, lanes).transpose(1, 0, 2)
    return packed


def unpack(packed: Array, units: int) -> Array:
    """The matrix that `packed` holds, with a column for each of so many units."""
    return packed.transpose(1, 0, 2).reshape(packed.shape[1], -1)[:, :units]


def unit_mask(units: int, dtype: DTypeLike) -> Array:
    """(panels, 1, lanes): 1 where there is a unit, 0 beyond the last."""
    lanes = lane_count(dtype)
    panels = -(-units // lanes)
    mask = aligned_zeros((panels, 1, lanes), dtype)
    mask.reshape(-1)[:units] = 1
    return mask


def pad_samples(values: NDArray[np.float64], dtype: DTypeLike, *, constant: bool = False) -> Array:
    """Samples by rows, padded to whole groups; `constant` adds the bias's input as last column."""
    samples, columns = values.shape
    padded_samples = -(-samples // SAMPLE_GROUP) * SAMPLE_GROUP
    padded = aligned_zeros((padded_samples, columns + constant), dtype)
    padded[:samples, :columns] = values
    padded[:samples, columns:] = 1
    return padded


@kernel
def copy_vectors(out: Array, values: Array) -> None:
    """out = values, both of vectors; numba would take seconds to compile `out[:] = values`."""
    panels, rows, _ = out.shape
    for panel in range(panels):
        for row in range(rows):
            store(out, panel, row, load(values, panel, row))


@kernel
def set_to_zero(array: Array) -> None:
    """0 everywhere in an array of vectors."""
    zero = zeros_like(load(array, 0, 0))
    for panel in range(array.shape[0]):
        for row in range(array.shape[1]):
            store(array, panel, row, zero)
