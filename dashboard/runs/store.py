"""Runs and their frames, opened once and kept while they are looked at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from dashboard.runs.frames import Frame, FrameStore, build_frame
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
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._frames = FrameStore(FRAME_BYTES)
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
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
            while len(self._runs) > OPEN_RUNS:
                self._runs.popitem(last=False)
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
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return cast(T, self._results[key])
        result = build()
        with self._lock:
            self._results[key] = result
            while len(self._results) > KEPT_RESULTS:
                self._results.popitem(last=False)
        return result

    def unit_history(self, run: Run, unit: int, steps: list[int], source: str) -> UnitHistory:
        """One unit's map at every one of `steps`."""
        frames = [self.frame(run, step, source) for step in steps]
        peaks = np.array([frame.peak[unit] for frame in frames])
        maps = np.array([frame.shown[unit] for frame in frames]) * peaks[:, None]
        information = np.array([frame.information[unit] for frame in frames], np.float64)
        return UnitHistory(steps, maps, information)


@dataclass(frozen=True, eq=False)
class UnitHistory:
    """One unit through time: smoothed `maps` (S, K) in units of activity; NaN where silent."""

    steps: list[int]
    maps: NDArray[np.float32]
    information: NDArray[np.float64]
