"""What a task hands to training and to measurements: samples, and where they were taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    arena : (T,), which of several arenas, from 0; None where there is but one.
    """

    position: FloatArray
    direction: NDArray[np.int8]
    track_length: float
    directions: int
    circular: bool
    arena: NDArray[np.int8] | None = None

    def at(self, samples: NDArray[np.int64]) -> Walk:
        """The walk at some of its samples, given by their indices."""
        return replace(
            self,
            position=self.position[samples],
            direction=self.direction[samples],
            arena=None if self.arena is None else self.arena[samples],
        )


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples of a task.

    Attributes
    ----------
    inputs, targets : X, (N, D), and Y, (N, O), float64; those of training span [-1, 1] each, or
        [0, 1] where so configured.
    walk : the latent variable of each sample; None where the task has none.
    """

    inputs: FloatArray
    targets: FloatArray
    walk: Walk | None = None

    def by_arena(self) -> list[Dataset]:
        """The samples of each arena; all of them where there is but one."""
        if self.walk is None or self.walk.arena is None:
            return [self]
        samples = [np.flatnonzero(self.walk.arena == n) for n in np.unique(self.walk.arena)]
        return [
            Dataset(self.inputs[at], self.targets[at], replace(self.walk.at(at), arena=None))
            for at in samples
        ]


def joined(datasets: Sequence[Dataset]) -> Dataset:
    """Samples of several arenas of the same kind, arena by arena, as one dataset."""
    if len(datasets) == 1:
        return datasets[0]
    walks = [dataset.walk for dataset in datasets if dataset.walk is not None]
    walk = replace(
        walks[0],
        position=np.concatenate([walk.position for walk in walks]),
        direction=np.concatenate([walk.direction for walk in walks]),
        arena=np.repeat(np.arange(len(walks), dtype=np.int8), [len(w.position) for w in walks]),
    )
    inputs, targets = (
        np.concatenate([getattr(dataset, name) for dataset in datasets])
        for name in ("inputs", "targets")
    )
    return Dataset(inputs, targets, walk)


@dataclass(frozen=True)
class Scaling:
    """The map of one training array's range to [lowest, 1]; a constant array maps to 0."""

    low: float
    high: float
    lowest: float = -1.0

    @classmethod
    def of(cls, values: FloatArray, lowest: float = -1.0) -> Scaling:
        return cls(float(values.min()), float(values.max()), lowest)

    def __call__(self, values: FloatArray) -> FloatArray:
        span = self.high - self.low
        if span == 0:
            return values - self.low
        return (1 - self.lowest) * (values - self.low) / span + self.lowest
