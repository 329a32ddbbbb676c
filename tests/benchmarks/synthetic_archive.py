"""An archive of very many runs, made in seconds: for measuring what its size costs."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from simulation.archive import Archive, Run, Status, files
from simulation.archive.contents import Contents
from simulation.archive.listing import STATE
from simulation.archive.packing import PACK_RUNS
from simulation.archive.packs import PACKS, pack_name
from simulation.archive.parts import write_part
from simulation.archive.schema import RUNS
from simulation.archive.store import Place
from simulation.config import RunConfig

COLLECTION = "sweep"
UNITS, PLACES, SNAPSHOTS, POINTS = 100, 100, 100, 1_000
_BATCH = 10_000
_STUB_BYTES = 4_096


def whole_run(archive: Archive, seed: int) -> Run:
    """A run with all that a long one records, from random numbers."""
    random = np.random.default_rng(seed)
    fields = {"seed": seed, "schedule.steps": 1_000_000, "noise.update_scale": 0.03}
    config = RunConfig.parse(fields)
    writer = archive.writer(config, collection=COLLECTION, name=f"Synthetic {seed}")
    writer.start("compiled")
    steps = np.linspace(0, 1_000_000, POINTS).astype(np.int64)
    curve = {name: random.random(POINTS) for name in ("loss", "active_fraction", "active_units")}
    writer.append("curves", step=steps, log10_normalized_loss=-random.random(POINTS), **curve)
    writer.append("places", source="samples", bin=np.arange(PLACES), occupancy=1 / PLACES)
    inputs, outputs = config.task.input_dim, config.task.output_dim
    for step in np.linspace(0, 1_000_000, SNAPSHOTS).astype(int):
        maps = random.random((UNITS, PLACES)).astype(np.float32)
        units = np.arange(UNITS)
        writer.append("rate_maps", step=step, source="samples", unit=units, rate_map=maps)
        writer.append(
            "weights",
            step=step,
            input_weights=random.random((1, UNITS * inputs)),
            biases=random.random((1, UNITS)),
            output_weights=random.random((1, outputs * UNITS)),
        )
    return writer.finish(Status.CANCELLED)


def fill(archive: Archive, runs: int) -> None:
    """Add `runs` rows as if as many writers had committed, and an index of them.

    There is a file a run, which is listed but never read: whole files only `whole_run` writes. Rows
    differ in what a sweep varies and in what came of it.
    """
    model = whole_run(archive, 0)
    folder = archive.root / COLLECTION / "runs"
    content = (folder / f"{model.run_id}.parquet").read()[:_STUB_BYTES]
    row = archive.query(where=[("run_id", "==", model.run_id)])
    schema = pa.schema([*RUNS.schema(), *(pa.field(*item) for item in STATE.items())])
    place = archive.root / COLLECTION / "index"
    old = Contents.load(place)

    def batches() -> Iterator[pa.Table]:
        for start in range(0, runs, _BATCH):
            yield _rows(row, start, min(_BATCH, runs - start), folder, content).cast(schema)

    part = write_part(place, batches(), schema)
    assert part is not None
    past = time.time() - 3_600
    os.utime(folder.path, (past, past))
    state = f"{folder.store.stamp(folder.key)}-0"  # no packs
    Contents(state, frozenset(schema.names), (part, *old.parts)).save(place, old)


def write_rows(archive: Archive, runs: int) -> None:
    """Add `runs` rows, each in a readable file of its own, without an index."""
    model = whole_run(archive, 0)
    row = archive.query(where=[("run_id", "==", model.run_id)])
    folder = archive.root / COLLECTION / "runs"
    rows = _rows(row, 0, runs - 1, None, b"").cast(RUNS.schema())
    schema = RUNS.bare_schema()
    for number, run_id in enumerate(rows["run_id"].to_pylist()):
        one = rows.slice(number, 1).replace_schema_metadata(schema.metadata).cast(schema)
        files.write_parquet(folder / f"{run_id}.parquet", [one], schema, durable=False)


def write_packs(archive: Archive, runs: int) -> None:
    """Add `runs` packed rows, without an index; one of them is that of a whole run."""
    model = whole_run(archive, 0)
    archive.pack(COLLECTION, lambda *_: None)
    row = archive.query(where=[("run_id", "==", model.run_id)])
    shutil.rmtree(archive.path / COLLECTION / "index")
    rows = _rows(row, 0, runs - 1, None, b"").cast(RUNS.schema())
    for number, start in enumerate(range(0, rows.num_rows, PACK_RUNS), 2):
        some = rows.slice(start, PACK_RUNS).sort_by("run_id").cast(RUNS.schema())
        first, last = some["run_id"][0].as_py(), some["run_id"][-1].as_py()
        folder = archive.root / COLLECTION / PACKS / pack_name(number, first, last, "0" * 64)
        files.write_parquet(folder / "runs.parquet", [some], RUNS.schema(), packed=True)


def _rows(
    model: pa.Table, first: int, count: int, folder: Place | None, content: bytes
) -> pa.Table:
    """`count` rows like `model`; with a `folder`, each with a file there and its state."""
    random = np.random.default_rng(first)
    rows = model.take(pa.array(np.zeros(count, np.int64)))
    run_ids = [f"{first + number:08x}beef" for number in range(count)]
    seconds = first + np.arange(count)
    times = np.datetime64("2026-01-01T00:00:00.000") + seconds * np.timedelta64(7, "s")
    points = len(model["thumbnail_loss"][0])
    offsets = np.arange(0, (count + 1) * points, points, dtype=np.int32)
    changed = {
        "run_id": pa.array(run_ids),
        "created_at": pa.array([f"{time}+00:00" for time in times.astype(str)]),
        "seed": pa.array(seconds),
        "status": pa.array(np.where(random.random(count) < 0.9, "finished", "diverged")),
        "noise.update_scale": pa.array(np.geomspace(1e-3, 1, 40)[random.integers(0, 40, count)]),
        "rule.learning_rate": pa.array(random.choice([0.01, 0.03, 0.1], count)),
        "tau_steps": pa.array(10 ** random.uniform(3, 6, count), mask=random.random(count) < 0.2),
        **{
            name: pa.array(random.random(count))
            for name in ("active_units_final", "active_units_ratio", "positive_eigenvalue_fraction")
        },
        **{
            f"thumbnail_{name}": pa.ListArray.from_arrays(
                offsets, pa.array(random.random(count * points).astype(np.float32))
            )
            for name in ("active_units", "loss", "spatial_information")
        },
    }
    for name, values in changed.items():
        rows = rows.set_column(rows.column_names.index(name), name, values)
    if folder is None:
        return rows
    states = []
    for run_id in run_ids:
        place = folder / f"{run_id}.parquet"
        Path(place.path).write_bytes(content)
        states.append((*place.state(), None))
    for (name, kind), values in zip(STATE.items(), zip(*states, strict=True), strict=True):
        rows = rows.append_column(name, pa.array(values, kind))
    return rows
