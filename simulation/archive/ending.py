"""How runs leave the spool: archived with their ending, by their writer or by whoever looks."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import Any

from simulation.archive.blocks import RunFiles
from simulation.archive.commit import commit
from simulation.archive.layout import find_run, remove_files
from simulation.archive.locks import replacing
from simulation.archive.packs import find_packed
from simulation.archive.spool import Spool
from simulation.archive.status import Status
from simulation.archive.store import Place
from simulation.errors import ArchiveError

log = logging.getLogger(__name__)


def end_run(archive: Place, collection: Place, spool: Spool, status: Status, reason: str) -> None:
    """Archive a spool, unless the archive holds more of the same trajectory already.

    A run is in one collection of an archive only: what it replaces is removed. From a pack nothing
    is removed, so a run that is packed stays in that collection, with files of its own that count
    before the pack.
    """
    run_id = spool.read_record()["run_id"]
    known = find_run(archive, run_id)
    with replacing(known.collection) if known else nullcontext():
        earlier = known and find_run(archive, run_id)  # it may have been packed just now
        if earlier is None:
            commit(collection, spool, status, reason)
        elif not _replaces(spool, status, earlier.row):
            spool.remove()
        elif find_packed(earlier.collection, run_id):
            commit(earlier.collection, spool, status, reason)
        else:
            commit(collection, spool, status, reason)
            if earlier.collection != collection:
                remove_files(earlier.collection, run_id)


def recover(archive: Place, collection: Place, run_id: str, spool: Spool) -> None:
    """Archive what a dead process left; where that fails it stays readable as it is."""
    claim = spool.take_over(run_id)
    if claim is None:
        return
    taken, heartbeat = claim
    try:
        end_run(archive, collection, taken, Status.INTERRUPTED, "")
        heartbeat.stop()
    except ArchiveError as error:
        log.warning("run %s could not be archived: %s", run_id, error)
        heartbeat.release()


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
