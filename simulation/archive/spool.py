"""A run in progress on the disk: `<collection>/.running/<run_id>/`.

    record.json             what is known of the run so far
    heartbeat               touched every two seconds by its process
    cancel                  there once somebody asked the run to stop
    <table>-000001.parquet  rows recorded since the segment before, written once, never changed

Making the folder is the lock: one writer a run. To take over the folder of a dead writer it is
renamed to `.taken-<run_id>-<token>`; a rename succeeds for one process only.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from simulation.archive import files
from simulation.archive.layout import RUNNING
from simulation.archive.liveness import Heartbeat, is_dead
from simulation.archive.schema import TABLES
from simulation.errors import AlreadyRunning, ArchiveError

_TAKEN, _LEAVING, _NEW = ".taken-", ".leaving-", ".new-"
_LEFTOVER_SECONDS = 60.0


class Spool:
    """The folder of one run in progress."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heartbeat = folder / "heartbeat"
        self._cancel = folder / "cancel"
        self._record = folder / "record.json"
        self._last_segment: int | None = None

    @classmethod
    def create(cls, collection: Path, run_id: str, record: dict[str, Any]) -> Spool:
        """Claim `run_id` in a collection's folder; AlreadyRunning when someone holds it."""
        running = collection / RUNNING
        new = running / f"{_NEW}{run_id}-{uuid.uuid4().hex[:8]}"
        with files.write_errors(new):
            new.mkdir(parents=True)
        draft = cls(new)
        draft.write_record(record)
        with files.write_errors(draft.heartbeat):
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

    def request_cancel(self) -> None:
        with files.write_errors(self._cancel):
            self._cancel.touch()

    def cancel_requested(self) -> bool:
        return os.path.exists(self._cancel)  # noqa: PTH110 asked thousands of times

    def write_segment(self, table: str, blocks: Sequence[pa.Table], precision: str) -> None:
        """Add a segment of `table`; each block becomes a row group."""
        if self._last_segment is None:  # another process may have written before us
            numbers = [int(path.stem.rsplit("-", 1)[1]) for path in self.folder.glob("*.parquet")]
            self._last_segment = max(numbers, default=0)
        self._last_segment += 1
        path = self.folder / f"{table}-{self._last_segment:06d}.parquet"
        files.write_parquet(path, blocks, TABLES[table].schema(precision), durable=False)

    def segments(self, table: str) -> list[Path]:
        """The table's segments, oldest first."""
        if not self.folder.exists():
            raise FileNotFoundError(self.folder)
        return sorted(self.folder.glob(f"{table}-*.parquet"))

    def is_dead(self) -> bool:
        """Whether its process is gone; FileNotFoundError when the run has left the spool."""
        return is_dead(self.heartbeat, self.read_record()["owner"])

    def take_over(self, run_id: str) -> tuple[Spool, Heartbeat] | None:
        """Claim a dead writer's folder, with a heartbeat of ours; None if another was faster."""
        taken = self.folder.with_name(f"{_TAKEN}{run_id}-{uuid.uuid4().hex[:8]}")
        try:
            self.heartbeat.touch()
            self.folder.rename(taken)
        except FileNotFoundError:
            return None
        return Spool(taken), Heartbeat(taken / "heartbeat")

    def remove(self) -> None:
        """Delete the folder; it disappears at once, its content right after."""
        leaving = self.folder.with_name(f"{_LEAVING}{uuid.uuid4().hex[:8]}")
        try:
            self.folder.rename(leaving)
        except FileNotFoundError:
            return
        shutil.rmtree(leaving, ignore_errors=True)


def spools(collection: Path) -> Iterator[tuple[str, Spool]]:
    """Every run in progress of a collection, by run id."""
    running = collection / RUNNING
    for folder in sorted(running.iterdir()) if running.is_dir() else ():
        if folder.name.startswith(_TAKEN):
            yield folder.name.removeprefix(_TAKEN).split("-")[0], Spool(folder)
        elif not folder.name.startswith("."):
            yield folder.name, Spool(folder)


def find_spool(collection: Path, run_id: str) -> Spool | None:
    """The spool of a run, also while it is being taken over."""
    running = collection / RUNNING
    places = [running / run_id, *running.glob(f"{_TAKEN}{run_id}-*")]
    return next((Spool(place) for place in places if place.is_dir()), None)


def sweep_leftovers(collection: Path) -> None:
    """Delete folders that a process left when it died while creating or removing a spool."""
    running = collection / RUNNING
    for prefix in (_LEAVING, _NEW):
        for folder in running.glob(f"{prefix}*"):
            if time.time() - folder.stat().st_mtime > _LEFTOVER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
