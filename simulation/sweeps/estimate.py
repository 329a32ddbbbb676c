"""What a sweep will take, from the first steps of a few of its runs on this machine.

An estimate: runs get faster as units fall silent, and how often a spectrum is solved at what size
is known only afterwards. Of a spectrum, the largest is meant.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pyarrow.parquet as pq

from simulation.archive import Archive, RunWriter, Status
from simulation.config import RunConfig
from simulation.config.schedule import centroid_steps, curve_steps, hessian_steps, snapshot_steps
from simulation.metrics.curvature import hessian_spectrum
from simulation.models import model_of
from simulation.running import Trainable, trainable_of
from simulation.sweeps.order import cost, spread, steps_of
from simulation.tasks import make_dataset

T = TypeVar("T")

MOST_MEASURED = 6
BUDGET_SECONDS = 5.0
"""No further run is measured after this long."""
STEP_SECONDS = 0.05
STRIDE = 10
"""Steps between recordings of a trial, so that they differ."""
CURVE_SECONDS = 0.2
MOST_CURVE_POINTS = 300
MOST_ROWS = 500
"""Of a Hessian that is solved as a trial."""


@dataclass(frozen=True)
class Estimate:
    """Time on one core and room on the disk, of all runs together.

    Attributes
    ----------
    measured, shapes : how many different networks, tasks and rules were tried, of how many.
    """

    seconds: float
    bytes: float
    measured: int
    shapes: int


def estimate(configs: Sequence[RunConfig]) -> Estimate:
    """What these runs (at least one) take; those not measured count by their arithmetic."""
    shapes = {_shape(config): config for config in configs}
    in_order = sorted(shapes.values(), key=lambda config: (_kind(config), cost(config)))
    first, *others = spread(in_order)[:MOST_MEASURED]
    trials = [(first, *measure(first))]  # may compile the engine first
    began = time.monotonic()
    for config in others:
        if time.monotonic() - began > BUDGET_SECONDS:
            break
        trials.append((config, *measure(config)))
    seconds = size = 0.0
    for config in configs:
        near, its_seconds, its_bytes = min(trials, key=lambda trial: _distance(config, trial[0]))
        seconds += its_seconds * cost(config) / cost(near)
        size += its_bytes
    return Estimate(seconds, size, len(trials), len(shapes))


def measure(config: RunConfig) -> tuple[float, float]:
    """Seconds and bytes of a whole run, from a trial of its first steps and recordings."""
    changes = {"parent.run": "", "parent.step": 0} if config.parent.run else {}
    if config.schedule.spectra:
        changes["schedule.hessian_snapshots"] = 0  # the first spectrum may take longer than a run
    trial = config.with_values(changes)
    counts = _counts(trial)
    with TemporaryDirectory() as folder:
        writer = Archive.open(folder, create=True).writer(trial, collection="trial", name="")
        writer.start("compiled")
        step, curve, snapshot = _try(trainable_of(trial), writer)
        writer.finish(Status.CANCELLED)
        size = sum(_bytes(Path(folder) / "trial", counts))
    seconds = steps_of(config) * step + counts["curves"] * curve + counts["snapshots"] * snapshot
    if rows := model_of(config).hessian_rows:
        spectra = len(hessian_steps(config.schedule))
        solving = _solving(config, rows)
        seconds += spectra * solving
        size += spectra * rows * int(config.precision[-2:]) / 8
    return seconds, size


def _try(trainable: Trainable[Any], writer: RunWriter) -> tuple[float, float, float]:
    """Record the beginning of a run; seconds a step, a curve point and a snapshot."""
    model = trainable.model
    config, dataset = model.config, make_dataset(model.config)
    engine, recorder = trainable.engine("compiled", dataset), trainable.recorder(dataset, writer)
    state = engine.advance(model.start(), 0)  # compiles what is not compiled
    recorder.record(state)
    steps, took = 1, 0.0
    while took < STEP_SECONDS:
        steps *= 2
        advance = partial(engine.advance, state, steps)
        (_, first), (state, second) = _timed(advance), _timed(advance)
        took = min(first, second)  # the first may have compiled something
    taken = set(snapshot_steps(config.schedule).tolist())
    curves = [step for step in recorder.steps if step not in taken][:MOST_CURVE_POINTS]
    spent, count = 0.0, 0
    while count < len(curves) and spent < CURVE_SECONDS:
        state = replace(engine.advance(state, STRIDE), step=curves[count])
        spent, count = spent + _timed(partial(recorder.record, state))[1], count + 1
    curve = spent / max(count, 1)
    last = replace(state, step=recorder.steps[-1])
    snapshot = _timed(partial(recorder.record, last))[1]
    return took / steps, curve, max(snapshot - curve, 0.0)


def _solving(config: RunConfig, rows: int) -> float:
    """Seconds to solve the largest Hessian, of so many rows: the time grows with their cube."""
    units = config.network.hidden_units
    fewer = min(units, max(MOST_ROWS * units // rows, 1))
    small = config.with_values({"network.hidden_units": fewer})
    dataset, state = make_dataset(small), model_of(small).start()
    solve = partial(hessian_spectrum, state, dataset.inputs, dataset.targets, MOST_ROWS)
    took = min(_timed(solve)[1] for _ in range(3))
    return took * (units / fewer) ** 3


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` gives, and its processor seconds, whatever else the machine does."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def _counts(config: RunConfig) -> dict[str, int]:
    """How often each kind of recording happens in a run."""
    schedule = config.schedule
    return {
        "curves": len(curve_steps(schedule)),
        "centroids": len(centroid_steps(schedule)),
        "snapshots": len(snapshot_steps(schedule)),
    }


def _bytes(trial: Path, counts: dict[str, int]) -> Iterator[float]:
    """The size of each file of a whole run: what grows with its recordings, and what does not."""
    for path in trial.glob("*/*.parquet"):
        with pq.ParquetFile(path) as file:
            about = file.metadata
            groups = [about.row_group(number) for number in range(about.num_row_groups)]
            grows = _GROWS_WITH.get(path.parent.name)
            recorded = len(file.read(["step"])["step"].unique()) if grows and groups else 0
        rows = sum(
            group.column(place).total_compressed_size
            for group in groups
            for place in range(about.num_columns)
        )
        size = path.stat().st_size
        yield size + rows * (counts[grows] / recorded - 1) if grows and recorded else size


_GROWS_WITH = {
    "curves": "curves",
    "centroids": "centroids",
    **dict.fromkeys(("snapshots", "rate_maps", "weights", "probes"), "snapshots"),
}


def _shape(config: RunConfig) -> tuple[Any, ...]:
    """What decides how long a step takes, and how much is recorded."""
    values = config.values()
    noise = tuple(bool(value) for path, value in values.items() if _is_strength(path))
    free = ("seed", "rule.learning_rate", "parent.run", "parent.step")
    others = (
        value for path, value in values.items() if path not in free and not _is_strength(path)
    )
    return (*noise, *others)


def _is_strength(path: str) -> bool:
    return "noise" in path and path.endswith(("_scale", "_noise"))


def _kind(config: RunConfig) -> tuple[str, bool]:
    """What decides most of what a run costs and records, beside its size."""
    return config.rule.kind, config.task.has_position


def _distance(config: RunConfig, other: RunConfig) -> tuple[bool, bool, float]:
    (rule, place), (its_rule, its_place) = _kind(config), _kind(other)
    return rule != its_rule, place != its_place, abs(math.log(cost(config) / cost(other)))
