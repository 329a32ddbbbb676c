"""The tables of what was recorded of a run: each column with its type, unit and meaning."""

from __future__ import annotations

import pyarrow as pa

from simulation.archive.runs_columns import POSITIVE_FRACTION, Column
from simulation.archive.table import REAL, SINGLE, Table
from simulation.models.activations import ACTIVE_MEANS

_INT, _FLOAT, _TEXT = pa.int64(), pa.float64(), pa.string()

_RUN_ID_COLUMN = Column("run_id", _TEXT, "The run this row belongs to.")
_STEP = Column("step", _INT, "Updates done when this was recorded.", "steps")
_SOURCE = Column(
    "source",
    _TEXT,
    "Samples behind a rate map: evaluation (a long noise-free walk through the same arena), "
    "training (the training batch), samples (the training samples themselves, for tasks "
    "without a position); evaluation-1, training-1, ... in each of several arenas.",
)
_TUNED_BOTH = "Units tuned (without spatial information: active) in both."


def _float(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, _FLOAT, meaning, unit)


CURVES = Table(
    "curves",
    (
        _RUN_ID_COLUMN,
        _STEP,
        _float(
            "loss",
            "Mean squared error over all training targets; of similarity matching the mean squared "
            "mismatch of similarities, in similarity².",
            "target²",
        ),
        _float(
            "log10_normalized_loss",
            "log10(loss / variance of the targets); 0 is the mean estimator. Of similarity "
            "matching log10(loss / loss of a silent network).",
            "log10",
        ),
        _float(
            "active_fraction",
            f"Share of (unit, training sample) pairs that are active. {ACTIVE_MEANS}",
            "share",
        ),
        _float(
            "active_units",
            f"Share of units active on at least one training sample. {ACTIVE_MEANS}",
            "share",
        ),
        _float(
            "tuned_units",
            "Share of units (in several arenas: of pairs of unit and arena) with spatial "
            "information above 0.01 bits; null without a position, and where activity can be "
            "negative.",
            "share",
        ),
        _float(
            "mean_spatial_information_bits",
            "Mean spatial information of the tuned units on the evaluation walk; null when none "
            "is tuned, without a position, and where activity can be negative.",
            "bits",
        ),
        _float("hessian_trace", "Sum of the eigenvalues of the loss's Hessian.", "loss/weight²"),
        _float(
            "hessian_largest",
            "Largest eigenvalue of the Hessian; recorded at the evenly spaced recordings nearest "
            "to 0, 1, ..., 9 % and 90, 91, ..., 99 % of the run alone, else null.",
            "loss/weight²",
        ),
    ),
)

SNAPSHOTS = Table(
    "snapshots",
    (
        _RUN_ID_COLUMN,
        _STEP,
        _float(
            "position_error",
            "Cross-validated error of position decoded from hidden activity on the evaluation "
            "walk (several arenas: their mean); null without a position.",
            "arena units",
        ),
        _float(
            "across_arenas_correlation",
            "Mean over pairs of arenas of the rate-map correlation between them, over units tuned "
            "in both; null with one arena.",
        ),
        _float("hessian_trace", "Sum of the eigenvalues of the loss's Hessian.", "loss/weight²"),
        _float("hessian_largest", "Largest eigenvalue of the Hessian.", "loss/weight²"),
        _float("hessian_log_sum", "Sum of natural logarithms of the positive eigenvalues.", "ln"),
        _float("positive_eigenvalue_fraction", POSITIVE_FRACTION, "share"),
        _float(
            "relative_positive_eigenvalue_fraction",
            "Share of all P eigenvalues above 1e-12 of the largest: positive beyond rounding.",
            "share",
        ),
        Column(
            "hessian_exact_zeros",
            _INT,
            "Eigenvalues that are exactly 0: parameters of units silent on every sample.",
            "eigenvalues",
        ),
        Column("hessian_note", _TEXT, "Why Hessian values are missing here; null when none is."),
    ),
)

