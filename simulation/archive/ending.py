"""How runs leave the spool: archived with their ending, by their writer or by whoever looks."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import Any

from simulation.archive.blocks import RunFiles
from simulation.archive.commit import commit
from simulation.archive.layout import find_run, remove_files, table_place
from simulation.archive.locks import replacing
from simulation.archive.packs import find_packed
from simulation.archive.spool import Spool
from simulation.archive.status import Status
from simulation.archive.store import Place
from simulation.errors import ArchiveError

log = logging.getLogger(__name__)


def end_run(archive: Place, collection: Place, spool: Spool, status: Status, reason: str) -> None:
    """Archive a spool, unless the archive holds more of the same trajectory already.

    A run is in one collection of an archive only, and once: it is written over what it replaces,
    which in another collection is removed before. Until that is done the spool has all of it, and
    the ending, so that whoever recovers it completes the work. From a pack nothing is removed, so a
    run that is packed stays in that collection, with files of its own that count before the pack.
    """
    run_id = spool.read_record()["run_id"]
    known = find_run(archive, run_id)
    with replacing(known.collection) if known else nullcontext():
        earlier = known and find_run(archive, run_id)  # it may have been packed just now
        if earlier is None:
            commit(collection, spool, status, reason)
        elif not _replaces(spool, status, earlier.row):
            spool.remove()
        else:
            spool.note_ending(status, reason)
            if find_packed(earlier.collection, run_id):
                collection = earlier.collection
            if earlier.collection != collection:
                remove_files(earlier.collection, run_id)
            commit(collection, spool, status, reason)


def recover(archive: Place, collection: Place, run_id: str, spool: Spool) -> None:
    """Archive what a dead process left; where that fails it stays readable as it is."""
    claim = spool.take_over(run_id)
    if claim is None:
        return
    taken, heartbeat = claim
    try:
        status, reason = Status.INTERRUPTED, ""
        if ending := taken.noted_ending():
            status, reason = ending
            _remove_rest(archive, run_id)
        end_run(archive, collection, taken, status, reason)
        heartbeat.stop()
    except ArchiveError as error:
        log.warning("run %s could not be archived: %s", run_id, error)
        heartbeat.release()


def _remove_rest(archive: Place, run_id: str) -> None:
    """Remove what is left of the files of a run that was being replaced: its row went first."""
    for collection in archive.folders():
        if not table_place(collection, "runs", run_id).exists():
            remove_files(collection, run_id)


def _replaces(spool: Spool, status: Status, earlier: dict[str, Any]) -> bool:
    """Whether a run that ended so says more than the archived one of the same configuration.

    Both follow the same trajectory, so the longer one contains the shorter.
    """
    if status.settled:
        return True
    if Status(earlier["status"]).settled:
        return False
    steps = RunFiles(spool.segments).read("curves")["step"]
    reached = steps[-1].as_py() if len(steps) else -1
    known = earlier["steps_reached"]
    return bool(reached > (-1 if known is None else known))
