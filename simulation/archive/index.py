"""All runs rows of a collection, ready to be queried: a cache that follows the folder of runs.

Writers never touch it, so they cannot lose each other's rows. It is valid while the `runs` folder
has the modification time it had when the index was made; otherwise the folder is listed and only
new and changed files are read. Their rows become a part of their own (see `parts`), merged with
earlier parts once these are not much larger: so what a new run costs does not grow with the rows
there are, but for the listing. Where the archive cannot be written the parts stay in memory.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

import pyarrow as pa

from simulation.archive import files
from simulation.archive.contents import Contents
from simulation.archive.listing import STATE, file_state, list_runs
from simulation.archive.parts import Part, write_part
from simulation.errors import ArchiveError

log = logging.getLogger(__name__)

_BATCH = 256
_MUCH_LARGER = 4
_SETTLED_NS = 2_000_000_000  # a folder changed less than this ago may change unseen in its tick


class Index:
    """The runs rows of one collection; several threads may use it."""

    def __init__(self, collection: Path) -> None:
        self.collection = collection
        self._place = collection / "index"
        self._folder = collection / "runs"
        self._memory: Contents | None = None
        self._lock = threading.Lock()

    def parts(self, columns: Collection[str] = ()) -> tuple[Part, ...]:
        """All rows there are now, with these columns at least.

        Damaged run files are left out (and logged). KeyError: no such column.
        """
        with self._lock:
            contents, state = self._load(), self._state()
            if not contents.columns.issuperset(columns):
                if unknown := set(columns).difference(_schema().names):
                    raise KeyError(", ".join(sorted(unknown)))
                contents = self._update(Contents())  # it was empty, or of an earlier version
            elif not state or state != contents.folder:
                contents = self._updated()
            return contents.parts

    def rebuild(self) -> int:
        """Forget the index and read every run; the number of runs."""
        with self._lock:
            shutil.rmtree(self._place, ignore_errors=True)
            return sum(map(len, self._update(Contents()).parts))

    def _load(self) -> Contents:
        return self._memory or Contents.load(self._place)

    def _state(self) -> str:
        """Names the state of the folder; empty while it changes."""
        try:
            changed = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            changed = 0
        return "" if time.time_ns() - changed < _SETTLED_NS else str(changed)

    def _updated(self) -> Contents:
        for _ in range(2):  # another process may merge the parts just now
            with suppress(FileNotFoundError, ArchiveError):
                return self._update(self._load())
        return self._update(Contents())

    def _update(self, old: Contents) -> Contents:
        state = self._state()
        listing = list_runs(self._folder)
        parts = [part.without(listing.changed(part)) for part in old.parts]
        parts = [part for part in parts if len(part)]
        unread = listing.without(pa.chunked_array(map(_run_ids, parts), pa.string()))
        if unread or not old.columns:
            schema = _schema()
            if old.parts and not old.columns.issuperset(schema.names):
                return self._update(Contents())
            contents = Contents(state, frozenset(schema.names), self._add(parts, unread, schema))
        else:
            contents = Contents(state, old.columns, tuple(parts))
        if contents != old:
            self._save(contents, old)
        return contents

    def _add(self, parts: list[Part], unread: list[str], schema: pa.Schema) -> tuple[Part, ...]:
        """The parts with those runs added, as few and as unequal as they should be."""
        kept, size = len(parts), len(unread)
        while kept and len(parts[kept - 1]) < _MUCH_LARGER * size:
            kept -= 1
            size += len(parts[kept])

        def rows() -> Iterator[pa.Table]:
            yield from chain.from_iterable(part.batches() for part in parts[kept:])
            yield from self._read_rows(unread, schema)

        try:
            with files.write_errors(self._place):
                self._place.mkdir(exist_ok=True)
            new = write_part(self._place, rows(), schema)
        except ArchiveError:
            new = write_part(None, rows(), schema)
        return (*parts[:kept], new) if new else tuple(parts[:kept])

    def _read_rows(self, run_ids: list[str], schema: pa.Schema) -> Iterator[pa.Table]:
        """The rows of these runs, some hundred at a time."""
        for start in range(0, len(run_ids), _BATCH):
            batch = run_ids[start : start + _BATCH]
            rows = [row for run_id in batch if (row := self._read_row(run_id)) is not None]
            if rows:
                table = pa.concat_tables([schema.empty_table(), *rows], promote_options="default")
                name = pa.array([self.collection.name] * table.num_rows, pa.string())
                place = schema.get_field_index("collection")
                yield table.select(schema.names).set_column(place, schema.field(place), name)

    def _read_row(self, run_id: str) -> pa.Table | None:
        path = self._folder / f"{run_id}.parquet"
        try:
            state = file_state(path)
            row = files.read_parquet(path)
        except (FileNotFoundError, ArchiveError) as error:
            log.warning("left out of the index: %s", error)
            return None
        for (name, kind), value in zip(STATE.items(), state, strict=True):
            row = row.append_column(name, pa.array([value], kind))
        return row

    def _save(self, contents: Contents, old: Contents) -> None:
        """On the disk, or else in memory."""
        self._memory = contents
        if any(part.in_memory for part in contents.parts):
            return
        with suppress(ArchiveError):
            contents.save(self._place, old)
            self._memory = None


def _schema() -> pa.Schema:
    from simulation.archive.schema import RUNS  # loads all that a configuration can be

    return pa.schema([*RUNS.schema(), *(pa.field(*item) for item in STATE.items())])


def _run_ids(part: Part) -> pa.Array:
    return part.read(["run_id"])["run_id"].combine_chunks()
