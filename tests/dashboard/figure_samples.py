"""Small tables, axes and phases to draw figures from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.runs.fits import Phases
from dashboard.runs.place_words import place_words
from dashboard.runs.time_axis import TimeAxis
from simulation.config import TASKS

TRACK = place_words(TASKS["corridor"]())
ALL_PHASES = Phases(10, 500, "a rule", {})
NO_PHASES = Phases(None, None, "", {})
CURVES = pd.DataFrame(
    {
        "step": [0, 1, 10, 100, 1_000],
        "log10_normalized_loss": [0.1, 0.0, -1.0, -2.0, -2.1],
        "active_units": [1.0, 1.0, 0.9, 0.5, 0.3],
        "active_fraction": [0.5, 0.5, 0.4, 0.2, 0.1],
        "tuned_units": [1.0, 1.0, 0.9, 0.5, 0.3],
        "mean_spatial_information_bits": [0.1, 0.1, 0.3, 0.8, 1.0],
    }
)
SNAPSHOTS = pd.DataFrame({"step": [0, 10, 1_000], "position_error": [3.0, 1.0, 1.1]})
LOG = TimeAxis.over("log", CURVES["step"].to_numpy(), 1_000)
LINEAR = TimeAxis.over("linear", CURVES["step"].to_numpy(), 1_000)
CORRIDOR = pd.DataFrame(
    {
        "bin": range(8),
        "position": [1.0, 3.0, 5.0, 7.0] * 2,
        "direction": [0] * 4 + [1] * 4,
        "occupancy": [0.125] * 8,
    }
)
SAMPLES = pd.DataFrame({"bin": range(3), "position": np.nan, "direction": np.nan})
