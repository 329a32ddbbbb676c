"""Checking an archive: every run complete, unaltered and what its id says it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from simulation.archive import files
from simulation.archive.layout import read_row, table_path
from simulation.archive.reader import config_of
from simulation.archive.schema import DATA_TABLES
from simulation.archive.spool import find_spool, spools
from simulation.errors import ArchiveError, DriftscapeError

_RESTORE = "Restore the file from a copy, or run the configuration again."


@dataclass(frozen=True)
class Finding:
    """One thing wrong with an archive."""

    run_id: str
    path: Path
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.run_id}: {self.message} ({self.path}) {self.remedy}"


def verify_collection(collection: Path) -> Iterator[Finding]:
    """Every problem of a collection."""
    for run_id, spool in spools(collection):
        try:
            spool.read_record()
        except ArchiveError as error:
            remedy = "Delete this folder; its configuration cannot be known."
            yield Finding(run_id, spool.folder, error.message, remedy)
        except FileNotFoundError:  # has just been archived
            continue
    run_ids = {path.stem for path in (collection / "runs").glob("*.parquet")}
    for run_id in sorted(run_ids):
        if find_spool(collection, run_id) is None:  # else its files are about to be replaced
            yield from _verify_run(collection, run_id)
    for table in DATA_TABLES:
        for path in sorted((collection / table).glob("*.parquet")):
            if path.stem not in run_ids and find_spool(collection, path.stem) is None:
                yield Finding(
                    path.stem, path, "a file without a run", "Delete it; nothing refers to it."
                )


def _verify_run(collection: Path, run_id: str) -> Iterator[Finding]:
    place = table_path(collection, "runs", run_id)
    try:
        row = read_row(collection, run_id)
        if row is None:
            return
        config = config_of(row["config_json"])
        digests = json.loads(row["files_json"])
    except (DriftscapeError, KeyError, TypeError, ValueError) as error:
        yield Finding(run_id, place, f"the run's row cannot be read: {error}", _RESTORE)
        return
    if not config.run_id == row["run_id"] == run_id:
        yield Finding(
            run_id,
            place,
            f"the id does not belong to the configuration, whose id is {config.run_id}",
            "Delete the run's files and run the configuration again.",
        )
    for table, digest in digests.items():
        path = table_path(collection, table, run_id)
        if problem := _problem(path, digest):
            yield Finding(run_id, path, problem, _RESTORE)


def _problem(path: Path, digest: str) -> str:
    """What is wrong with a file, or the empty string."""
    if not path.exists():
        return "the file is missing"
    if files.sha256(path) != digest:
        return "the file is not the one that was written: its digest differs"
    try:
        pq.ParquetFile(path).close()
    except (OSError, ValueError) as error:
        return f"the file cannot be read: {error}"
    return ""
