"""Where rate maps come from: the samples a network is shown, and the places they belong to.

evaluation : a long noise-free walk through the arena of the task.
training : the training samples of a task with a position; many places may stay unvisited.
samples : the training samples themselves, each its own place, for tasks without a position.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulation.config import RunConfig
from simulation.metrics.activity import active_units
from simulation.metrics.spatial import Places, places, rate_maps, spatial_information, tuned_units
from simulation.models.feedforward import Array, NetworkState, hidden_activity
from simulation.tasks.dataset import Dataset, FloatArray, Walk

SAMPLES_SHOWN = 1_000
"""Most training samples that are kept as places of a task without a position."""


class Source(Protocol):
    """Samples behind a set of rate maps."""

    @property
    def name(self) -> str:
        """evaluation, training or samples."""

    def maps(self, state: NetworkState) -> NDArray[np.float32]:
        """Rate maps of all units: (H, K)."""

    def information(self, maps: Array) -> FloatArray:
        """Spatial information of each unit in bits; NaN without one: (H,)."""

    def tuned(self, maps: Array) -> NDArray[np.bool_]:
        """Which units take part in rate-map correlations: (H,)."""

    def columns(self) -> dict[str, Any]:
        """The places, as columns of the archive's `places` table."""


@dataclass(frozen=True, eq=False)
class WalkSource:
    """Samples along a walk, sorted by place; `tuned` are the place-tuned units."""

    name: str
    inputs: Array
    at: Places

    @classmethod
    def of(cls, name: str, inputs: Array, walk: Walk) -> WalkSource:
        order = np.argsort(places(walk).index, kind="stable")
        by_place = Walk(
            position=walk.position[order],
            direction=walk.direction[order],
            track_length=walk.track_length,
            directions=walk.directions,
            circular=walk.circular,
        )
        return cls(name, inputs[order], places(by_place))

    def maps(self, state: NetworkState) -> NDArray[np.float32]:
        return rate_maps(hidden_activity(state, self.inputs), self.at)

    def information(self, maps: Array) -> FloatArray:
        return spatial_information(maps, self.at.occupancy)

    def tuned(self, maps: Array) -> NDArray[np.bool_]:
        return tuned_units(self.information(maps))

    def columns(self) -> dict[str, Any]:
        return {
            "bin": np.arange(len(self.at.occupancy)),
            "position": self.at.position,
            "direction": self.at.direction,
            "occupancy": self.at.occupancy,
        }


@dataclass(frozen=True, eq=False)
class SampleSource:
    """Training samples, at most 1,000, evenly chosen; `tuned` are the active units."""

    name: str
    inputs: Array

    @classmethod
    def of(cls, name: str, inputs: Array) -> SampleSource:
        shown = min(len(inputs), SAMPLES_SHOWN)
        return cls(name, inputs[np.linspace(0, len(inputs) - 1, shown).round().astype(int)])

    def maps(self, state: NetworkState) -> NDArray[np.float32]:
        return hidden_activity(state, self.inputs).astype(np.float32)

    def information(self, maps: Array) -> FloatArray:
        return np.full(len(maps), np.nan)

    def tuned(self, maps: Array) -> NDArray[np.bool_]:
        return active_units(maps)

    def columns(self) -> dict[str, Any]:
        count = len(self.inputs)
        return {"bin": np.arange(count), "occupancy": np.full(count, 1 / count)}


def sources_of(config: RunConfig, dataset: Dataset, evaluation: Dataset | None) -> list[Source]:
    """The sources a run records; the first is the one that tuning is judged by."""
    training = dataset.inputs.astype(config.precision)
    if evaluation is None or evaluation.walk is None or dataset.walk is None:
        return [SampleSource.of("samples", training)]
    return [
        WalkSource.of("evaluation", evaluation.inputs.astype(config.precision), evaluation.walk),
        WalkSource.of("training", training, dataset.walk),
    ]
