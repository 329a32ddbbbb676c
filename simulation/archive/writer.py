"""Writing one run: from queued, through segments flushed while it runs, to the archived run."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from simulation.archive.blocks import build_rows
from simulation.archive.liveness import Heartbeat, owner
from simulation.archive.provenance import provenance
from simulation.archive.schema import TABLES
from simulation.archive.spool import Spool
from simulation.archive.status import Progress, Status
from simulation.config import RunConfig

if TYPE_CHECKING:
    from simulation.archive.reader import Run

FLUSH_SECONDS = 0.4
MOST_PIECES = 64
"""Rows are put together beyond this: each piece of its own takes several kilobytes."""


def now() -> str:
    """UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def new_record(config: RunConfig, collection: str, name: str) -> dict[str, Any]:
    """What is known of a run when it is queued."""
    first = config.parent.step
    progress = Progress(first, config.schedule.steps, None, None, "queued", now(), first=first)
    return {
        "run_id": config.run_id,
        "collection": collection,
        "name": name,
        "status": Status.QUEUED.value,
        "created_at": now(),
        "wall_seconds": None,
        "engine": None,
        "config_json": config.canonical_json(),
        "parameter_count": config.parameter_count,
        **config.values(),
        **config.derived(),
        "progress": asdict(progress),
        "owner": owner(),
    }


class RunWriter:
    """The one writer of a run in progress. Made by `Archive.writer`; starts out queued.

    Rows are kept in memory until `flush`, which writes at most every 0.4 s, new rows only. It
    ends with `finish`, or with `release` when it cannot go on.
    """

    def __init__(
        self,
        spool: Spool,
        record: dict[str, Any],
        config: RunConfig,
        commit: Callable[[Spool, Status, str], Run],
    ) -> None:
        self.run_id, self.config = config.run_id, config
        self._spool, self._record, self._commit = spool, record, commit
        self._heartbeat = Heartbeat(spool.heartbeat)
        self._rows: dict[str, list[pa.Table]] = defaultdict(list)
        self._single: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self._started: float | None = None
        self._last_flush = -FLUSH_SECONDS

    @property
    def collection(self) -> str:
        return str(self._record["collection"])

    def start(self, engine: str) -> None:
        """From queued to running."""
        self._started = time.monotonic()
        self.note(status=Status.RUNNING.value, engine=engine, **provenance(engine))
        self.flush(force=True)

    def note(self, **columns: Any) -> None:
        """Set columns of the runs table that become known on the way."""
        self._record |= columns

    def report(self, progress: Progress) -> None:
        """Say how far the run is; readers see it after the next flush."""
        self._record["progress"] = asdict(progress)

    def append(self, table: str, **columns: Any) -> None:
        """Add rows: arrays or lists by column name, scalars repeat; see `build_rows`.

        For tables read a block at a time, one call is one block.
        """
        rows = self._rows[table]
        rows.append(build_rows(table, self.run_id, columns, self.config.precision))
        if len(rows) > MOST_PIECES and not TABLES[table].key:
            rows[:] = [pa.concat_tables(rows).combine_chunks()]

    def append_row(self, table: str, row: Mapping[str, Any]) -> None:
        """Add one row, a number or text by column name, to a table that is read whole.

        Rows become columns together, at the next flush; all have the same columns.
        """
        self._single[table].append(row)

    def flush(self, *, force: bool = False) -> None:
        """Make what was added visible to readers, unless the last flush was just now."""
        if not force and time.monotonic() - self._last_flush < FLUSH_SECONDS:
            return
        for table, single in self._single.items():
            self.append(table, **{name: [row[name] for row in single] for name in single[0]})
        self._single.clear()
        for table, rows in self._rows.items():
            blocks = rows if TABLES[table].key else [pa.concat_tables(rows)]
            self._spool.write_segment(table, blocks, self.config.precision)
        self._rows.clear()
        if self._started is not None:
            self._record["wall_seconds"] = time.monotonic() - self._started
        self._spool.write_record(self._record)
        self._last_flush = time.monotonic()

    def cancel_requested(self) -> bool:
        """Whether somebody asked this run to stop."""
        return self._spool.cancel_requested()

    def finish(self, status: Status, reason: str = "") -> Run:
        """Archive the run with this ending; `reason` adds to the ending's own words."""
        try:
            self.flush(force=True)
            run = self._commit(self._spool, status, reason)
        except BaseException:
            self.release()
            raise
        self._heartbeat.stop()
        return run

    def hand_over(self) -> None:
        """Stop writing a queued run here: another process goes on with `Archive.adopt`."""
        self._heartbeat.stop()

    def release(self) -> None:
        """Leave the run as it is on the disk; the next reader archives it as interrupted."""
        self._heartbeat.release()
