"""Which kinds of noise were added to a run: told by three settings together."""

from __future__ import annotations

import numpy as np
import pandas as pd

SCALES = ("noise.update_scale", "noise.label_scale", "noise.input_scale")


def noise_kind(rows: pd.DataFrame) -> pd.Series[str]:
    """Which noise was added to each run, in words; `rows` has the three `SCALES`.

    Runs that have no such settings are of the model whose noise is in its weights.
    """
    update, label, inputs = (pd.to_numeric(rows[name]).to_numpy(float, na_value=np.nan)
                             for name in SCALES)  # fmt: skip
    kinds = np.select(
        [
            np.isnan(update),
            (update > 0) & (label > 0),
            update > 0,
            label > 0,
            inputs > 0,
        ],
        [
            "noise in the weights",
            "update and label noise",
            "update noise",
            "label noise",
            "input noise",
        ],
        "no added noise",
    )
    return pd.Series(kinds, rows.index)
