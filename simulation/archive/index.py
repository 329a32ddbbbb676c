"""All runs rows of a collection in one file: a cache, rebuilt whenever the folder says otherwise.

Writers never touch it, so they cannot lose each other's rows. It is valid while the `runs` folder
has the modification time it had when the index was made; otherwise the folder is listed and only
new and changed files are read. Where the archive cannot be written the rows stay in memory.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from simulation.archive import files
from simulation.archive.schema import RUNS
from simulation.errors import ArchiveError

log = logging.getLogger(__name__)

_FILE_COLUMNS = {"_mtime_ns": pa.int64(), "_size": pa.int64()}
_BATCH = 256
_SETTLED_NS = 2_000_000_000  # a folder changed less than this ago may change unseen in its tick


class Index:
    """The runs rows of one collection."""

    def __init__(self, collection: Path) -> None:
        self.collection = collection
        self._file = collection / "index.parquet"
        self._folder = collection / "runs"
        self._memory: pa.Table | None = None

    def read(self, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows, or some of their columns. Damaged run files are left out (and logged)."""
        wanted = RUNS.schema().names if columns is None else list(columns)
        table, stamp = self._load(wanted), self._stamp()
        if table is None or not stamp or stamp != _stamp_of(table):
            table = self._update()
        return table.select(wanted)

    def rebuild(self) -> int:
        """Forget the index and read every run; the number of runs."""
        self._memory = None
        self._file.unlink(missing_ok=True)
        return int(self._update().num_rows)

    def _load(self, columns: list[str] | None = None) -> pa.Table | None:
        if self._memory is not None:
            return self._memory
        try:
            return files.read_parquet(self._file, columns)
        except (FileNotFoundError, ArchiveError):
            return None

    def _stamp(self) -> str:
        """Names the state of the folder and the columns of an index; empty while it changes."""
        try:
            changed = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            changed = 0
        if time.time_ns() - changed < _SETTLED_NS:
            return ""
        return f"{changed}-{_COLUMNS_DIGEST}"

    def _update(self) -> pa.Table:
        stamp = self._stamp()
        listing = self._list()
        old = self._load()
        if old is None or not set(_SCHEMA.names) <= set(old.column_names):
            old = _SCHEMA.empty_table()
        kept = old.filter(pa.array(_unchanged(old, listing), pa.bool_()))
        known = set(kept["run_id"].to_pylist())
        unread = {run_id: file for run_id, file in listing.items() if run_id not in known}
        new = list(self._read_rows(unread))
        table = pa.concat_tables([kept, *new], promote_options="default").select(_SCHEMA.names)
        if new or len(kept) < len(old) or stamp != _stamp_of(old):
            table = table.replace_schema_metadata({"folder": stamp})
            self._save(table)
        return table

    def _list(self) -> dict[str, tuple[int, int]]:
        """Run id -> (modification time, size) of its file."""
        listing = {}
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    run_id, _, ending = entry.name.partition(".")
                    if run_id and ending == "parquet":
                        stat = entry.stat()
                        listing[run_id] = (stat.st_mtime_ns, stat.st_size)
        except FileNotFoundError:
            pass
        return listing

    def _read_rows(self, listing: dict[str, tuple[int, int]]) -> Iterator[pa.Table]:
        """The rows of these runs, some hundred at a time."""
        run_ids = list(listing)
        for start in range(0, len(run_ids), _BATCH):
            read = {run_id: self._read_row(run_id) for run_id in run_ids[start : start + _BATCH]}
            rows = {run_id: row for run_id, row in read.items() if row is not None}
            if not rows:
                continue
            table = pa.concat_tables(rows.values(), promote_options="default").combine_chunks()
            collection = pa.array([self.collection.name] * len(rows), pa.string())
            place = table.column_names.index("collection")
            table = table.set_column(place, "collection", collection)
            states = zip(*(listing[run_id] for run_id in rows), strict=True)
            for (name, kind), values in zip(_FILE_COLUMNS.items(), states, strict=True):
                table = table.append_column(name, pa.array(values, kind))
            yield table

    def _read_row(self, run_id: str) -> pa.Table | None:
        try:
            return files.read_parquet(self._folder / f"{run_id}.parquet")
        except (FileNotFoundError, ArchiveError) as error:
            log.warning("left out of the index: %s", error)
            return None

    def _save(self, table: pa.Table) -> None:
        try:
            files.write_parquet(self._file, [table], table.schema)
        except ArchiveError:
            self._memory = table
        else:
            self._memory = None


_SCHEMA = pa.schema([*RUNS.schema(), *(pa.field(*item) for item in _FILE_COLUMNS.items())])
_COLUMNS_DIGEST = hashlib.sha256(" ".join(_SCHEMA.names).encode()).hexdigest()[:8]


def _stamp_of(table: pa.Table) -> str:
    return str((table.schema.metadata or {}).get(b"folder", b"").decode())


def _unchanged(rows: pa.Table, listing: dict[str, tuple[int, int]]) -> list[bool]:
    columns = (rows[name].to_pylist() for name in ("run_id", *_FILE_COLUMNS))
    return [
        listing.get(run_id) == (changed, size)
        for run_id, changed, size in zip(*columns, strict=True)
    ]
