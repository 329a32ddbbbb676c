"""The columns of the `runs` table: one row tells what a run was and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from simulation.config import RULES, TASKS, fields
from simulation.models.activations import ACTIVE_MEANS

_INT, _FLOAT, _TEXT = pa.int64(), pa.float64(), pa.string()


@dataclass(frozen=True)
class Column:
    """A column: its name, Arrow type, meaning in one sentence, and unit."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return bool(pa.types.is_integer(self.type) or pa.types.is_floating(self.type))

    def field(self, kind: pa.DataType | None = None) -> pa.Field:
        """The Arrow field, with unit and meaning as its metadata."""
        about = {"unit": self.unit, "meaning": self.meaning}
        return pa.field(self.name, kind or self.type, metadata=about)


def _config_columns() -> tuple[Column, ...]:
    """One column a public configuration field, over all tasks and rules; null where absent."""
    columns: dict[str, Column] = {}
    for kinds in [
        *({"task.kind": task} for task in TASKS),
        *({"rule.kind": rule} for rule in RULES),
    ]:
        for spec in fields(kinds):
            kind = _TEXT if spec.minimum is None else _INT if spec.is_integer else _FLOAT
            columns.setdefault(
                spec.path, Column(spec.path, kind, spec.help or spec.label, spec.unit)
            )
    for path, name in (("task.input_dim", "input"), ("task.output_dim", "target")):
        columns[path] = Column(path, _INT, f"Values in one {name}, set or derived.", "values")
    return tuple(columns.values())


PROVENANCE_COLUMNS = (
    Column("engine_version", _TEXT, "Changes when the engine could give another trajectory."),
    Column("package_version", _TEXT, "Version of Driftscape."),
    Column("python_version", _TEXT, "Version of Python."),
    Column("numpy_version", _TEXT, "Version of NumPy."),
    Column("numba_version", _TEXT, "Version of Numba; null when the engine does not use it."),
    Column("torch_version", _TEXT, "Version of PyTorch; null when the engine does not use it."),
    Column("platform", _TEXT, "Operating system and machine."),
    Column("cpu", _TEXT, "Processor."),
)

_IDENTITY = (
    Column("run_id", _TEXT, "First 12 hex digits of the SHA-256 of config_json."),
    Column("collection", _TEXT, "Folder of the archive that holds the run."),
    Column("name", _TEXT, "Name given by whoever ran it; may be empty."),
    Column("status", _TEXT, "How the run ended."),
    Column("status_reason", _TEXT, "The ending in a sentence."),
    Column("schema_version", _INT, "Version of this schema."),
    Column("created_at", _TEXT, "When the run was asked for, UTC, ISO 8601."),
    Column("finished_at", _TEXT, "When it was archived, UTC, ISO 8601."),
    Column("wall_seconds", _FLOAT, "Time spent training and recording.", "s"),
    Column("engine", _TEXT, "Which engine computed it: compiled or reference."),
    *PROVENANCE_COLUMNS,
    Column("steps_reached", _INT, "Step of the last recording.", "steps"),
    Column("config_json", _TEXT, "The canonical configuration that the run id is the hash of."),
    Column("parameter_count", _INT, "P = H (D + 1 + O).", "parameters"),
)

_FIRST = "first recording (at the fork, with a parent)"
_LAST_TEN = "mean of the last ten recordings"
_ACTIVE = f" {ACTIVE_MEANS}"
_LATE_OVER_EARLY = (
    "mean of the evenly spaced recordings nearest to 90, 91, ..., 99 % of the run, over the mean "
    "of those nearest to 0, 1, ..., 9 %, as published."
)
POSITIVE_FRACTION = (
    "Share of all P eigenvalues that a solver given every parameter of the active units returns "
    "as positive, the published measure: those beyond rounding, and half of those that rounding "
    "alone keeps from 0."
)


def _curve_summary(name: str, what: str, unit: str, more: str = "") -> tuple[Column, ...]:
    return (
        Column(f"{name}_initial", _FLOAT, f"{what}: {_FIRST}.{more}", unit),
        Column(f"{name}_final", _FLOAT, f"{what}: {_LAST_TEN}.{more}", unit),
    )


