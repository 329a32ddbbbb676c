"""From a network and the recording schedule to rows of the archive. It only reads the network.

Curves are measured often and cheaply, snapshots rarely and thoroughly; rows go to the run's writer
as soon as they are made, so memory does not grow with the length of the run.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.archive import RunWriter
from simulation.archive.files import write_errors
from simulation.config import FeedforwardConfig
from simulation.metrics.activity import active_fraction, active_units
from simulation.metrics.curvature import hessian_spectrum
from simulation.metrics.decoding import position_error
from simulation.metrics.loss import log10_normalized_loss, mean_squared_error
from simulation.metrics.population import population_vector_correlation, rate_map_correlation
from simulation.metrics.spatial import mean_spatial_information, tuned_units
from simulation.models.feedforward import NetworkState, hidden_activity
from simulation.schedule import curve_steps, hessian_steps, snapshot_steps
from simulation.sources import sources_of
from simulation.tasks.dataset import Dataset

EARLIER_MAPS_BYTES = 256 * 2**20
"""Memory for the maps of earlier snapshots; further ones wait in a temporary file."""


@dataclass(frozen=True)
class CurvePoint:
    """One recording of the curves: the columns of the `curves` table, without the run."""

    step: int
    loss: float
    log10_normalized_loss: float
    active_fraction: float
    active_units: float
    tuned_units: float | None = None
    mean_spatial_information_bits: float | None = None


@dataclass(frozen=True, eq=False)
class _Earlier:
    """What later snapshots are compared with."""

    step: int
    tuned: NDArray[np.bool_]
    maps: NDArray[np.float32]


class Recorder:
    """Measures a network at the steps of its schedule.

    Attributes
    ----------
    steps : every step at which something is recorded, ascending; the first is 0.
    """

    def __init__(
        self,
        config: FeedforwardConfig,
        dataset: Dataset,
        evaluation: Dataset | None,
        writer: RunWriter,
    ) -> None:
        self._config, self._writer = config, writer
        self._dataset, self._evaluation = dataset, evaluation
        self._sources = sources_of(config, dataset, evaluation)
        self._curves = set(curve_steps(config.schedule).tolist())
        self._snapshots = set(snapshot_steps(config.schedule).tolist())
        self._hessians = set(hessian_steps(config.schedule).tolist())
        self._earlier: list[_Earlier] = []
        self.steps: list[int] = sorted(self._curves | self._snapshots)
        for source in self._sources:
            writer.append("places", source=source.name, **source.columns())

    def record(self, state: NetworkState) -> CurvePoint | None:
        """Record what is due at `state.step`; the curve point, if one was."""
        point = None
        if state.step in self._curves:
            point = self._measure(state)
            self._writer.append("curves", **asdict(point))
        if state.step in self._snapshots:
            self._take_snapshot(state)
        return point

    def _measure(self, state: NetworkState) -> CurvePoint:
        activity = hidden_activity(state, self._dataset.inputs)
        loss = mean_squared_error(state, self._dataset)
        point: dict[str, Any] = {
            "step": state.step,
            "loss": loss,
            "log10_normalized_loss": log10_normalized_loss(loss, self._dataset.targets),
            "active_fraction": active_fraction(activity),
            "active_units": float(np.mean(active_units(activity))),
        }
        if self._config.task.has_position:
            source = self._sources[0]
            information = source.information(source.maps(state))
            point["tuned_units"] = float(np.mean(tuned_units(information)))
            point["mean_spatial_information_bits"] = mean_spatial_information(information)
        return CurvePoint(**point)

    def _take_snapshot(self, state: NetworkState) -> None:
        maps = [source.maps(state) for source in self._sources]
        for source, source_maps in zip(self._sources, maps, strict=True):
            self._writer.append(
                "rate_maps",
                step=state.step,
                source=source.name,
                unit=np.arange(len(source_maps)),
                rate_map=source_maps,
                spatial_information_bits=source.information(source_maps),
            )
        self._writer.append(
            "weights",
            step=state.step,
            input_weights=state.input_weights.reshape(1, -1),
            biases=state.biases.reshape(1, -1),
            output_weights=state.output_weights.reshape(1, -1),
        )
        self._correlate(state.step, maps[0])
        curvature = self._measure_curvature(state)
        self._writer.append(
            "snapshots", step=state.step, position_error=self._decode(state), **curvature
        )

    def _correlate(self, step: int, maps: NDArray[np.float32]) -> None:
        """Compare this snapshot's maps with those of every snapshot so far, itself included."""
        source = self._sources[0]
        held = sum(then.maps.nbytes for then in self._earlier)
        kept = maps if held + maps.nbytes <= EARLIER_MAPS_BYTES else _on_disk(maps)
        now = _Earlier(step, source.tuned(maps), kept)
        self._earlier.append(now)
        rows = [
            (
                then.step,
                rate_map_correlation(then.maps, maps, then.tuned, now.tuned),
                population_vector_correlation(then.maps, maps),
                int(np.sum(then.tuned & now.tuned)),
            )
            for then in self._earlier
        ]
        steps, by_map, by_population, tuned_both = zip(*rows, strict=True)
        self._writer.append(
            "correlations",
            step_a=steps,
            step_b=step,
            source=source.name,
            rate_map_correlation=by_map,
            population_vector_correlation=by_population,
            tuned_both=tuned_both,
        )

    def _decode(self, state: NetworkState) -> float | None:
        if self._evaluation is None or self._evaluation.walk is None:
            return None
        inputs = self._evaluation.inputs.astype(self._config.precision, copy=False)
        return position_error(hidden_activity(state, inputs), self._evaluation.walk)

    def _measure_curvature(self, state: NetworkState) -> dict[str, Any]:
        if state.step not in self._hessians:
            count = len(self._hessians)
            return {"hessian_note": f"the Hessian is measured at {count} of the snapshots only"}
        spectrum = hessian_spectrum(
            state,
            self._dataset.inputs,
            self._dataset.targets,
            self._config.schedule.hessian_limit,
        )
        if spectrum.eigenvalues is not None:
            self._writer.append(
                "spectra",
                step=state.step,
                eigenvalues=spectrum.eigenvalues.reshape(1, -1),
                exact_zeros=spectrum.exact_zeros,
            )
        return {
            "hessian_trace": spectrum.trace,
            "hessian_largest": spectrum.largest,
            "hessian_log_sum": spectrum.log_sum,
            "positive_eigenvalue_fraction": spectrum.positive_fraction,
            "relative_positive_eigenvalue_fraction": spectrum.relative_positive_fraction,
            "hessian_exact_zeros": spectrum.exact_zeros,
            "hessian_note": spectrum.reason or None,
        }


def _on_disk(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same maps, read from a temporary file that disappears with them."""
    with write_errors(Path(tempfile.gettempdir())), tempfile.TemporaryFile() as file:
        maps.tofile(file)
        file.flush()
        return np.memmap(file, maps.dtype, "r", shape=maps.shape)
