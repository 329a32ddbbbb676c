"""Copying a run into another archive, where it has files of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext

import pyarrow as pa

from simulation.archive import files
from simulation.archive.blocks import split_blocks
from simulation.archive.layout import Archived, find_run, remove_files, table_place
from simulation.archive.locks import replacing
from simulation.archive.packs import Pack, find_packed, read_run
from simulation.archive.schema import RUNS, TABLES
from simulation.archive.store import Place
from simulation.errors import ArchiveError


def export_run(find: Callable[[], Archived], archive: Place) -> None:
    """Copy the archived run that `find` finds, in place of an earlier copy.

    Raises
    ------
    ArchiveError : one of its files is missing.
    """
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
    if run.pack is not None:
        rows = {table: _rows(run.pack, table, run.run_id) for table in (*run.digests, "runs")}
        with _room_for(run, archive) as collection:
            _unpack(rows, run.run_id, collection)
        return
    with ExitStack() as opened:  # all of it is at hand before an earlier copy goes
        tables = (*run.digests, "runs")  # the runs row last: it makes the run exist
        originals = {table: opened.enter_context(run.place(table).open()) for table in tables}
        with _room_for(run, archive) as collection:
            for table, original in originals.items():
                with table_place(collection, table, run.run_id).write() as copy:
                    shutil.copyfileobj(original, copy)


@contextmanager
def _room_for(run: Archived, archive: Place) -> Iterator[Place]:
    """The collection that a copy goes to; an earlier copy is removed, but for what is packed."""
    known = find_run(archive, run.run_id)
    with replacing(known.collection) if known else nullcontext():
        earlier = known and find_run(archive, run.run_id)  # it may have been packed just now
        if earlier is None:
            yield archive / run.collection.name
            return
        remove_files(earlier.collection, run.run_id)
        is_packed = find_packed(earlier.collection, run.run_id) is not None
        yield earlier.collection if is_packed else archive / run.collection.name


def _unpack(rows: dict[str, pa.Table], run_id: str, collection: Place) -> None:
    digests = {}
    row = rows.pop("runs")
    for table, found in rows.items():
        place = table_place(collection, table, run_id)
        blocks = (block for _, block in split_blocks(found, TABLES[table].key))
        files.write_parquet(place, blocks, found.schema)
        digests[table] = files.sha256(place)
    column = row.column_names.index("files_json")
    row = row.set_column(column, row.field(column), pa.array([json.dumps(digests)]))
    schema = RUNS.bare_schema()
    row = row.replace_schema_metadata().cast(schema)
    files.write_parquet(table_place(collection, "runs", run_id), [row], schema)


def _rows(pack: Pack, table: str, run_id: str) -> pa.Table:
    with files.open_parquet(pack.place(table)) as file:
        return read_run(file, run_id)