_FIT_COLUMNS = (
    Column(
        "fit_published_intercept",
        _FLOAT,
        "Published fit of active_units: floor + exp(intercept - rate step); ln at step 0.",
        "ln",
    ),
    Column("fit_published_floor", _FLOAT, "Its floor.", "share"),
    Column("fit_published_first_step", _INT, "First recording it is fitted to.", "steps"),
    Column("fit_published_last_step", _INT, "Last recording it is fitted to.", "steps"),
    Column(
        "fit_robust_onset_step",
        _FLOAT,
        "Robust fit of active_units: floor + amplitude until the onset, then "
        "floor + amplitude exp(-(step - onset)/tau).",
        "steps",
    ),
    Column("fit_robust_floor", _FLOAT, "Its floor.", "share"),
    Column("fit_robust_amplitude", _FLOAT, "Its amplitude.", "share"),
    Column("fit_robust_r_squared", _FLOAT, "Share of the curve's variance it explains."),
)

SUMMARY_COLUMNS = (
    Column(
        "final_log10_normalized_loss",
        _FLOAT,
        f"log10(loss / variance of the targets): {_LAST_TEN}.",
        "log10",
    ),
    *_curve_summary("active_fraction", "Active share of (unit, sample) pairs", "share", _ACTIVE),
    Column(
        "active_fraction_ratio", _FLOAT, f"active_fraction: {_LAST_TEN} over the first.{_ACTIVE}"
    ),
    *_curve_summary("active_units", "Share of active units", "share", _ACTIVE),
    Column("active_units_ratio", _FLOAT, f"active_units: {_LAST_TEN} over the first.{_ACTIVE}"),
    *_curve_summary("mean_spatial_information", "Mean spatial information of tuned units", "bits"),
    Column(
        "log10_sparsification_rate",
        _FLOAT,
        "log10 |slope| of ln(active units) by the published method.",
        "log10(1/steps)",
    ),
    Column("tau_steps", _FLOAT, "Sparsification timescale by the robust fit.", "steps"),
    Column("tau_steps_low", _FLOAT, "Lower end of its 95 % interval.", "steps"),
    Column("tau_steps_high", _FLOAT, "Upper end of its 95 % interval.", "steps"),
    Column("tau_verdict", _TEXT, "Whether the curve supports a timescale: identified or not."),
    *_FIT_COLUMNS,
    Column("hessian_trace_ratio", _FLOAT, f"hessian_trace: {_LATE_OVER_EARLY}"),
    Column("hessian_max_ratio", _FLOAT, f"hessian_largest: {_LATE_OVER_EARLY}"),
    Column(
        "positive_eigenvalue_fraction",
        _FLOAT,
        f"{POSITIVE_FRACTION} Mean of the spectra in the last tenth of the run.",
        "share",
    ),
    Column(
        "centroid_diffusion",
        _FLOAT,
        "Diffusion constant D of the centroids of tuning in null drift, <shift²> = 2 D lag.",
        "arena units²/step",
    ),
    Column("centroid_diffusion_low", _FLOAT, "Low end of its 95 % interval.", "arena units²/step"),
    Column("centroid_diffusion_high", _FLOAT, "Its high end.", "arena units²/step"),
    Column(
        "centroid_diffusion_offset",
        _FLOAT,
        "Mean squared shift at lag 0 of the line fitted for D.",
        "arena units²",
    ),
    Column("centroid_diffusion_lag", _INT, "Longest lag that line was fitted to.", "steps"),
    Column("learning_end_step", _INT, "Step at which the loss has converged.", "steps"),
    Column(
        "stationary_from_step", _INT, "Step from which activity statistics are steady.", "steps"
    ),
    Column("phases_rule", _TEXT, "The rule behind these two steps, in a sentence."),
)

THUMBNAIL_POINTS = 100

_THUMBNAILS = (
    Column("thumbnail_step", pa.list_(_INT), "Steps of at most 100 recordings.", "steps"),
    Column("thumbnail_active_units", pa.list_(pa.float32()), "active_units there.", "share"),
    Column("thumbnail_active_fraction", pa.list_(pa.float32()), "active_fraction there.", "share"),
    Column("thumbnail_loss", pa.list_(pa.float32()), "log10_normalized_loss there.", "log10"),
    Column(
        "thumbnail_spatial_information",
        pa.list_(pa.float32()),
        "mean_spatial_information_bits there; NaN where unknown.",
        "bits",
    ),
)

_BOOKKEEPING = (
    Column("reasons_json", _TEXT, "Why columns are null: {column: reason}."),
    Column("files_json", _TEXT, "SHA-256 of the files with the run's rows: {table: digest}."),
)

RUN_COLUMNS = (
    *_IDENTITY,
    *_config_columns(),
    *SUMMARY_COLUMNS,
    *_THUMBNAILS,
    *_BOOKKEEPING,
)
