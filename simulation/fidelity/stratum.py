"""A stratum: which published simulations are compared, and with which runs of ours.

A stratum is every published simulation of one rule, noise and length. A sample of its rows is run
again: the rows are put in order of their noise and their configuration, and taken at even
distances, so the sample spans the stratum; nothing in it is drawn. A run has its row's
configuration and the row's index as seed: other random numbers than the published one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simulation.analysis.published_table import HIDDEN_UNITS, UNIT_RANGE
from simulation.config import RunConfig

RECORDINGS = 10_000
"""Recordings of a published run, evenly spaced: its definitions are made on them."""
RMSPROP_RATE = 0.001
SPARSE_SHARE = 0.85
FREE_OUTPUTS = ("random", "smoothed_random")
"""Tasks whose output size is a choice of its own."""

RATIOS = ("active_units_ratio", "active_fraction_ratio", "hessian_trace_ratio")
RATE = "log10_sparsification_rate"
NORMALIZED_LOSS, LOSS = "final_log10_normalized_loss", "final_log10_loss"
"""The second is not divided by the variance of the targets; see `analysis.published_table`."""
METRICS = (*RATIOS, "positive_eigenvalue_fraction", RATE, NORMALIZED_LOSS)
LATE_CHANGES = ("late_change_active_units", "late_change_active_fraction")
"""Largest minus smallest value of a curve over the second half of a run."""
_ORDER = ["update_noise_scale", "task", "init", "input_dim", "output_dim", "n_samples"]


@dataclass(frozen=True)
class Stratum:
    """Published simulations of one kind, and how they are run again.

    Attributes
    ----------
    study, rule, noise : which published rows belong to it; noise: update, label or none.
    runs : how many of them are run again.
    rule_now : the rule that is run instead of the published one; empty: the same.
    without_noise : run without its noise: a control. Nothing published compares with it.
    sweeps_noise : its noise varies enough for an exponent of the rate.
    stays_active : its units do not fall silent, so the last spectrum is as large as the first.
    has_rate : its units fall silent in most runs, so that a rate can be compared.
    """

    name: str
    title: str
    about: str
    study: str
    rule: str
    noise: str
    runs: int
    has_rate: bool = True
    rule_now: str = ""
    without_noise: bool = False
    sweeps_noise: bool = False
    stays_active: bool = False
    tasks: tuple[str, ...] = (
        "random",
        "smoothed_random",
        "abstract_predictive",
        "random_autoencoder",
    )

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is compared."""
        if self.without_noise:
            return LATE_CHANGES
        names = [name for name in METRICS if self.has_rate or name != RATE]
        return tuple(LOSS if name == NORMALIZED_LOSS and self.is_unit else name for name in names)

    @property
    def is_unit(self) -> bool:
        """Whether inputs and targets lie in [0, 1]."""
        return self.study in UNIT_RANGE

    def rows(self, table: pd.DataFrame) -> pd.DataFrame:
        """The published simulations it stands for, in the order they are sampled in."""
        here = (
            (table["study"] == self.study)
            & (table["rule"] == self.rule)
            & (_noise(table) == self.noise)
            & table["task"].isin(self.tasks)
        )
        return table[here].sort_values(_ORDER, kind="stable")

    def sample(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows that are run again: evenly chosen, both ends included."""
        rows = self.rows(table)
        places = np.linspace(0, len(rows) - 1, min(self.runs, len(rows))).round().astype(int)
        return rows.iloc[places]

    def plan(self, table: pd.DataFrame) -> dict[int, RunConfig]:
        """Index of a published row -> the run that is compared with it."""
        sample = self.sample(table)
        return {
            int(index): self._config(int(index), row)
            for index, row in zip(sample.index, sample.to_dict("records"), strict=True)
        }

    def _config(self, index: int, row: dict[str, Any]) -> RunConfig:
        span = "unit" if self.is_unit else "symmetric"
        values: dict[str, Any] = {
            "task.kind": row["task"],
            "task.n_samples": row["n_samples"],
            "task.input_dim": row["input_dim"],
            "task.input_range": span,
            "task.target_range": span,
            "network.hidden_units": HIDDEN_UNITS,
            "network.init": row["init"],
            "rule.kind": self.rule_now or row["rule"],
            "rule.learning_rate": RMSPROP_RATE if self.rule_now else row["learning_rate"],
            "schedule.steps": row["steps"],
            "schedule.curve_points": RECORDINGS,
            "schedule.curve_spacing": "linear",
            "schedule.snapshots": 3,
            "schedule.snapshot_spacing": "linear",
            "schedule.hessian_snapshots": 0 if self.without_noise else 2,
            "schedule.hessian_limit": self._hessian_limit(row),
            "seed": index,
        }
        if row["task"] in FREE_OUTPUTS:
            values["task.output_dim"] = row["output_dim"]
        if not self.without_noise:
            values["noise.update_scale"] = row["update_noise_scale"]
            values["noise.label_scale"] = row["label_noise_scale"]
        return RunConfig.parse(values)

    def _hessian_limit(self, row: dict[str, Any]) -> int:
        """Rows of the largest matrix to solve: all, or what is left when units fell silent.

        Only the end of a run is compared; the spectrum at the start takes longer than the run.
        """
        rows = HIDDEN_UNITS * (min(row["n_samples"], row["input_dim"] + 1) + row["output_dim"])
        return int(rows if self.stays_active else SPARSE_SHARE * rows)


def _noise(table: pd.DataFrame) -> pd.Series:
    kinds = np.where(table["label_noise_scale"] > 0, "label", "none")
    return pd.Series(np.where(table["update_noise_scale"] > 0, "update", kinds), table.index)
