"""How alike the population's tuning is at every two snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.controls import choice
from dashboard.base.evenly import evenly
from dashboard.base.theme import CORRELATION_SCALE, TEMPLATE
from dashboard.base.words import minus
from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import About, Panel
from dashboard.runs.time_axis import snapshot_axis, snapshot_names
from dashboard.urls import source_parts
from simulation.archive import Run

MAX_SNAPSHOTS = 150
KIND = "run-correlation-kind"
KINDS = {"maps": "maps of units", "population": "population vectors"}
ABOUT = About(
    "Similarity across time",
    "Correlation of tuning between snapshots",
    "How similar tuning is at every two snapshots: 1 is identical. A bright block means a stable "
    "code; a diagonal that fades sideways means drift. The lines mark the snapshot under the "
    "cursor; click a cell to go to its moment.",
)


class Correlation(Panel):
    id = "run-correlation"
    redrawn_by = frozenset({"corr", "maps", "snapshots"})
    choices = (KIND,)
    clicked = "snapshot"
    cursor = "matrix"
    height = "square"

    def about(self, _: Look) -> About:
        return ABOUT

    def missing(self, look: Look) -> str:
        few = len(look.limits.steps) < 2
        return "There is one snapshot so far; it takes two to compare." if few else ""

    def controls(self, look: Look) -> list[Any]:
        return [choice(KIND, "Correlation of", KINDS, look.view.corr)]

    def figure(self, look: Look) -> go.Figure:
        return correlation_figure(correlation_matrix(look.run, look.view.corr, look.view.maps))

    def words(self, look: Look) -> str | None:
        return between_arenas(look.run.snapshots()) or None


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
    kinds = {source_parts(name): name for name in rows["source"].unique()}
    arena = source_parts(source)[1]
    if ("evaluation", arena) in kinds:
        rows = rows[rows["source"] == kinds["evaluation", arena]]
    steps = np.unique(rows["step_a"].to_numpy())
    steps = steps[evenly(len(steps), MAX_SNAPSHOTS)]
    rows = rows[rows["step_a"].isin(steps) & rows["step_b"].isin(steps)]
    values = np.full((len(steps), len(steps)), np.nan)
    a, b = (np.searchsorted(steps, rows[name].to_numpy()) for name in ("step_a", "step_b"))
    values[a, b] = values[b, a] = rows[_CORRELATIONS[kind]].to_numpy()
    return Matrix(steps.tolist(), values)


def correlation_figure(matrix: Matrix) -> go.Figure:
    """One cell a pair of snapshots; time runs right and down."""
    names = snapshot_names(matrix.steps)
    known = matrix.values[np.isfinite(matrix.values)]
    figure = go.Figure(
        go.Heatmap(
            z=matrix.values.astype(np.float32),
            x=names,
            y=names,
            zmin=min(0.0, float(known.min())) if len(known) else 0.0,
            zmax=1,
            colorscale=CORRELATION_SCALE,
            colorbar={"title": {"text": "r", "side": "top"}, "thickness": 10, "outlinewidth": 0},
            hovertemplate="%{x} and %{y}<br>r = %{z:.3f}<extra></extra>",
        ),
        layout={"template": TEMPLATE},
    )
    axis = snapshot_axis(matrix.steps)
    figure.update_layout(
        xaxis={**axis, "title": {"text": "snapshot (training step)"}},
        yaxis={**axis, "autorange": "reversed", "title": {"text": "snapshot (training step)"}},
    )
    return figure


def between_arenas(snapshots: pd.DataFrame) -> str:
    """How alike maps are in different arenas at one moment; empty with one arena."""
    known = snapshots.dropna(subset=["across_arenas_correlation"])
    if known.empty:
        return ""
    first, last = (
        f"{minus(row['across_arenas_correlation'], 2)} at step {int(row['step']):,}"
        for _, row in known.iloc[[0, -1]].iterrows()
    )
    return (
        "This is within one arena. Between arenas, at the same moment, the maps of units tuned in "
        f"both correlate {first} and {last}."
    )


PANEL = Correlation()
