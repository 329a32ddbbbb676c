"""The simulations published with the paper, as a table.

Ratzon, Derdikman & Barak, eLife 12:RP90069; tables of DriftReg, Apache-2.0, see `data/README.md`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from simulation.errors import DriftscapeError

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = ("published_simulations.csv", "published_noise_sweep.csv")
SOURCE = "https://github.com/Aviv-Ratzon/DriftReg"
HIDDEN_UNITS = 100
"""Units of every published network in the tables."""

_TEXT = ("study", "task", "init", "rule")
_WHOLE = ("input_dim", "output_dim", "n_samples", "steps")
_NUMBERS = (
    "learning_rate",
    "update_noise_scale",
    "label_noise_scale",
    "final_log10_normalized_loss",
    "active_fraction_ratio",
    "active_units_ratio",
    "log10_sparsification_rate",
    "hessian_trace_ratio",
    "hessian_max_ratio",
    "positive_eigenvalue_fraction",
)
COLUMNS = (*_TEXT, *_WHOLE, *_NUMBERS)
UNIT_RANGE = ("random", "noise_sweep", "vary_update_noise")
"""Studies whose inputs and targets lay in [0, 1], and whose listed loss is not divided by the
variance of the targets; how that is known: `data/README.md`."""
_TARGETS_ARE_INPUTS = ("abstract_predictive", "random_autoencoder", "smoothed_autoencoder")


class PublishedDataError(DriftscapeError):
    """A table of published simulations that is missing or cannot be read."""


def read_published(folder: Path = DATA) -> pd.DataFrame:
    """Every published simulation, one a row; its index, from 0, is the row's name for good.

    The columns are those of the files (`data/README.md`), with two corrections: `output_dim` is
    what the network had, `listed_output_dim` as published; and the listed loss of `UNIT_RANGE` is
    `final_log10_loss`, that of other studies `final_log10_normalized_loss`.

    Raises
    ------
    PublishedDataError : naming the file.
    """
    table = pd.concat([_read(folder / name) for name in FILES], ignore_index=True)
    table["listed_output_dim"] = table["output_dim"]
    same = table["task"].isin(_TARGETS_ARE_INPUTS)
    table["output_dim"] = table["output_dim"].where(~same, table["input_dim"])
    listed, unit = table["final_log10_normalized_loss"], table["study"].isin(UNIT_RANGE)
    table["final_log10_loss"] = listed.where(unit)
    table["final_log10_normalized_loss"] = listed.where(~unit)
    return table


@cache
def published() -> pd.DataFrame:
    """`read_published()`, read once. Not to be changed by who asks."""
    return read_published()


def _read(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype=dict.fromkeys(_TEXT, str))
        if missing := [name for name in COLUMNS if name not in table]:
            raise ValueError(f"it has no column {missing[0]}")
        kinds = dict.fromkeys(_WHOLE, "int64") | dict.fromkeys(_NUMBERS, "float64")
        return table[list(COLUMNS)].astype(kinds)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
    except ValueError as error:
        reason = str(error)
    raise PublishedDataError(
        f"The published simulations cannot be read from {path}: {reason}.",
        subject=str(path),
        remedy="The file comes with this software; restore it from its repository.",
    )
