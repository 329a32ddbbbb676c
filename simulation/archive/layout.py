"""Where the files of an archive are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from simulation.archive import files
from simulation.archive.packs import Pack, find_packed
from simulation.archive.store import Place


def table_place(collection: Place, table: str, run_id: str) -> Place:
    """`<collection>/<table>/<run_id>.parquet`."""
    return collection / table / f"{run_id}.parquet"


@dataclass(frozen=True)
class Archived:
    """An archived run as it is kept.

    Attributes
    ----------
    collection : its folder.
    row : its row of the runs table.
    pack : where its rows are among those of other runs; None: in files of its own.
    """

    collection: Place
    row: dict[str, Any]
    pack: Pack | None = None

    @property
    def run_id(self) -> str:
        return str(self.row["run_id"])

    @cached_property
    def digests(self) -> dict[str, str]:
        """SHA-256 of the file of each table that it has, but for the runs table."""
        return dict(json.loads(self.row["files_json"]))

    def place(self, table: str) -> Place:
        """The file with its rows of a table."""
        if self.pack is not None:
            return self.pack.place(table)
        return table_place(self.collection, table, self.run_id)

    def places(self, table: str) -> list[Place]:
        """The same in a list; empty for a table that it does not have."""
        return [self.place(table)] if table in self.digests else []


def remove_files(collection: Place, run_id: str) -> None:
    """Delete a run's own files; what is packed of it stays."""
    table_place(collection, "runs", run_id).delete()  # first: it makes the run exist
    for folder in collection.folders():
        (folder / f"{run_id}.parquet").delete()


def find_in(collection: Place, run_id: str) -> Archived | None:
    """An archived run of this collection; None when it has no such run."""
    try:
        rows = files.read_parquet(table_place(collection, "runs", run_id))
    except FileNotFoundError:
        packed = find_packed(collection, run_id)
        return Archived(collection, packed[1], packed[0]) if packed else None
    return Archived(collection, dict(rows.to_pylist()[0]))


def find_run(archive: Place, run_id: str) -> Archived | None:
    """An archived run of any collection; None when there is none."""
    found = (find_in(collection, run_id) for collection in archive.folders())
    return next((run for run in found if run), None)
