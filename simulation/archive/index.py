"""All runs rows of a collection, ready to be queried: a cache that follows its runs and packs.

Writers never touch it, so they cannot lose each other's rows. It is valid while the folders of runs
and of packs have the modification times they had when the index was made; otherwise they are listed
and only new and changed files are read. Their rows become a part of their own (see `parts`), merged
with earlier parts once these are not much larger: so what a new run costs does not grow with the
rows there are, but for the listing. Rows of a pack stay while the pack does, hidden where the run
has its own files or is in a later pack. Where the archive cannot be written the parts stay in
memory.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

import pyarrow as pa

from simulation.archive import arrays, files
from simulation.archive.contents import Contents
from simulation.archive.listing import IN_PACK, STATE, list_runs
from simulation.archive.packs import PACKS
from simulation.archive.parts import Part, write_part
from simulation.archive.shadows import hidden, origins
from simulation.archive.store import Place
from simulation.errors import ArchiveError

log = logging.getLogger(__name__)

_BATCH = 256
_MUCH_LARGER = 4


class Index:
    """The runs rows of one collection; several threads may use it."""

    def __init__(self, collection: Place) -> None:
        self.collection = collection
        self._place = collection / "index"
        self._memory: Contents | None = None
        self._has_missed = False
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
            with suppress(ArchiveError, OSError):
                for name in self._place.names():
                    (self._place / name).delete()
            return sum(map(len, self._update(Contents()).parts))

    def _load(self) -> Contents:
        return self._memory or Contents.load(self._place)

    def _state(self) -> str:
        """Names the state of the folders; empty while one changes."""
        folders = (self.collection / name for name in ("runs", PACKS))
        stamps = [folder.store.stamp(folder.key) for folder in folders]
        return "" if None in stamps else "-".join(map(str, stamps))

    def _updated(self) -> Contents:
        for _ in range(2):  # another process may merge the parts just now
            with suppress(FileNotFoundError, ArchiveError):
                return self._update(self._load())
        return self._update(Contents())

    def _update(self, old: Contents) -> Contents:
        if not old.columns.issuperset(STATE):
            old = Contents()  # of an earlier version
        state, self._has_missed = self._state(), False
        listing = list_runs(self.collection)
        parts = [part.hiding() for part in old.parts]
        parts = [part.without(listing.changed(part)) for part in parts]
        parts = [part for part in parts if len(part)]
        unread = listing.unread(origins(parts))
        if any(unread) or not old.columns:
            schema = _schema()
            if old.parts and not old.columns.issuperset(schema.names):
                return self._update(Contents())
            parts = hidden(self._add(parts, *unread, schema))
            contents = Contents(state, frozenset(schema.names), tuple(parts))
        else:
            contents = Contents(state, old.columns, tuple(hidden(parts)))
        if contents != old:
            self._save(contents, old)
        return self._update(contents) if self._has_missed else contents

    def _add(
        self, parts: list[Part], run_ids: list[str], packs: list[str], schema: pa.Schema
    ) -> list[Part]:
        """The parts with those runs added, as few and as unequal as they should be."""
        kept, size = len(parts), len(run_ids) + _BATCH * len(packs)
        while kept and len(parts[kept - 1]) < _MUCH_LARGER * size:
            kept -= 1
            size += len(parts[kept])

        def rows() -> Iterator[pa.Table]:
            yield from chain.from_iterable(part.batches() for part in parts[kept:])
            yield from self._read_rows(run_ids, packs, schema)

        try:
            new = write_part(self._place, rows(), schema)
        except ArchiveError:
            new = write_part(None, rows(), schema)
        return [*parts[:kept], new] if new else parts[:kept]

    def _read_rows(
        self, run_ids: list[str], packs: list[str], schema: pa.Schema
    ) -> Iterator[pa.Table]:
        """The rows of these runs and packs, some hundred at a time."""
        batches = [run_ids[start : start + _BATCH] for start in range(0, len(run_ids), _BATCH)]
        tables = chain(
            (filter(None, map(self._read_row, batch)) for batch in batches),
            (filter(None, [self._read_pack(pack)]) for pack in packs),
        )
        for found in tables:
            if rows := list(found):
                table = pa.concat_tables([arrays.no_rows(schema), *rows], promote_options="default")
                name = arrays.texts([self.collection.name] * table.num_rows)
                place = schema.get_field_index("collection")
                yield table.select(schema.names).set_column(place, schema.field(place), name)

    def _read_row(self, run_id: str) -> pa.Table | None:
        place = self.collection / "runs" / f"{run_id}.parquet"
        return self._read(place, lambda: (*place.state(), None))

    def _read_pack(self, pack: str) -> pa.Table | None:
        return self._read(self.collection / PACKS / pack / "runs.parquet", lambda: (*IN_PACK, pack))

    def _read(self, place: Place, state: Callable[[], tuple[Any, ...]]) -> pa.Table | None:
        """The rows in a file with its `STATE`; None where it cannot be read."""
        try:
            values = state()
            rows = files.read_parquet(place)
        except FileNotFoundError:  # its runs have moved to a pack since it was listed, say
            self._has_missed = True
            return None
        except ArchiveError as error:
            log.warning("left out of the index: %s", error)
            return None
        for (name, kind), value in zip(STATE.items(), values, strict=True):
            rows = rows.append_column(name, arrays.column([value] * rows.num_rows, kind))
        return rows

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
