"""Copying a run into another archive, where it has files of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import pyarrow as pa

from simulation.archive import files
from simulation.archive.blocks import split_blocks
from simulation.archive.layout import Archived, table_place
from simulation.archive.packs import Pack, read_run
from simulation.archive.schema import RUNS, TABLES
from simulation.archive.store import Place
from simulation.errors import ArchiveError


def export_run(find: Callable[[], Archived], archive: Place) -> None:
    """Copy the archived run that `find` finds. ArchiveError: one of its files is missing."""
    try:
        _export(find(), archive)
    except FileNotFoundError:  # it may have been packed just now
        try:
            _export(run := find(), archive)
        except FileNotFoundError as error:
            raise ArchiveError(
                f"{error.filename} is missing.",
                subject=run.run_id,
                remedy="Restore it from a copy, or run the configuration again.",
            ) from error


def _export(run: Archived, archive: Place) -> None:
    place = archive / run.collection.name
    if run.pack is not None:
        _unpack(run.pack, run, place)
        return
    for table in (*run.digests, "runs"):  # the runs row last: it makes the run exist
        target = table_place(place, table, run.run_id)
        with run.place(table).open() as original, target.write() as copy:
            shutil.copyfileobj(original, copy)


def _unpack(pack: Pack, run: Archived, place: Place) -> None:
    digests = {}
    for table in run.digests:
        path = table_place(place, table, run.run_id)
        rows = _rows(pack, table, run.run_id)
        blocks = (block for _, block in split_blocks(rows, TABLES[table].key))
        files.write_parquet(path, blocks, rows.schema)
        digests[table] = files.sha256(path)
    row = _rows(pack, "runs", run.run_id)
    column = row.column_names.index("files_json")
    row = row.set_column(column, row.field(column), pa.array([json.dumps(digests)]))
    schema = RUNS.bare_schema()
    path = table_place(place, "runs", run.run_id)
    files.write_parquet(path, [row.replace_schema_metadata().cast(schema)], schema)


def _rows(pack: Pack, table: str, run_id: str) -> pa.Table:
    with files.open_parquet(pack.place(table)) as file:
        return read_run(file, run_id)
