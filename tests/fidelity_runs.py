"""An archive with made-up runs of one stratum, for tests of what compares them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulation.analysis.published_table import HIDDEN_UNITS, published
from simulation.archive import Archive, Status
from simulation.config import RunConfig
from simulation.config.schedule import even_curve_steps
from simulation.fidelity.strata import choose

STRATUM = "sgd_update"


def make_fidelity_archive(path: Path) -> Archive:
    """Runs of `STRATUM` whose curves end where their published twins did; the last fell silent."""
    archive = Archive.open(path, create=True)
    table = published()
    (stratum,) = choose([STRATUM])
    plan = stratum.plan(table)
    for index, config in plan.items():
        last = index == max(plan)
        _write(archive, config, float(table["active_units_ratio"][index]), silent=last)
    return archive


def _write(archive: Archive, config: RunConfig, ratio: float, *, silent: bool) -> None:
    """Every fiftieth recording of a curve that falls to `ratio`, and two snapshots."""
    writer = archive.writer(config, collection="fidelity", name="made up")
    writer.start("compiled")
    steps = even_curve_steps(config.schedule)
    steps = np.union1d(steps[::50], steps[-10:])
    active = ratio + (1 - ratio) * np.exp(-8 * steps / steps[-1])
    active[-10:] = ratio
    writer.append(
        "curves",
        step=steps,
        loss=np.full(len(steps), 0.01),
        log10_normalized_loss=np.full(len(steps), -2.0),
        active_fraction=0.5 * active,
        active_units=active,
        hessian_trace=active,
    )
    samples = config.task.n_samples
    for step in (0, config.schedule.steps):
        writer.append(
            "rate_maps",
            step=step,
            source="samples",
            unit=np.arange(HIDDEN_UNITS),
            rate_map=np.eye(HIDDEN_UNITS, samples, dtype=np.float32),
            spatial_information_bits=np.full(HIDDEN_UNITS, np.nan),
        )
        writer.append("snapshots", step=step, hessian_note="not measured")
    writer.append("places", source="samples", bin=np.arange(samples), occupancy=1 / samples)
    writer.finish(Status.ALL_UNITS_SILENT if silent else Status.FINISHED)
