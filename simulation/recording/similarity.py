"""From a similarity-matching network and the schedule to rows of the archive; it only reads.

The inputs of the task, in their order, are both what the network learns from and what its tuning is
judged by: responses are free of noise, and there are no other places. Every measurement is made on
the same inputs, at most 200 of them, evenly chosen (published: every fourth of the ring's 628).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.config import SimilarityConfig
from simulation.config.schedule import centroid_steps, curve_steps, snapshot_steps
from simulation.metrics.activity import active_fraction, active_units
from simulation.metrics.centroids import centroids, track_of
from simulation.metrics.similarity import log10_relative_mismatch, similarity_mismatch
from simulation.metrics.spatial import (
    mean_spatial_information,
    places,
    rate_maps,
    spatial_information,
    tuned_units,
)
from simulation.models.similarity import SimilarityMatching, SimilarityState, responses
from simulation.recording import CurvePoint, Rows
from simulation.recording.map_history import MapHistory, Maps
from simulation.tasks.dataset import Dataset, FloatArray

SOURCE = "training"
MOST_INPUTS = 200
NO_HESSIAN = "similarity matching descends no loss of its weights, so there is no Hessian of it"


def measured_inputs(count: int) -> NDArray[np.int64]:
    """Which of `count` inputs responses are measured on: the middles of at most 200 equal parts."""
    parts = min(count, MOST_INPUTS)
    return ((np.arange(parts) + 0.5) * count / parts).astype(np.int64)


class SimilarityRecorder:
    """Measures a network at the steps of its schedule: see `simulation.recording.Recorder`.

    Nothing is measured beside the training.
    """

    unsolved = 0

    def __init__(self, config: SimilarityConfig, dataset: Dataset, writer: Rows) -> None:
        walk, track = dataset.walk, track_of(config.task)
        assert walk is not None
        assert track is not None
        chosen = measured_inputs(len(dataset.inputs))
        self._config, self._inputs, self._writer = config, dataset.inputs[chosen], writer
        self._model = SimilarityMatching(config)
        self._at, self._track, self._history = places(walk.at(chosen)), track, MapHistory()
        schedule, first = config.schedule, config.parent.step
        self._curves = set(curve_steps(schedule, first).tolist())
        self._centroids = set(centroid_steps(schedule, first).tolist())
        self._snapshots = set(snapshot_steps(schedule, first).tolist())
        self.steps: list[int] = sorted(self._curves | self._snapshots)
        writer.append(
            "places",
            source=SOURCE,
            bin=np.arange(len(self._at.occupancy)),
            position=self._at.position,
            direction=self._at.direction,
            occupancy=self._at.occupancy,
        )

    def wait(self, seconds: float | None = None) -> None:
        pass

    def record(self, state: SimilarityState) -> CurvePoint | None:
        """Record what is due at `state.step`; the curve point, if one was."""
        step = state.step
        return self._record(
            state, step in self._curves, step in self._centroids, step in self._snapshots
        )

    def record_last(self, state: SimilarityState) -> None:
        """Record a network whose run ends before its time, so that others can start from there."""
        self._record(
            state, state.step not in self._curves, False, state.step not in self._snapshots
        )

    def _record(
        self, state: SimilarityState, curve: bool, centroid: bool, snapshot: bool
    ) -> CurvePoint | None:
        activity = responses(state, self._inputs)
        maps = rate_maps(activity, self._at)
        information = spatial_information(maps, self._at.occupancy)
        point = None
        if curve:
            point = self._measure(state.step, activity, information)
            self._writer.append_row("curves", vars(point))
        if centroid:
            self._locate(state.step, maps, tuned_units(information))
        if snapshot:
            self._take_snapshot(state, maps, information)
        return point

    def _measure(self, step: int, activity: FloatArray, information: FloatArray) -> CurvePoint:
        alpha = self._config.network.bias_strength
        mismatch = similarity_mismatch(self._inputs, activity, alpha)
        active = activity > 0
        return CurvePoint(
            step=step,
            loss=mismatch,
            log10_normalized_loss=log10_relative_mismatch(mismatch, self._inputs, alpha),
            active_fraction=active_fraction(active),
            active_units=active_fraction(active_units(active)),
            tuned_units=active_fraction(tuned_units(information)),
            mean_spatial_information_bits=mean_spatial_information(information),
        )

    def _locate(self, step: int, maps: Maps, tuned: NDArray[np.bool_]) -> None:
        where = centroids(maps, self._at, self._track)
        where[~tuned] = np.nan
        self._writer.append("centroids", step=step, source=SOURCE, centroids=where.reshape(1, -1))

    def _take_snapshot(self, state: SimilarityState, maps: Maps, information: FloatArray) -> None:
        self._writer.append(
            "rate_maps",
            step=state.step,
            source=SOURCE,
            unit=np.arange(len(maps)),
            rate_map=maps,
            spatial_information_bits=information,
        )
        self._writer.append("weights", step=state.step, **self._model.stored(state))
        rows = self._history.compare(state.step, maps, tuned_units(information))
        self._writer.append("correlations", source=SOURCE, **rows)
        self._writer.append("snapshots", step=state.step, hessian_note=NO_HESSIAN)
