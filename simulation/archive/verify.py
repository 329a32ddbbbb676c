"""Checking an archive: every run complete, unaltered and what its id says it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from simulation.archive import files
from simulation.archive.finding import Finding
from simulation.archive.layout import find_in, table_path
from simulation.archive.packs import find_packed, own_runs
from simulation.archive.reader import config_of
from simulation.archive.schema import DATA_TABLES
from simulation.archive.spool import find_spool, spools
from simulation.archive.verify_packs import verify_packs
from simulation.errors import ArchiveError, DriftscapeError

_RESTORE = "Restore the file from a copy, or run the configuration again."


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
    yield from verify_packs(collection)
    run_ids = own_runs(collection)
    for run_id in sorted(run_ids):
        if find_spool(collection, run_id) is None:  # else its files are about to be replaced
            yield from _verify_run(collection, run_id)
    for table in DATA_TABLES:
        for path in sorted((collection / table).glob("*.parquet")):
            if path.stem not in run_ids and find_spool(collection, path.stem) is None:
                yield Finding(path.stem, path, *_stray(collection, path.stem))


def _stray(collection: Path, run_id: str) -> tuple[str, str]:
    """What is wrong with a file of a run that has no row of its own, and the remedy."""
    try:
        if find_packed(collection, run_id):
            return "a file that was to be packed", f"Run `pack {collection.name}` to complete that."
    except ArchiveError:
        pass  # its pack is damaged, which is said of the pack
    return "a file without a run", "Delete it; nothing refers to it."


def _verify_run(collection: Path, run_id: str) -> Iterator[Finding]:
    place = table_path(collection, "runs", run_id)
    try:
        run = find_in(collection, run_id)
        if run is None:
            return
        config = config_of(run.row["config_json"])
        digests = run.digests
    except (DriftscapeError, KeyError, TypeError, ValueError) as error:
        yield Finding(run_id, place, f"the run's row cannot be read: {error}", _RESTORE)
        return
    if not config.run_id == run.run_id == run_id:
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
