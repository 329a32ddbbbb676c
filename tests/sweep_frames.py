"""A made-up sweep, as the explorer holds one: tables without an archive."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from dashboard.sweeps.table import SweepTable

POINTS = 100
TAU_AT_ONE = 300.0
"""tau = TAU_AT_ONE / s²: the law that the made-up runs follow."""


def made_up_sweep(count: int) -> tuple[SweepTable, Callable[[list[str]], pd.DataFrame]]:
    """`count` runs, half under update noise and half under label noise; and their thumbnails.

    Every eleventh diverged, every thirteenth fell silent; every fifth under update noise has no
    identifiable timescale; every seventh no spectrum.
    """
    rng = np.random.default_rng(1)
    index = np.arange(count)
    update = index % 2 == 0
    noise = np.geomspace(0.01, 0.1, 25)[index // 2 % 25]
    tau = TAU_AT_ONE / noise**2
    final = np.where(update, 0.05 + 0.02 * rng.random(count), 0.8 + 0.1 * rng.random(count))
    known = update & (index % 5 != 0)
    status = np.where(
        index % 11 == 10, "diverged", np.where(index % 13 == 12, "all_units_silent", "finished")
    )
    frame = pd.DataFrame(
        {
            "run_id": [f"{number:012x}" for number in index],
            "status": status,
            "seed": index,
            "noise.update_scale": np.where(update, noise, 0.0),
            "noise.label_scale": np.where(update, 0.0, 10 * noise),
            "task.n_samples": 5 + index % 10,
            "active_units_final": final,
            "active_units_ratio": final / 0.95,
            "active_fraction_ratio": final / 2,
            "tau_steps": np.where(known, tau, np.nan),
            "tau_steps_low": np.where(known, 0.8 * tau, np.nan),
            "tau_steps_high": np.where(known, 1.3 * tau, np.nan),
            "log10_sparsification_rate": np.where(update, -np.log10(tau), np.nan),
            "hessian_trace_ratio": np.where(update, 0.5, 0.25),
            "positive_eigenvalue_fraction": np.where(index % 7 == 0, np.nan, final / 2),
        }
    )
    constants = {
        "name": "made up",
        "rule.kind": "sgd",
        "rule.learning_rate": 0.1,
        "task.kind": "smoothed_random",
        "task.input_dim": 20,
        "task.output_dim": 5,
        "network.init": "rich",
        "schedule.steps": 1_000_000,
        "noise.input_scale": 0.0,
    }
    swept = ("noise.update_scale", "noise.label_scale")
    table = SweepTable("made_up", frame, constants, swept, "1")
    curves = _thumbnails(frame, np.where(update, tau, 1e6), rng)

    def thumbnails(run_ids: list[str]) -> pd.DataFrame:
        return curves.loc[run_ids].reset_index()

    return table, thumbnails


def _thumbnails(frame: pd.DataFrame, tau: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    steps = np.linspace(0, 1_000_000, POINTS).round().astype(np.int64)
    final = frame["active_units_final"].to_numpy()
    units = final[:, None] + (0.95 - final)[:, None] * np.exp(-steps / tau[:, None])
    units = (rng.binomial(100, units) / 100).astype(np.float32)
    units[:, 0] = 0.95
    loss = (-2 - steps / 1e6 + 0.1 * rng.normal(size=(len(frame), POINTS))).astype(np.float32)
    nothing = np.full(POINTS, np.nan, np.float32)
    return pd.DataFrame(
        {
            "run_id": frame["run_id"],
            "thumbnail_step": [steps] * len(frame),
            "thumbnail_active_units": list(units),
            "thumbnail_active_fraction": None,
            "thumbnail_loss": list(loss),
            "thumbnail_spatial_information": [nothing] * len(frame),
        }
    ).set_index("run_id")
