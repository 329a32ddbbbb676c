"""Perturbing the environment: what the network does where the scenery has changed.

At a snapshot, without learning, the agent repeats its long walk through scenery that is morphed
by grades towards an unrelated one (`simulation.tasks.arenas.morphed`). How wrong the predictions
become, and how far the rate maps go from the familiar ones (remapping), is measured.

Ratzon, Derdikman & Barak, eLife 12:RP90069, discussion: a flatter minimum should respond less to
perturbations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulation.config import FeedforwardConfig
from simulation.map_history import Maps
from simulation.metrics.loss import log10_normalized_loss, mean_squared_error
from simulation.metrics.population import population_vector_correlation, rate_map_correlation
from simulation.models.feedforward import NetworkState
from simulation.sources import Source, walk_sources
from simulation.tasks import make_morphed
from simulation.tasks.dataset import Dataset


class Probe:
    """The morphed walks of a configuration, from grade 0 (familiar) to 1 (unrelated)."""

    def __init__(self, config: FeedforwardConfig) -> None:
        grades = config.probe.morphs
        self._morphs = [
            (grade, dataset, walk_sources("evaluation", config, dataset))
            for grade in np.linspace(0, 1, grades + 1).tolist()
            for dataset in [make_morphed(config, grade)]
        ]

    def measure(self, state: NetworkState) -> dict[str, Any]:
        """The columns of the `probes` table at this moment: a row a grade. It reads `state` only.

        Units count once for each arena, if there are several.
        """
        familiar = _Tuning(self._morphs[0][2], state)
        rows = [
            {"morph": grade, **_loss(state, dataset), **familiar.against(_Tuning(sources, state))}
            for grade, dataset, sources in self._morphs
        ]
        return {"step": state.step} | {name: [row[name] for row in rows] for name in rows[0]}


def _loss(state: NetworkState, dataset: Dataset) -> dict[str, float]:
    error = mean_squared_error(state, dataset)
    return {
        "loss": error,
        "log10_normalized_loss": log10_normalized_loss(error, dataset.targets),
    }


class _Tuning:
    """Rate maps in each arena, and which units are tuned there."""

    def __init__(self, sources: Sequence[Source], state: NetworkState) -> None:
        self._maps: list[Maps] = [source.maps(state) for source in sources]
        tuned = [source.tuned(maps) for source, maps in zip(sources, self._maps, strict=True)]
        self._tuned = np.concatenate(tuned)

    def against(self, other: _Tuning) -> dict[str, Any]:
        """How alike the two are."""
        pairs = zip(self._maps, other._maps, strict=True)
        populations = [population_vector_correlation(*pair) for pair in pairs]
        maps = (np.concatenate(self._maps), np.concatenate(other._maps))
        return {
            "rate_map_correlation": rate_map_correlation(*maps, self._tuned, other._tuned),
            "population_vector_correlation": float(np.mean(populations)),
            "tuned_both": int(np.sum(self._tuned & other._tuned)),
        }
