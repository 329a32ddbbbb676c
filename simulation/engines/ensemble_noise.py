"""The noise of `simulation.noise.step_noise`, for one step of many runs at once, in torch.

Every function here has its namesake there, with the same operations in the same order, so the
numbers are the same bit by bit (a test compares them). Torch has no unsigned arithmetic: words are
int32 and keys int64, which wrap around alike, and shifts to the right are masked.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from simulation.noise import step_noise
from simulation.noise.step_noise import PAIRS_PER_BLOCK

Tensor = torch.Tensor

_EXPONENT_OF_SQRT_HALF = 0x3F3504F3
_TWO_LN_2 = float(np.float32(2 * np.log(2)))
_QUARTER_TURN = float(np.float32(np.pi / 4 / 2**31))


def stream_keys(seeds: Sequence[int], stream: str, device: torch.device) -> Tensor:
    """The key of one stream for each of R seeds: (R,) int64."""
    keys = np.array([step_noise.stream_key(seed, stream) for seed in seeds], np.uint64)
    return torch.from_numpy(keys.view(np.int64)).to(device)


def step_keys(keys: Tensor, steps: Tensor) -> Tensor:
    """The two words that key each of S steps of each of R runs: (S, R, 2) int32, low word first."""
    z = keys + steps[:, None] * _signed(0x9E3779B97F4A7C15, 64)
    z = (z ^ _shifted(z, 30, 64)) * _signed(0xBF58476D1CE4E5B9, 64)
    z = (z ^ _shifted(z, 27, 64)) * _signed(0x94D049BB133111EB, 64)
    z = z ^ _shifted(z, 31, 64)
    return z.view(torch.int32).reshape(*z.shape, 2)


def counters(count: int, device: torch.device) -> Tensor:
    """What the mixer starts from, for each pair index of `count` elements: (pairs,) int32."""
    products = np.arange(_pairs(count), dtype=np.uint32) * np.uint32(0x9E3779B9)
    return torch.from_numpy(products.view(np.int32)).to(device)


def normals(counter: Tensor, step_key: Tensor, count: int) -> Tensor:
    """Standard normal numbers of one step of R runs: (R, count) float32.

    Parameters
    ----------
    counter : of `counters`, for `count` elements or more. step_key : of one step, (R, 2).
    """
    return _lay_out(normal_pair(*words(counter[: _pairs(count)], step_key)), count)


def uniforms(counter: Tensor, step_key: Tensor, count: int) -> Tensor:
    """Numbers uniform on (-1/2, 1/2) of one step of R runs: (R, count) float32."""
    first, second = words(counter[: _pairs(count)], step_key)
    return _lay_out((uniform(first), uniform(second)), count)


def words(counter: Tensor, step_key: Tensor) -> Tensor:
    """Two words of 32 random bits a pair: (2, R, pairs) int32."""
    low, high = step_key[:, :1], step_key[:, 1:]
    word = torch.stack((counter + low, counter ^ high))
    word ^= _shifted(word, 16, 32)
    word *= _signed(0x21F0AAAD, 32)
    word ^= _shifted(word, 15, 32)
    word += torch.stack((high, low))
    word *= _signed(0xD35A2D97, 32)
    word ^= _shifted(word, 15, 32)
    return word


def normal_pair(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """Two independent standard normals (float32) from two words: Box-Muller."""
    bits = (_shifted(first, 1, 32).to(torch.float32) + 0.5).view(torch.int32)
    exponent = (bits - _EXPONENT_OF_SQRT_HALF) >> 23
    t = (bits - (exponent << 23)).view(torch.float32) - 1
    log = -0.23792218 * t + 0.37335711
    log = log * t + -0.40992657
    log = log * t + 0.49819488
    log = log * t + -0.66629018
    log = log * t + 1.0000223
    log = log * t + -2.0000019
    square = (31 - exponent).to(torch.float32) * _TWO_LN_2 + log * t
    # by way of float64: on processors torch's own float32 root is not correctly rounded
    radius = torch.sqrt(square.to(torch.float64)).to(torch.float32)

    angle = (second << 2).to(torch.float32) * _QUARTER_TURN
    square = angle * angle
    sine = 0.0081516359 * square + -0.1666248
    sine = (sine * square + 0.99999857) * angle
    cosine = -0.0013585908 * square + 0.041655028
    cosine = cosine * square + -0.49999857
    cosine = cosine * square + 0.99999997
    sign = (second >> 1) << 31
    long = (radius * cosine).view(torch.int32) ^ sign
    short = (radius * sine).view(torch.int32)
    swapped = (long ^ short) & -(second & 1)
    return (long ^ swapped).view(torch.float32), (short ^ swapped).view(torch.float32)


def uniform(word: Tensor) -> Tensor:
    """(k + 1/2) / 2^24 in float32, k the top 24 bits as a signed number."""
    return ((word >> 8).to(torch.float32) + 0.5) * 2.0**-24


def _pairs(count: int) -> int:
    return step_noise.blocks_for(count) * PAIRS_PER_BLOCK


def _lay_out(halves: tuple[Tensor, Tensor], count: int) -> Tensor:
    runs = len(halves[0])
    blocks = [half.reshape(runs, -1, PAIRS_PER_BLOCK) for half in halves]
    return torch.stack(blocks, dim=2).reshape(runs, -1)[:, :count]


def _shifted(word: Tensor, places: int, bits: int) -> Tensor:
    """`word` shifted to the right as if it had no sign."""
    return (word >> places) & ((1 << (bits - places)) - 1)


def _signed(constant: int, bits: int) -> int:
    """The signed number with the bit pattern of an unsigned one."""
    return constant - (1 << bits) if constant >> (bits - 1) else constant
