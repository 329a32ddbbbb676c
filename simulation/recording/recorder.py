"""From a network and the recording schedule to rows of the archive. It only reads the network.

Curves are measured often and cheaply, snapshots rarely and thoroughly; rows go to the run's writer
as soon as they are made, so memory does not grow with the length of the run. Eigenvalues of the
Hessian are solved beside the training (`simulation.recording.spectra`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from simulation.config import FeedforwardConfig
from simulation.config.schedule import (
    centroid_steps,
    curve_steps,
    even_curve_steps,
    first_and_last_tenth,
    hessian_steps,
    snapshot_steps,
)
from simulation.metrics.centroids import centroids, track_of
from simulation.metrics.curvature import hessian_spectrum
from simulation.metrics.decoding import position_error
from simulation.metrics.population import rate_map_correlation
from simulation.models.feedforward import Feedforward, NetworkState, hidden_activity
from simulation.recording import CurvePoint, Rows
from simulation.recording.curves import CurveMeter
from simulation.recording.map_history import MapHistory, Maps
from simulation.recording.probe import Probe
from simulation.recording.sources import Sources, WalkSource
from simulation.recording.spectra import SnapshotRows
from simulation.tasks.dataset import Dataset


class FeedforwardRecorder:
    """Measures a network at the steps of its schedule: see `simulation.recording.Recorder`.

    Attributes
    ----------
    steps : every step at which something is recorded, ascending; the first is 0.
    """

    def __init__(
        self,
        config: FeedforwardConfig,
        dataset: Dataset,
        evaluation: Dataset | None,
        writer: Rows,
    ) -> None:
        self._config, self._model, self._writer = config, Feedforward(config), writer
        self._dataset, self._evaluation = dataset, evaluation
        self._sources = Sources.of(config, dataset, evaluation)
        self._meter = CurveMeter(config, dataset, self._sources.judged)
        arenas = len(self._sources.judged)
        self._histories = [MapHistory(share=1 / arenas) for _ in range(arenas)]
        self._probe = Probe(config, dataset) if config.probe.morphs else None
        schedule, first = config.schedule, config.parent.step
        self._curves = set(curve_steps(schedule, first).tolist())
        self._snapshots = set(snapshot_steps(schedule, first).tolist())
        self._centroids = set(centroid_steps(schedule, first).tolist())
        self._hessians = set(hessian_steps(schedule, first).tolist())
        self._largest: set[int] = set()
        if schedule.hessian_snapshots:
            even = even_curve_steps(schedule, first)
            self._largest.update(*map(np.ndarray.tolist, first_and_last_tenth(even)))
        self._rows = SnapshotRows(writer)
        self.steps: list[int] = sorted(self._curves | self._snapshots)
        for source in self._sources.all:
            writer.append("places", source=source.name, **source.columns())

    @property
    def unsolved(self) -> int:
        """Snapshots whose eigenvalues are still being solved."""
        return self._rows.unsolved

    def wait(self, seconds: float | None = None) -> None:
        """Wait until one more of them is solved, at most so long."""
        self._rows.wait(seconds)

    def record(self, state: NetworkState) -> CurvePoint | None:
        """Record what is due at `state.step`; the curve point, if one was.

        Raises what went wrong while eigenvalues of an earlier snapshot were solved, if anything.
        """
        self._rows.write()
        point = None
        if state.step in self._curves:
            point = self._record_point(state)
        if state.step in self._snapshots:
            self._take_snapshot(state)
        return point

    def record_last(self, state: NetworkState) -> None:
        """Record a network whose run ends before its time, so that others can start from there.

        Eigenvalues that are not solved by then stay unknown.
        """
        if state.step not in self._curves:
            self._record_point(state)
        if state.step not in self._snapshots:
            self._take_snapshot(state)
        self._rows.leave()

    def _record_point(self, state: NetworkState) -> CurvePoint:
        point, maps = self._meter.measure(state, largest=state.step in self._largest)
        self._writer.append_row("curves", vars(point))
        if maps and state.step in self._centroids:
            self._locate(state.step, maps)
        return point

    def _locate(self, step: int, maps: Sequence[Maps]) -> None:
        """Centroids of the tuned units' maps in each arena."""
        track = track_of(self._config.task)
        for source, there in zip(self._sources.judged, maps, strict=True):
            if track is not None and isinstance(source, WalkSource):
                where = centroids(there, source.at, track)
                where[~source.tuned(there)] = np.nan
                self._writer.append(
                    "centroids", step=step, source=source.name, centroids=where.reshape(1, -1)
                )

    def _take_snapshot(self, state: NetworkState) -> None:
        sources = self._sources.all
        maps = [source.maps(state) for source in sources]
        for source, source_maps in zip(sources, maps, strict=True):
            self._writer.append(
                "rate_maps",
                step=state.step,
                source=source.name,
                unit=np.arange(len(source_maps)),
                rate_map=source_maps,
                spatial_information_bits=source.information(source_maps),
            )
        self._writer.append("weights", step=state.step, **self._model.stored(state))
        across = self._correlate(state.step, maps)
        if self._probe is not None:
            self._writer.append("probes", **self._probe.measure(state))
        columns = {
            "step": state.step,
            "position_error": self._decode(state),
            "across_arenas_correlation": across,
        }
        self._add_row(columns, state)

    def _correlate(self, step: int, maps: Sequence[Maps]) -> float | None:
        """Compare the maps with those of earlier snapshots, and of arenas with each other.

        Returns the mean correlation between arenas; None where there is but one.
        """
        judged = list(zip(self._sources.judged, maps, strict=False))
        tuned = [source.tuned(there) for source, there in judged]
        for (source, there), mask, history in zip(judged, tuned, self._histories, strict=True):
            rows = history.compare(step, there, mask)
            self._writer.append("correlations", source=source.name, **rows)
        pairs = [
            rate_map_correlation(maps[a], maps[b], tuned[a], tuned[b])
            for a, b in combinations(range(len(judged)), 2)
        ]
        known = [correlation for correlation in pairs if np.isfinite(correlation)]
        return float(np.mean(known)) if known else None

    def _decode(self, state: NetworkState) -> float | None:
        """Mean over the arenas of the error of position decoded there; None without any."""
        if self._evaluation is None:
            return None
        errors = []
        for part in self._evaluation.by_arena():
            assert part.walk is not None
            inputs = part.inputs.astype(self._config.precision, copy=False)
            errors.append(position_error(hidden_activity(state, inputs), part.walk))
        return float(np.mean(errors))

    def _add_row(self, columns: dict[str, Any], state: NetworkState) -> None:
        """Complete a row of the `snapshots` table by the curvature, or why there is none."""
        if state.step in self._hessians:
            samples = (self._dataset.inputs, self._dataset.targets)
            limit = self._config.schedule.hessian_limit
            self._rows.add(columns, partial(hessian_spectrum, state, *samples, limit))
        else:
            note = f"the Hessian is measured at {len(self._hessians)} of the snapshots only"
            self._rows.add(columns | {"hessian_note": note}, None)