RATE_MAPS = Table(
    "rate_maps",
    (
        _RUN_ID_COLUMN,
        _STEP,
        _SOURCE,
        Column("unit", _INT, "Index of the hidden unit, from 0."),
        Column(
            "rate_map",
            SINGLE,
            "Mean activity in each place of the `places` table; NaN: place never visited.",
            "activity",
        ),
        _float("spatial_information_bits", "Spatial information; null: silent unit.", "bits"),
    ),
    key=("step", "source"),
)

PLACES = Table(
    "places",
    (
        _RUN_ID_COLUMN,
        _SOURCE,
        Column("bin", _INT, "Index into a rate map, from 0."),
        _float(
            "position", "Centre of the bin; null for samples without a position.", "arena units"
        ),
        Column("direction", _INT, "Direction of travel, 0 or 1; null without a position."),
        _float("occupancy", "Share of the samples in this bin.", "share"),
    ),
)

CORRELATIONS = Table(
    "correlations",
    (
        _RUN_ID_COLUMN,
        Column("step_a", _INT, "Step of the earlier snapshot.", "steps"),
        Column("step_b", _INT, "Step of the later snapshot (or the same).", "steps"),
        _SOURCE,
        _float(
            "rate_map_correlation",
            "Mean over units tuned at both steps of the Pearson correlation of their rate maps.",
        ),
        _float(
            "population_vector_correlation",
            "Mean over places of the Pearson correlation, across units, of the population vectors.",
        ),
        Column("tuned_both", _INT, _TUNED_BOTH, "units"),
    ),
)

PROBES = Table(
    "probes",
    (
        _RUN_ID_COLUMN,
        _STEP,
        _float(
            "morph",
            "Grade g of change of the scenery: cos(g 90°) of the familiar one plus sin(g 90°) of "
            "an unrelated one; 0 is familiar, 1 unrelated.",
            "grade",
        ),
        Column(
            "units",
            _TEXT,
            "Which units count: all, or those trained, active on at least one training sample; "
            "null: all.",
        ),
        _float("loss", "Mean squared error on the long walk through that scenery.", "target²"),
        _float(
            "log10_normalized_loss",
            "log10(loss / variance of the targets there); 0 is the mean estimator.",
            "log10",
        ),
        _float(
            "rate_map_correlation",
            "Mean over units tuned in both of the Pearson correlation of their rate maps in this "
            "and in the familiar scenery.",
        ),
        _float(
            "population_vector_correlation",
            "Mean over places of the Pearson correlation, across units, of the population vectors "
            "in this and in the familiar scenery.",
        ),
        Column("tuned_both", _INT, _TUNED_BOTH, "units"),
    ),
)

CENTROIDS = Table(
    "centroids",
    (
        _RUN_ID_COLUMN,
        _STEP,
        _SOURCE,
        Column(
            "centroids",
            SINGLE,
            "Centre of mass of each unit's rate map, row-major (hidden units, directions of "
            "travel), round a ring its circular mean; NaN: not tuned.",
            "arena units",
        ),
    ),
)

SPECTRA = Table(
    "spectra",
    (
        _RUN_ID_COLUMN,
        _STEP,
        Column(
            "eigenvalues",
            REAL,
            "Hessian eigenvalues of the active units' parameters, ascending.",
            "loss/weight²",
        ),
        Column("exact_zeros", _INT, "Further eigenvalues that are exactly 0.", "eigenvalues"),
    ),
    key=("step",),
)

WEIGHTS = Table(
    "weights",
    (
        _RUN_ID_COLUMN,
        _STEP,
        Column("input_weights", REAL, "m, row-major (hidden units, input dim).", "weight"),
        Column("biases", REAL, "b (hidden units).", "weight"),
        Column(
            "output_weights",
            REAL,
            "n, row-major (output dim, hidden units); null in similarity matching.",
            "weight",
        ),
        Column(
            "lateral_weights",
            REAL,
            "M of similarity matching, row-major (receiving unit, sending unit); null else.",
            "weight",
        ),
        Column(
            "rule_state",
            REAL,
            "What the learning rule carries to the next step, one array after the other: Adam's "
            "means of gradient and squared gradient (m, b, n each) and their step count, "
            "RMSprop's of the squared gradient; under gradient descent, of a step within a stretch "
            "that is trained as one, the weights at its start (m, b, n) and the steps since; else "
            "null.",
        ),
    ),
    key=("step",),
)
