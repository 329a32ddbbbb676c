"""Writing a pack: the rows of many runs, table by table, in row groups of about a mebibyte.

Rows of several runs share a row group where they are few, and those of a long run fill several.
Larger groups would pack better still (runs of a sweep start from the same weights, say), but to
read one run costs reading its groups.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from simulation.archive import files
from simulation.archive.blocks import split_blocks
from simulation.archive.layout import Archived, remove_files, table_place
from simulation.archive.packs import DRAFT, PACKS, Pack, pack_name, read_run
from simulation.archive.schema import DATA_TABLES, RUNS, TABLES
from simulation.archive.store import Place, State
from simulation.errors import ArchiveError

GROUP_BYTES = 2**20
"""Of rows in memory; they are about a third on the disk."""


class Unpackable(ArchiveError):
    """The run `subject` cannot be packed as it is."""


@dataclass(frozen=True, eq=False)
class RunToPack:
    """A run to be packed.

    Attributes
    ----------
    run : where its rows are: in files of its own, or in a pack that is replaced.
    row : its row of the runs table.
    state : of its own file with that row; None: it comes from a pack.
    """

    run: Archived
    row: pa.Table
    state: State | None

    @classmethod
    def load(cls, collection: Place, run_id: str, pack: Pack | None) -> RunToPack:
        """The run as it is now. FileNotFoundError, ArchiveError: its row cannot be read."""
        state = None
        if pack is None:
            place = table_place(collection, "runs", run_id)
            state = place.state()
            row = files.read_parquet(place)
        else:
            with files.open_parquet(pack.place("runs")) as file:
                row = read_run(file, run_id)
        row = _conformed(row, RUNS.schema(), run_id)
        return cls(Archived(collection, row.to_pylist()[0], pack), row, state)

    def is_current(self) -> bool:
        """Whether it is still what it was when it was loaded."""
        try:
            return self.run.pack is not None or self.run.place("runs").state() == self.state
        except FileNotFoundError:
            return False

    def remove(self) -> bool:
        """Delete its own files; whether it had any. To be called while it cannot be replaced."""
        if self.run.pack is not None or not self.is_current():
            return False
        remove_files(self.run.collection, self.run.run_id)
        return True


@contextmanager
def draft_pack(collection: Place, members: Sequence[RunToPack]) -> Iterator[Draft]:
    """A pack of these runs, in the order of their ids and of one precision; not published yet.

    Raises
    ------
    Unpackable : a file of one of them is missing or not the one that was written.
    """
    folder = collection / PACKS / f"{DRAFT}{uuid.uuid4().hex[:8]}"
    try:
        yield Draft(folder, members)
    finally:
        folder.store.withdraw(folder.key)  # unless it has been published


class Draft:
    """A pack in a folder that nobody reads yet."""

    def __init__(self, folder: Place, members: Sequence[RunToPack]) -> None:
        self._folder, self._members = folder, members
        self._digests = {
            table: self._write_table(table)
            for table in DATA_TABLES
            if any(table in member.run.digests for member in members)
        }
        files.write_parquet(self._place("runs"), [self._rows()], RUNS.schema(), packed=True)

    def publish(self, number: int) -> None:
        """Make it a pack of the collection."""
        ids = [member.run.run_id for member in self._members]
        name = pack_name(number, ids[0], ids[-1], files.sha256(self._place("runs")))
        self._folder.store.publish(self._folder.key, (self._folder.parent / name).key)

    def _place(self, table: str) -> Place:
        return self._folder / f"{table}.parquet"

    def _write_table(self, table: str) -> str:
        schema = TABLES[table].schema(self._members[0].run.row["precision"])
        rows = (
            _conformed(block, schema, member.run.run_id)
            for member in self._members
            if table in member.run.digests
            for block in blocks_of(member.run, table)
        )
        files.write_parquet(self._place(table), _grouped(rows), schema, packed=True)
        return files.sha256(self._place(table))

    def _rows(self) -> pa.Table:
        """The runs table, with the digests of the files that have the runs' rows now."""
        rows = pa.concat_tables([member.row for member in self._members]).combine_chunks()
        named = [
            json.dumps({table: self._digests[table] for table in member.run.digests})
            for member in self._members
        ]
        column = rows.column_names.index("files_json")
        return rows.set_column(column, rows.field(column), pa.array(named))


def blocks_of(run: Archived, table: str) -> Iterator[pa.Table]:
    """The blocks of a run's table; of one that is read whole, all rows. Unpackable: see above."""
    if run.pack is not None:
        with files.open_parquet(run.place(table)) as file:
            rows = read_run(file, run.run_id)
        yield from (block for _, block in split_blocks(rows, TABLES[table].key))
        return
    try:
        content = run.place(table).read()
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != run.digests[table]:
        raise Unpackable(
            f"its {table} file is missing or not the one that was written", subject=run.run_id
        )
    with pq.ParquetFile(pa.BufferReader(content)) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group)


def _grouped(blocks: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows as row groups; a block is never divided."""
    held: list[pa.Table] = []
    for block in blocks:
        held.append(block)
        if sum(rows.nbytes for rows in held) >= GROUP_BYTES:
            yield pa.concat_tables(held).combine_chunks()
            held = []
    if held:
        yield pa.concat_tables(held).combine_chunks()


def _conformed(rows: pa.Table, schema: pa.Schema, run_id: str) -> pa.Table:
    """The same rows; columns that came later than they are null. Nothing is cast or left out."""
    if unknown := set(rows.column_names).difference(schema.names):
        raise Unpackable(f"it has columns that are not known here: {unknown}", subject=run_id)
    columns: list[Any] = []
    for field in schema:
        known = field.name in rows.column_names
        column = rows[field.name] if known else pa.nulls(len(rows), field.type)
        if column.type != field.type:
            raise Unpackable(f"its {field.name} are {column.type}", subject=run_id)
        columns.append(column)
    return pa.table(columns, schema=schema)
