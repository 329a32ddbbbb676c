"""What a task hands to training and to measurements: samples, and where they were taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Walk:
    """The latent variable behind the samples: where the agent was and which way it went.

    Attributes
    ----------
    position : (T,), in [0, track_length], in arena units.
    direction : (T,) int8. Two-way track: 1 is towards larger position. One-way track: all 0.
    track_length : arena units.
    directions : directions of travel that count as separate places (corridor 2, ring 1).
    circular : whether the two ends of the track are the same place.
    """

    position: FloatArray
    direction: NDArray[np.int8]
    track_length: float
    directions: int
    circular: bool


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples of a task.

    Attributes
    ----------
    inputs : X, (N, D) float64; training inputs span [-1, 1].
    targets : Y, (N, O) float64; training targets span [-1, 1].
    walk : the latent variable of each sample; None where the task has none.
    """

    inputs: FloatArray
    targets: FloatArray
    walk: Walk | None = None


@dataclass(frozen=True)
class Scaling:
    """The map of one training array's range to [-1, 1]; a constant array maps to 0."""

    low: float
    high: float

    @classmethod
    def of(cls, values: FloatArray) -> Scaling:
        return cls(float(values.min()), float(values.max()))

    def __call__(self, values: FloatArray) -> FloatArray:
        span = self.high - self.low
        if span == 0:
            return values - self.low
        return 2 * (values - self.low) / span - 1
