"""Where the files of an archive are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from simulation.archive import files
from simulation.archive.packs import Pack, find_packed

RUNNING = ".running"
"""Folder of a collection with its runs in progress, see `spool`."""


def table_path(collection: Path, table: str, run_id: str) -> Path:
    """`<collection>/<table>/<run_id>.parquet`."""
    return collection / table / f"{run_id}.parquet"


@dataclass(frozen=True)
class Archived:
    """An archived run as it is on the disk.

    Attributes
    ----------
    collection : its folder.
    row : its row of the runs table.
    pack : where its rows are among those of other runs; None: in files of its own.
    """

    collection: Path
    row: dict[str, Any]
    pack: Pack | None = None

    @property
    def run_id(self) -> str:
        return str(self.row["run_id"])

    @cached_property
    def digests(self) -> dict[str, str]:
        """SHA-256 of the file of each table that it has, but for the runs table."""
        return dict(json.loads(self.row["files_json"]))

    def path(self, table: str) -> Path:
        """The file with its rows of a table."""
        if self.pack is not None:
            return self.pack.path(table)
        return table_path(self.collection, table, self.run_id)

    def paths(self, table: str) -> list[Path]:
        """The same in a list; empty for a table that it does not have."""
        return [self.path(table)] if table in self.digests else []


def remove_files(collection: Path, run_id: str) -> None:
    """Delete a run's own files; what is packed of it stays."""
    table_path(collection, "runs", run_id).unlink(missing_ok=True)  # first: it makes the run exist
    for path in collection.glob(f"*/{run_id}.parquet"):
        path.unlink(missing_ok=True)


def find_in(collection: Path, run_id: str) -> Archived | None:
    """An archived run of this collection; None when it has no such run."""
    try:
        rows = files.read_parquet(table_path(collection, "runs", run_id))
    except FileNotFoundError:
        packed = find_packed(collection, run_id)
        return Archived(collection, packed[1], packed[0]) if packed else None
    return Archived(collection, dict(rows.to_pylist()[0]))


def find_run(archive: Path, run_id: str) -> Archived | None:
    """An archived run of any collection; None when there is none."""
    found = (find_in(collection, run_id) for collection in collection_folders(archive))
    return next((run for run in found if run), None)


def collection_folders(archive: Path) -> list[Path]:
    """The collections of an archive, by name."""
    folders = (path for path in archive.iterdir() if path.is_dir())
    return sorted(path for path in folders if not path.name.startswith("."))


def has_spools(archive: Path) -> bool:
    """Whether any run is in progress, or was when its process died."""
    return any(archive.glob(f"*/{RUNNING}/*"))
