"""Checking an archive: every run complete, unaltered and what its id says it is."""

from __future__ import annotations

from collections.abc import Iterator

from simulation.archive import files
from simulation.archive.finding import Finding
from simulation.archive.layout import find_in, table_place
from simulation.archive.packs import find_packed, own_runs
from simulation.archive.reader import config_of
from simulation.archive.schema import DATA_TABLES
from simulation.archive.spools import Spools
from simulation.archive.store import Place
from simulation.archive.verify_packs import verify_packs
from simulation.errors import ArchiveError, DriftscapeError

_RESTORE = "Restore the file from a copy, or run the configuration again."


def verify_collection(collection: Place, running: Spools) -> Iterator[Finding]:
    """Every problem of a collection."""
    for run_id, spool in running.of(collection.name):
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
        if running.find(run_id, collection.name) is None:  # else its files are about to be replaced
            yield from _verify_run(collection, run_id)
    for table in DATA_TABLES:
        for run_id in (collection / table).names(".parquet"):
            if run_id not in run_ids and running.find(run_id, collection.name) is None:
                stray = table_place(collection, table, run_id).path
                yield Finding(run_id, stray, *_stray(collection, run_id))


def _stray(collection: Place, run_id: str) -> tuple[str, str]:
    """What is wrong with a file of a run that has no row of its own, and the remedy."""
    try:
        if find_packed(collection, run_id):
            return "a file that was to be packed", f"Run `pack {collection.name}` to complete that."
    except ArchiveError:
        pass  # its pack is damaged, which is said of the pack
    return "a file without a run", "Delete it; nothing refers to it."


def _verify_run(collection: Place, run_id: str) -> Iterator[Finding]:
    place = table_place(collection, "runs", run_id)
    try:
        run = find_in(collection, run_id)
        if run is None:
            return
        config = config_of(run.row["config_json"])
        digests = run.digests
    except (DriftscapeError, KeyError, TypeError, ValueError) as error:
        yield Finding(run_id, place.path, f"the run's row cannot be read: {error}", _RESTORE)
        return
    if not config.run_id == run.run_id == run_id:
        yield Finding(
            run_id,
            place.path,
            f"the id does not belong to the configuration, whose id is {config.run_id}",
            "Delete the run's files and run the configuration again.",
        )
    for table, digest in digests.items():
        place = table_place(collection, table, run_id)
        if problem := _problem(place, digest):
            yield Finding(run_id, place.path, problem, _RESTORE)


def _problem(place: Place, digest: str) -> str:
    """What is wrong with a file, or the empty string."""
    try:
        if files.sha256(place) != digest:
            return "the file is not the one that was written: its digest differs"
        with files.open_parquet(place):
            return ""
    except FileNotFoundError:
        return "the file is missing"
    except ArchiveError as error:
        return f"the file cannot be read: {error.message}"
