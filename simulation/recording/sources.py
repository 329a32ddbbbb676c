"""Where rate maps come from: the samples a network is shown, and the places they belong to.

evaluation : a long noise-free walk through the arena of the task.
training : the training samples of a task with a position; many places may stay unvisited.
samples : the training samples themselves, each its own place, for tasks without a position.

Where a task has several arenas there is one of each for each of them: evaluation-1, evaluation-2
and so on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulation.config import FeedforwardConfig
from simulation.metrics.activity import active_units
from simulation.metrics.spatial import (
    Places,
    places,
    rate_maps,
    spatial_information,
    tuned_units,
)
from simulation.models import model_of
from simulation.models.activations import ACTIVATIONS, ActivationFunction
from simulation.models.feedforward import Array, NetworkState, hidden_activity
from simulation.tasks.dataset import Dataset, FloatArray, Walk

SAMPLES_SHOWN = 1_000
"""Most training samples that are kept as places of a task without a position."""


class Source(Protocol):
    """Samples behind a set of rate maps."""

    @property
    def name(self) -> str:
        """evaluation, training or samples; with the number of its arena if there are several."""

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
    """Samples along a walk, sorted by place.

    `tuned` are the place-tuned units, or the active ones where nothing has spatial information.
    """

    name: str
    inputs: Array
    at: Places
    sigma: ActivationFunction
    informative: bool

    @classmethod
    def of(cls, name: str, config: FeedforwardConfig, inputs: FloatArray, walk: Walk) -> WalkSource:
        order = np.argsort(places(walk).index, kind="stable")
        return cls(
            name=name,
            inputs=inputs[order].astype(config.precision),
            at=places(walk.at(order)),
            sigma=ACTIVATIONS[config.network.activation],
            informative=not model_of(config).no_information,
        )

    def maps(self, state: NetworkState) -> NDArray[np.float32]:
        return rate_maps(hidden_activity(state, self.inputs), self.at)

    def information(self, maps: Array) -> FloatArray:
        if not self.informative:
            return np.full(len(maps), np.nan)
        return spatial_information(maps, self.at.occupancy)

    def tuned(self, maps: Array) -> NDArray[np.bool_]:
        if not self.informative:
            return active_units(self.sigma.active(maps))
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
    sigma: ActivationFunction

    @classmethod
    def of(cls, name: str, config: FeedforwardConfig, inputs: FloatArray) -> SampleSource:
        shown = min(len(inputs), SAMPLES_SHOWN)
        chosen = inputs[np.linspace(0, len(inputs) - 1, shown).round().astype(int)]
        return cls(name, chosen.astype(config.precision), ACTIVATIONS[config.network.activation])

    def maps(self, state: NetworkState) -> NDArray[np.float32]:
        return hidden_activity(state, self.inputs).astype(np.float32)

    def information(self, maps: Array) -> FloatArray:
        return np.full(len(maps), np.nan)

    def tuned(self, maps: Array) -> NDArray[np.bool_]:
        return active_units(self.sigma.active(maps))

    def columns(self) -> dict[str, Any]:
        count = len(self.inputs)
        return {"bin": np.arange(count), "occupancy": np.full(count, 1 / count)}


@dataclass(frozen=True, eq=False)
class Sources:
    """The sources a run records.

    Attributes
    ----------
    judged : those that tuning is judged by and correlated on, one an arena.
    others : those that are only shown.
    """

    judged: list[Source]
    others: list[Source]

    @classmethod
    def of(cls, config: FeedforwardConfig, dataset: Dataset, evaluation: Dataset | None) -> Sources:
        if evaluation is None:
            return cls([SampleSource.of("samples", config, dataset.inputs)], [])
        return cls(
            walk_sources("evaluation", config, evaluation),
            walk_sources("training", config, dataset),
        )

    @property
    def all(self) -> list[Source]:
        return [*self.judged, *self.others]


def walk_sources(name: str, config: FeedforwardConfig, dataset: Dataset) -> list[Source]:
    """A source for each arena of a dataset with walks, numbered where there are several."""
    parts = dataset.by_arena()
    names = [f"{name}-{n}" for n in range(1, len(parts) + 1)] if len(parts) > 1 else [name]
    return [
        WalkSource.of(name, config, part.inputs, part.walk)
        for name, part in zip(names, parts, strict=True)
        if part.walk is not None
    ]
