"""Perturbing the environment: what the network does where the scenery has changed.

At a snapshot, without learning, the agent repeats its long walk through scenery that is morphed
by grades towards an unrelated one (`simulation.tasks.arenas.morphed`). How wrong the predictions
become, and how far the rate maps go from the familiar ones (remapping), is measured: of the whole
network, and of the units that training shapes. A unit that is silent on every training sample has
no gradient, so under update noise its weights walk freely, and sooner or later it fires strongly
somewhere off those samples; with it, the probe would tell of that walk.

Ratzon, Derdikman & Barak, eLife 12:RP90069, discussion: a flatter minimum should respond less to
perturbations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.config import FeedforwardConfig
from simulation.metrics.activity import active_units
from simulation.metrics.loss import log10_normalized_loss, mean_squared_error
from simulation.metrics.population import population_vector_correlation, rate_map_correlation
from simulation.models.activations import ACTIVATIONS
from simulation.models.feedforward import NetworkState, hidden_activity
from simulation.recording.map_history import Maps
from simulation.recording.sources import Source, walk_sources
from simulation.tasks import make_morphed
from simulation.tasks.dataset import Dataset

ALL, TRAINED = "all", "trained"


class Probe:
    """The morphed walks of a configuration, from grade 0 (familiar) to 1 (unrelated).

    `dataset` : the samples it is trained on.
    """

    def __init__(self, config: FeedforwardConfig, dataset: Dataset) -> None:
        self._training = dataset.inputs
        grades = config.probe.morphs
        self._morphs = [
            (grade, dataset, walk_sources("evaluation", config, dataset))
            for grade in np.linspace(0, 1, grades + 1).tolist()
            for dataset in [make_morphed(config, grade)]
        ]

    def measure(self, state: NetworkState) -> dict[str, Any]:
        """The columns of the `probes` table at this moment: a row a grade, for all units and for
        those that are trained, if there are any. It reads `state` only.

        Units count once for each arena, if there are several.
        """
        rows = list(self._rows(state, ALL))
        active = ACTIVATIONS[state.activation].active(hidden_activity(state, self._training))
        if (trained := active_units(active)).any():
            rows += self._rows(_only(state, trained), TRAINED)
        return {"step": state.step} | {name: [row[name] for row in rows] for name in rows[0]}

    def _rows(self, state: NetworkState, units: str) -> Iterator[dict[str, Any]]:
        familiar = _Tuning(self._morphs[0][2], state)
        for grade, dataset, sources in self._morphs:
            alike = familiar.against(_Tuning(sources, state))
            yield {"morph": grade, "units": units, **_loss(state, dataset), **alike}


def _only(state: NetworkState, units: NDArray[np.bool_]) -> NetworkState:
    """The network of these units alone."""
    return replace(
        state,
        input_weights=state.input_weights[units],
        biases=state.biases[units],
        output_weights=state.output_weights[:, units],
        rule_state={},
    )


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
