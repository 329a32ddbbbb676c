"""Runs and their frames, opened once and kept while they are looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from cachetools import LRUCache

from dashboard.base.kept import Kept
from dashboard.runs.frames import Frame, build_frame
from dashboard.runs.queries import track
from simulation.archive import Archive, Run
from simulation.errors import ArchiveError
from simulation.models import model_of

FRAME_BYTES = 16 * 2**20
OPEN_RUNS = 16
KEPT_RESULTS = 128

T = TypeVar("T")


class RunStore:
    """Opens runs and their frames, keeping the ones used last."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._runs: LRUCache[str, Run] = LRUCache(OPEN_RUNS)
        self._frames = Kept[Frame](FRAME_BYTES, lambda frame: frame.size)
        self._results = Kept[Any](KEPT_RESULTS)
        self._lock = threading.Lock()

    def open(self, run_id: str) -> Run:
        """The run; one that could yet be continued under the same id is opened anew."""
        with self._lock:
            held = self._runs.get(run_id)
        if held is not None and (held.status.in_progress or held.status.settled):
            return held
        run = self.archive.open_run(run_id)
        with self._lock:
            self._runs[run_id] = run
        return run

    def parent(self, run: Run) -> Run | None:
        """The run that this one starts from; None without one, or where it cannot be read."""
        if not run.config.parent.run:
            return None
        try:
            return self.open(run.config.parent.run)
        except ArchiveError:
            return None

    def frame(self, run: Run, step: int, source: str) -> Frame:
        """The population at one snapshot. NotRecorded: no such snapshot or source."""
        key = (run.run_id, run.record["created_at"], source, step)
        return self._frames.get(
            key,
            lambda: build_frame(
                run.rate_maps(step, source), track(run, source), model_of(run.config).activation
            ),
        )

    def remember(self, key: Hashable, build: Callable[[], T]) -> T:
        """A small result, kept under a key that changes when the result would."""
        return cast(T, self._results.get(key, build))
