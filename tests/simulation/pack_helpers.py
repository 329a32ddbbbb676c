"""Runs with rows in every table, and all that can be read of an archive."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from simulation.archive import Archive, Run, RunWriter, Status
from simulation.archive.blocks import RunFiles, run_files
from simulation.archive.layout import find_run
from simulation.archive.schema import DATA_TABLES, TABLES
from simulation.config import RunConfig

STEPS = (0, 3, 10)
ROWS = 4
Content = dict[str, Any]


def write_full(
    archive: Archive,
    config: RunConfig,
    *,
    collection: str = "runs",
    status: Status = Status.FINISHED,
    steps: tuple[int, ...] = STEPS,
) -> Run:
    """A run with random values, some of them unknown, in all columns of all tables."""
    writer = archive.writer(config, collection=collection, name="Full")
    writer.start("compiled")
    random = np.random.default_rng(config.seed)
    for table in DATA_TABLES:
        for step in steps:
            for source in ("evaluation-1", "training") if "source" in TABLES[table].key else ("",):
                _append(writer, table, step, source, random)
        writer.flush(force=True)
    return writer.finish(status)


def _append(
    writer: RunWriter, table: str, step: int, source: str, random: np.random.Generator
) -> None:
    columns: dict[str, Any] = {}
    for column in TABLES[table].columns[1:]:
        if column.name in ("step", "step_a"):
            columns[column.name] = step
        elif pa.types.is_list(column.type):
            columns[column.name] = random.normal(size=(ROWS, 5))
            columns[column.name][0, 1] = np.nan
        elif pa.types.is_string(column.type):
            columns[column.name] = source or ["training", "samples"] * (ROWS // 2)
        elif pa.types.is_integer(column.type):
            columns[column.name] = random.integers(0, 9, ROWS)
        else:
            columns[column.name] = np.where(random.random(ROWS) < 0.2, np.nan, random.random(ROWS))
    writer.append(table, **columns)


def content(archive: Archive, run_id: str) -> Content:
    """All that the archive knows of a run, to the last bit; but for the digests of its files."""
    run = find_run(archive.root, run_id)
    assert run is not None
    row = {name: repr(value) for name, value in run.row.items() if name != "files_json"}
    return row | tables(run_files(run))


def tables(reader: RunFiles) -> Content:
    """Every table as it is read: whole, or its blocks by their keys, in order."""
    found: Content = {}
    for name in DATA_TABLES:
        if TABLES[name].key:
            blocks = {key: reader.read_block(name, key) for key in reader.keys(name)}
            found[name] = [(key, _exact(rows)) for key, rows in blocks.items()]
        else:
            found[name] = _exact(reader.read(name))
    return found


def contents(archive: Archive) -> dict[str, Content]:
    """That of every run in the index, each of which is there once."""
    run_ids = archive.runs(["run_id"])["run_id"].tolist()
    assert len(set(run_ids)) == len(run_ids)
    return {run_id: content(archive, run_id) for run_id in run_ids}


def _exact(rows: pa.Table) -> list[tuple[str, str, str]]:
    return [
        (name, str(column.type), repr(column.to_pylist()))
        for name, column in zip(rows.column_names, rows.columns, strict=True)
    ]


def own_files(archive: Archive, collection: str = "runs") -> list[str]:
    """The files in the collection's folders of tables, without those of packs."""
    return sorted(
        str(path.relative_to(archive.path / collection))
        for table in TABLES
        for path in (archive.path / collection / table).glob("*")
    )
