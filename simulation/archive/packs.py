"""Packs: archived runs that share their files, `<collection>/packs/<pack>/<table>.parquet`.

A run's own files cost more than what is in them when it is small. In a pack the rows of some
hundred runs follow one another by run id, and statistics of the row groups tell whose they are. A
pack never changes. Its name tells its number, which runs it may hold, and the digest of its runs
table, whose rows have the digests of the other tables (`files_json`).

    000001-03c1e6b42ca7-fe0b51d3a97c-5f1d3c0e9b7a2468

Of a run that is in several packs the one in the highest number counts, and its own files count
before any. So packs may be added, and what they replace removed, in steps between which a process
may die.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from simulation.archive import files
from simulation.archive.store import Place
from simulation.errors import ArchiveError

PACKS = "packs"
DRAFT = ".new-"
"""How folders begin that are no pack yet."""
_NAME = re.compile(r"(\d{6,})-([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)")
_DIGEST_LENGTH = 16
_ATTEMPTS = 3


@dataclass(frozen=True)
class Pack:
    """A pack by its folder.

    Attributes
    ----------
    number : packs count from 1; later ones replace what they have in common with earlier ones.
    first, last : the smallest and the largest run id in it.
    digest : the beginning of the SHA-256 of its runs table.
    """

    folder: Place
    number: int
    first: str
    last: str
    digest: str

    @classmethod
    def at(cls, folder: Place) -> Pack | None:
        """The pack in this folder; None when its name is not that of a pack."""
        parts = _NAME.fullmatch(folder.name)
        return parts and cls(folder, int(parts[1]), parts[2], parts[3], parts[4])

    def place(self, table: str) -> Place:
        """The file of a table."""
        return self.folder / f"{table}.parquet"

    def may_hold(self, run_id: str) -> bool:
        """Whether this run would be in here, were it in this pack."""
        return self.first <= run_id <= self.last

    def run_ids(self) -> list[str]:
        """The runs it holds, in order."""
        return list(files.read_parquet(self.place("runs"), ["run_id"])["run_id"].to_pylist())

    def is_intact(self) -> bool:
        """Whether its files are those that were written."""
        try:
            told = files.read_parquet(self.place("runs"), ["files_json"])["files_json"].to_pylist()
            digests = {item for text in set(told) for item in json.loads(text).items()}
            return files.sha256(self.place("runs")).startswith(self.digest) and all(
                files.sha256(self.place(table)) == digest for table, digest in digests
            )
        except (FileNotFoundError, ArchiveError):
            return False

    def row(self, run_id: str) -> dict[str, Any] | None:
        """The runs row of a run; None when it is not in here."""
        with files.open_parquet(self.place("runs")) as file:
            if not len(read_run(file, run_id, ["run_id"])):
                return None
            return dict(read_run(file, run_id).to_pylist()[0])


def pack_name(number: int, first: str, last: str, digest: str) -> str:
    """The name of a pack's folder, from the whole digest of its runs table."""
    return f"{number:06d}-{first}-{last}-{digest[:_DIGEST_LENGTH]}"


def packs_of(collection: Place) -> list[Pack]:
    """The packs of a collection, those that count first at the front."""
    found = [Pack.at(folder) for folder in (collection / PACKS).folders()]
    return sorted((pack for pack in found if pack), key=lambda pack: pack.folder.name)[::-1]


def counting(packs: Sequence[Pack]) -> dict[Pack, list[str]]:
    """The runs of each pack that are in no pack before it."""
    seen: set[str] = set()
    found = {}
    for pack in packs:
        found[pack] = [run_id for run_id in pack.run_ids() if run_id not in seen]
        seen.update(found[pack])
    return found


def own_runs(collection: Place) -> set[str]:
    """The runs of a collection that have files of their own."""
    return set((collection / "runs").names(".parquet"))


def find_packed(collection: Place, run_id: str) -> tuple[Pack, dict[str, Any]] | None:
    """The pack that counts for a run, and its row; None when it is in no pack."""
    for attempt in range(_ATTEMPTS):
        try:
            for pack in packs_of(collection):
                if pack.may_hold(run_id) and (row := pack.row(run_id)):
                    return pack, row
            return None
        except FileNotFoundError:  # replaced by a later pack just now
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError


def groups_of(file: pq.ParquetFile, run_id: str) -> range:
    """The row groups of a pack's file that may have rows of this run."""
    column = file.schema_arrow.names.index("run_id")

    def statistics(group: int) -> Any:
        return file.metadata.row_group(group).column(column).statistics

    groups = range(file.num_row_groups)
    start = bisect_left(groups, run_id, key=lambda group: statistics(group).max)
    return range(start, bisect_right(groups, run_id, key=lambda group: statistics(group).min))


def read_run(file: pq.ParquetFile, run_id: str, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of one run in a pack's file; `columns`: with these, of which one is the run id."""
    return rows_of(file.read_row_groups(list(groups_of(file, run_id)), columns=columns), run_id)


def rows_of(rows: pa.Table, run_id: str) -> pa.Table:
    """Those of one run, among rows in the order of run ids."""
    run_ids = rows["run_id"].to_pylist()
    start = bisect_left(run_ids, run_id)
    return rows.slice(start, bisect_right(run_ids, run_id, start) - start)
