"""Where the files of an archive are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulation.archive import files

RUNNING = ".running"
"""Folder of a collection with its runs in progress, see `spool`."""


def table_path(collection: Path, table: str, run_id: str) -> Path:
    """`<collection>/<table>/<run_id>.parquet`."""
    return collection / table / f"{run_id}.parquet"


def archived_paths(collection: Path, row: dict[str, Any]) -> Callable[[str], list[Path]]:
    """The file of each table of an archived run; none for a table it does not have."""
    tables = json.loads(row["files_json"])

    def paths(table: str) -> list[Path]:
        return [table_path(collection, table, row["run_id"])] if table in tables else []

    return paths


def read_row(collection: Path, run_id: str) -> dict[str, Any] | None:
    """The runs row of an archived run; None when there is no such run."""
    try:
        rows = files.read_parquet(table_path(collection, "runs", run_id))
    except FileNotFoundError:
        return None
    return dict(rows.to_pylist()[0])


def find_row(archive: Path, run_id: str) -> tuple[Path, dict[str, Any]] | None:
    """The collection folder and the runs row of an archived run; None when there is none."""
    for collection in collection_folders(archive):
        if row := read_row(collection, run_id):
            return collection, row
    return None


def collection_folders(archive: Path) -> list[Path]:
    """The collections of an archive, by name."""
    folders = (path for path in archive.iterdir() if path.is_dir())
    return sorted(path for path in folders if not path.name.startswith("."))


def has_spools(archive: Path) -> bool:
    """Whether any run is in progress, or was when its process died."""
    return any(archive.glob(f"*/{RUNNING}/*"))
