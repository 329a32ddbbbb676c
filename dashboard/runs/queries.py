"""From the archive to the small tables that figures are drawn from; every answer is bounded."""

from __future__ import annotations

import pandas as pd

from dashboard import urls
from dashboard.base.evenly import evenly
from dashboard.runs.tuning import MapTrack
from dashboard.urls import RunLimits
from simulation.archive import Run

MAX_CURVE_POINTS = 2_000
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
