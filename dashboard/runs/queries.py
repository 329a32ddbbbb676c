"""From the archive to the small tables that figures are drawn from; every answer is bounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import urls
from dashboard.base.evenly import evenly
from dashboard.runs.tuning import MapTrack
from dashboard.urls import RunLimits
from simulation.archive import Run, SpectrumRow
from simulation.metrics.curvature import RELATIVE_TOLERANCE

MAX_CURVE_POINTS = 2_000
MAX_MATRIX_SNAPSHOTS = 150
MAX_HISTORY_SNAPSHOTS = 100


_SOURCE_ORDER = ("evaluation", "training", "samples")


def _source_order(source: str) -> tuple[int, int]:
    """Where a source stands among those of a run: by kind, then by arena."""
    kind, arena = urls.source_parts(source)
    return _SOURCE_ORDER.index(kind), arena


def limits(run: Run) -> RunLimits:
    """What can be looked at in this run so far."""
    sources = run.sources()
    return RunLimits(
        steps=run.snapshot_steps().tolist() if sources else [],
        units=run.config.network.hidden_units,
        sources=sorted(sources, key=_source_order),
        first=run.config.parent.step,
    )


def track(run: Run, source: str) -> MapTrack:
    """What the columns of this source's maps are."""
    if source == "samples":
        return MapTrack(0)
    directions = int(run.places(source)["direction"].nunique())
    return MapTrack(directions, circular=run.config.task.kind in ("abstract_predictive", "ring"))


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
