"""What the paper's figures are drawn from: the runs of a collection, and what is left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.base.evenly import evenly
from dashboard.base.words import count
from dashboard.sweeps.describe import ENDED
from dashboard.sweeps.noise import SCALES, noise_kind
from dashboard.sweeps.overlay import published_runs
from dashboard.sweeps.selection import Mask
from dashboard.sweeps.table import SweepTable
from simulation.archive import Status

NOISE = "noise"
"""Derived column: which kinds of noise were added."""
COLUMNS = (
    "run_id",
    "name",
    "status",
    "seed",
    "rule.kind",
    "rule.learning_rate",
    "task.kind",
    "task.n_samples",
    "task.input_dim",
    "task.output_dim",
    "network.init",
    "schedule.steps",
    *SCALES,
    "active_units_final",
    "active_units_ratio",
    "active_fraction_ratio",
    "tau_steps",
    "tau_steps_low",
    "tau_steps_high",
    "log10_sparsification_rate",
    "hessian_trace_ratio",
    "positive_eigenvalue_fraction",
)
"""Columns that the figures need, besides the one they are broken down by."""
MOST_POINTS = 2_000


@dataclass(frozen=True, eq=False)
class SweepRuns:
    """Runs of a collection.

    Attributes
    ----------
    rows : those that reached their last step, a row each, with `COLUMNS`, `noise` and others.
    silent : those that ended before because every unit had fallen silent, likewise.
    total : how many were chosen, with those of any ending.
    left_out : (how they ended, how many) of the rest.
    """

    rows: pd.DataFrame
    silent: pd.DataFrame
    total: int
    left_out: tuple[tuple[str, int], ...]

    @property
    def endings(self) -> str:
        """'Left out of 106 runs: 2 diverged, 3 fell silent in every unit.'; empty: none."""
        if not self.left_out:
            return ""
        told = ", ".join(f"{number:,} {how}" for how, number in self.left_out)
        return f"Left out of {count(self.total, 'run')}: {told}."


def sweep_runs(table: SweepTable, chosen: Mask, by: str = "") -> SweepRuns:
    """The chosen runs of a collection, with the column `by` too."""
    names = [*COLUMNS, *([by] if by and by not in (*COLUMNS, NOISE) else [])]
    known = {
        name: table.frame[name][chosen] if name in table.frame else table.constants.get(name)
        for name in names
    }
    rows = pd.DataFrame(known, index=table.frame.index[chosen])
    rows = rows.astype({name: object for name in rows if rows[name].dtype == "category"})
    rows[NOISE] = noise_kind(rows)
    endings = Counter(rows["status"])
    finished, silent = (
        rows[rows["status"] == ending].reset_index(drop=True)
        for ending in (Status.FINISHED, Status.ALL_UNITS_SILENT)
    )
    told = tuple(
        (ENDED[Status(name)], number)
        for name, number in endings.most_common()
        if name != Status.FINISHED
    )
    return SweepRuns(finished, silent, len(rows), told)


def numbers(rows: pd.DataFrame, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A numeric column; NaN where unknown."""
    return np.asarray(pd.to_numeric(rows[name]).to_numpy(np.float64, na_value=np.nan))


def sgd(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Runs by gradient descent under `kind` of noise alone."""
    return rows[(rows["rule.kind"] == "sgd") & (rows[NOISE] == kind)]


_SETS = ("task.kind", "network.init", "schedule.steps", "rule.kind")
_SPANS = ("task.n_samples", "task.input_dim", "task.output_dim", "noise.update_scale")


def published_like(rows: pd.DataFrame) -> pd.DataFrame:
    """Published simulations of the tasks, starts, lengths and rules found in `rows`, whose sizes
    and update noise are within the range found there.

    Their columns are named as ours, with `noise`.
    """
    theirs = published_runs()
    here = pd.Series(data=True, index=theirs.index)
    for name in _SETS:
        here &= theirs[name].isin(rows[name].dropna().unique())
    for name in _SPANS:
        here &= theirs[name].between(rows[name].min(), rows[name].max())
    found = theirs[here].assign(**{"noise.input_scale": 0.0})
    return found.assign(**{NOISE: noise_kind(found)})


def sample(rows: pd.DataFrame) -> pd.DataFrame:
    """The runs whose points are drawn: all, or of very many 2,000, evenly chosen."""
    return rows.iloc[evenly(len(rows), MOST_POINTS)]


def run_names(rows: pd.DataFrame) -> list[str]:
    """What each run is called when a pointer is over it."""
    pairs = zip(rows["name"], rows["run_id"], strict=True)
    return [name if isinstance(name, str) and name else f"run {run_id}" for name, run_id in pairs]
