"""Small runs written by hand: what the archive's tests read back."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.archive import Archive, Run, RunWriter, Status
from simulation.config import RunConfig

UNITS, SAMPLES = 3, 5


def small_config(**changes: Any) -> RunConfig:
    """Three units, five smoothed random samples, ten steps; names with __ for the dots."""
    fields = {"network.hidden_units": UNITS, "schedule.steps": 10, "noise.update_scale": 0.03}
    return RunConfig.parse(fields | {key.replace("__", "."): v for key, v in changes.items()})


def rate_map(step: int) -> np.ndarray:
    """Different at every step; the third unit is silent."""
    maps = np.arange(UNITS * SAMPLES, dtype=np.float32).reshape(UNITS, SAMPLES) + step
    maps[2] = 0
    return maps


def record(writer: RunWriter, step: int, *, loss: float = 0.5) -> None:
    """One recording of everything at `step`."""
    config = writer.config
    inputs, outputs = config.task.input_dim, config.task.output_dim
    writer.append(
        "curves",
        step=step,
        loss=loss,
        log10_normalized_loss=-float(step),
        active_fraction=0.5,
        active_units=1 / (1 + step),
    )
    writer.append(
        "rate_maps",
        step=step,
        source="samples",
        unit=np.arange(UNITS),
        rate_map=rate_map(step),
        spatial_information_bits=np.full(UNITS, np.nan),
    )
    writer.append("snapshots", step=step, hessian_trace=2.0 + step, hessian_note=None)
    writer.append("spectra", step=step, eigenvalues=[[1.0, 2.0 + step]], exact_zeros=7)
    writer.append(
        "weights",
        step=step,
        input_weights=np.full((1, UNITS * inputs), step / 3, np.float32),
        biases=np.full((1, UNITS), step / 3, np.float32),
        output_weights=np.full((1, outputs * UNITS), step / 3, np.float32),
    )


def write_run(
    archive: Archive,
    config: RunConfig | None = None,
    *,
    collection: str = "runs",
    name: str = "",
    steps: tuple[int, ...] = (0, 1, 10),
    status: Status = Status.FINISHED,
) -> Run:
    """An archived run with a recording at each of `steps`, each flushed on its own."""
    writer = archive.writer(config or small_config(), collection=collection, name=name)
    writer.start("compiled")
    writer.append("places", source="samples", bin=np.arange(SAMPLES), occupancy=1 / SAMPLES)
    for step in steps:
        record(writer, step)
        writer.flush(force=True)
    return writer.finish(status)
