"""A run in progress on the disk: `<collection>/.running/<run_id>/`, see `running`.

    record.json             what is known of the run so far
    heartbeat               touched every two seconds by its process
    cancel                  there once somebody asked the run to stop
    <table>-000001.parquet  rows recorded since the segment before, written once, never changed

Making the folder is the lock: one writer a run. To take over the folder of a dead writer it is
renamed to `.taken-<run_id>-<token>`; a rename succeeds for one process only.
"""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from simulation.archive import files
from simulation.archive.liveness import Heartbeat, is_dead
from simulation.archive.schema import TABLES
from simulation.archive.status import Status
from simulation.archive.store import LocalStore, Place, write_errors
from simulation.errors import AlreadyRunning, ArchiveError

TAKEN, LEAVING, NEW = ".taken-", ".leaving-", ".new-"
"""How folders begin of runs whose process died, and of what is no run in progress any more, or not
yet."""


class Spool:
    """The folder of one run in progress."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heartbeat = folder / "heartbeat"
        self._cancel = folder / "cancel"
        self._files = Place(LocalStore(folder))
        self._record = self._files / "record.json"
        self._last_segment: int | None = None

    @classmethod
    def create(cls, running: Path, run_id: str, record: dict[str, Any]) -> Spool:
        """Claim `run_id` in a folder of runs in progress; AlreadyRunning when someone holds it."""
        new = running / f"{NEW}{run_id}-{uuid.uuid4().hex[:8]}"
        with write_errors(new):
            new.mkdir(parents=True)
        draft = cls(new)
        draft.write_record(record)
        with write_errors(draft.heartbeat):
            draft.heartbeat.touch()
        place = running / run_id
        try:
            new.rename(place)
        except OSError as error:
            shutil.rmtree(new, ignore_errors=True)
            if not place.exists():
                raise ArchiveError(f"Cannot make {place}: {error.strerror}.") from error
            raise AlreadyRunning(
                f"Run {run_id} is in progress already.",
                subject=run_id,
                remedy="Watch that one, or cancel it and start again once it has ended.",
            ) from None
        return cls(place)

    def read_record(self) -> dict[str, Any]:
        """What is known of the run so far; FileNotFoundError once it has left the spool."""
        return files.read_json(self._record)

    def write_record(self, record: dict[str, Any]) -> None:
        files.write_json(self._record, record, durable=False)

    def note_ending(self, status: Status, reason: str) -> None:
        """Say how the run ended, before anything is replaced by it."""
        self.write_record(self.read_record() | {"ending": [status.value, reason]})

    def noted_ending(self) -> tuple[Status, str] | None:
        """What `note_ending` said; None: the run was cut short."""
        ending = self.read_record().get("ending")
        return ending and (Status(ending[0]), ending[1])

    def request_cancel(self) -> None:
        with write_errors(self._cancel):
            self._cancel.touch()

    def cancel_requested(self) -> bool:
        return os.path.exists(self._cancel)  # noqa: PTH110 asked thousands of times

    def write_segment(self, table: str, blocks: Sequence[pa.Table], precision: str) -> None:
        """Add a segment of `table`; each block becomes a row group."""
        if self._last_segment is None:  # another process may have written before us
            segments = self._files.names(".parquet")
            numbers = [int(segment.rsplit("-", 1)[1]) for segment in segments]
            self._last_segment = max(numbers, default=0)
        self._last_segment += 1
        place = self._files / f"{table}-{self._last_segment:06d}.parquet"
        files.write_parquet(place, blocks, TABLES[table].schema(precision), durable=False)

    def segments(self, table: str) -> list[Place]:
        """The table's segments, oldest first."""
        names = self._files.names()
        if not self.folder.exists():  # then it may have left before all were listed
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.folder))
        return [self._files / name for name in names if name.startswith(f"{table}-")]

    def is_dead(self) -> bool:
        """Whether its process is gone; FileNotFoundError when the run has left the spool."""
        return is_dead(self.heartbeat, self.read_record()["owner"])

    def take_over(self, run_id: str) -> tuple[Spool, Heartbeat] | None:
        """Claim a dead writer's folder, with a heartbeat of ours; None if another was faster."""
        taken = self.folder.with_name(f"{TAKEN}{run_id}-{uuid.uuid4().hex[:8]}")
        try:
            self.heartbeat.touch()
            self.folder.rename(taken)
        except FileNotFoundError:
            return None
        return Spool(taken), Heartbeat(taken / "heartbeat")

    def remove(self) -> None:
        """Delete the folder; it disappears at once, its content right after."""
        leaving = self.folder.with_name(f"{LEAVING}{uuid.uuid4().hex[:8]}")
        try:
            self.folder.rename(leaving)
        except FileNotFoundError:
            return
        shutil.rmtree(leaving, ignore_errors=True)
