"""From the archive to the small tables that figures are drawn from; every answer is bounded."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import urls
from dashboard.frames import Frame, FrameStore, build_frame
from dashboard.tuning import Track, evenly
from dashboard.urls import RunLimits
from simulation.archive import Archive, Run, SpectrumRow
from simulation.errors import ArchiveError
from simulation.metrics.curvature import RELATIVE_TOLERANCE
from simulation.models.activations import activation_of

MAX_CURVE_POINTS = 2_000
MAX_MATRIX_SNAPSHOTS = 150
MAX_HISTORY_SNAPSHOTS = 100
FRAME_BYTES = 16 * 2**20
OPEN_RUNS = 16
KEPT_RESULTS = 128

T = TypeVar("T")

_SOURCE_ORDER = ("evaluation", "training", "samples")


def _source_order(source: str) -> tuple[int, int]:
    """Where a source stands among those of a run: by kind, then by arena."""
    kind, arena = urls.source_parts(source)
    return _SOURCE_ORDER.index(kind), arena


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
                run.rate_maps(step, source), track(run, source), activation_of(run.config)
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


def limits(run: Run) -> RunLimits:
    """What can be looked at in this run so far."""
    sources = run.sources()
    return RunLimits(
        steps=run.snapshot_steps().tolist() if sources else [],
        units=run.config.network.hidden_units,
        sources=sorted(sources, key=_source_order),
        first=run.config.parent.step,
    )


def track(run: Run, source: str) -> Track:
    """What the columns of this source's maps are."""
    if source == "samples":
        return Track(0)
    directions = int(run.places(source)["direction"].nunique())
    return Track(directions, circular=run.config.task.kind in ("abstract_predictive", "ring"))


def curves(run: Run) -> pd.DataFrame:
    """The recorded curves by `step`, evenly thinned to at most 2,000 rows."""
    rows = run.curves()
    return rows.iloc[evenly(len(rows), MAX_CURVE_POINTS)].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class Matrix:
    """Correlation between every two of `steps`: `values` (S, S), symmetric; NaN where unknown."""

    steps: list[int]
    values: NDArray[np.float64]


_CORRELATIONS = {"maps": "rate_map_correlation", "population": "population_vector_correlation"}


def correlation_matrix(run: Run, kind: str, source: str) -> Matrix:
    """The `maps` or `population` correlations of a run, of at most 150 snapshots, evenly chosen.

    Of several arenas they are those of the arena of `source`.
    """
    rows = run.correlations()
    kinds = {urls.source_parts(name): name for name in rows["source"].unique()}
    arena = urls.source_parts(source)[1]
    if ("evaluation", arena) in kinds:
        rows = rows[rows["source"] == kinds["evaluation", arena]]
    steps = np.unique(rows["step_a"].to_numpy())
    steps = steps[evenly(len(steps), MAX_MATRIX_SNAPSHOTS)]
    rows = rows[rows["step_a"].isin(steps) & rows["step_b"].isin(steps)]
    values = np.full((len(steps), len(steps)), np.nan)
    a, b = (np.searchsorted(steps, rows[name].to_numpy()) for name in ("step_a", "step_b"))
    values[a, b] = values[b, a] = rows[_CORRELATIONS[kind]].to_numpy()
    return Matrix(steps.tolist(), values)


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Hessian eigenvalues at the last recorded `step` at or before the cursor, by sign."""

    step: int
    log10_positive: NDArray[np.float64]
    negative: int
    exact_zeros: int
    rounded_zeros: int

    @property
    def parameters(self) -> int:
        return len(self.log10_positive) + self.negative + self.exact_zeros + self.rounded_zeros


def spectrum_at(run: Run, step: int) -> Spectrum | None:
    """The nearest spectrum at or before `step`; None when there is none."""
    steps = run.spectrum_steps()
    earlier = steps[steps <= step]
    return split_by_sign(run.spectrum(int(earlier[-1]))) if len(earlier) else None


def split_by_sign(row: SpectrumRow) -> Spectrum:
    """A recorded spectrum as logarithms and counts; what rounding cannot tell from 0 is zero."""
    values = row.eigenvalues
    rounding = RELATIVE_TOLERANCE * values.max(initial=0.0)
    positive, negative = values[values > rounding], int((values < -rounding).sum())
    return Spectrum(
        step=row.step,
        log10_positive=np.log10(positive),
        negative=negative,
        exact_zeros=row.exact_zeros,
        rounded_zeros=len(values) - len(positive) - negative,
    )


def spectrum_note(run: Run, after: int, step: int) -> str:
    """Why there are no eigenvalues between step `after` and `step`; empty if none was planned."""
    snapshots = run.snapshots()
    there = (snapshots["step"] > after) & (snapshots["step"] <= step)
    notes = snapshots.loc[there, "hessian_note"].dropna()
    if notes.empty:
        return ""
    return str(notes.iloc[0] if after < 0 else notes.iloc[-1])
