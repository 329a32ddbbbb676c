"""The columns of a collection as a reader sees them: label, unit, meaning, and where they belong.

Configuration fields are called as in the form of a live run; results have their names here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from simulation.archive.runs_columns import SUMMARY_COLUMNS, Column
from simulation.archive.schema import RUNS
from simulation.config import RULES, TASKS, FieldSpec, fields, in_sentence

CONFIGURATION, RESULT, RECORD = "Configuration", "Results", "The run itself"
_LOG = "log₁₀"


@dataclass(frozen=True)
class Field:
    """A column that can be drawn or shown.

    Attributes
    ----------
    group : configuration, result, or about the run itself.
    numeric : numbers; else categories.
    on_axes : whether it can be drawn, and not just listed in the table.
    choices : values of a setting, in the order they are offered in for a run.
    """

    name: str
    label: str
    unit: str
    meaning: str
    group: str
    numeric: bool
    on_axes: bool = True
    choices: tuple[str, ...] = ()

    @property
    def axis(self) -> str:
        """The label with its unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def is_logarithm(self) -> bool:
        """Whether the values are logarithms themselves."""
        return self.unit.startswith(_LOG)

    @property
    def in_sentence(self) -> str:
        """The label within a sentence."""
        return in_sentence(self.label)


RESULTS = {
    "final_log10_normalized_loss": "Final loss",
    "active_fraction_initial": "Active fraction, start",
    "active_fraction_final": "Active fraction, end",
    "active_fraction_ratio": "Active fraction, end over start",
    "active_units_initial": "Active units, start",
    "active_units_final": "Active units, end",
    "active_units_ratio": "Active units, end over start",
    "mean_spatial_information_initial": "Spatial information, start",
    "mean_spatial_information_final": "Spatial information, end",
    "log10_sparsification_rate": "Rate of falling silent",
    "tau_steps": "Timescale τ",
    "tau_steps_low": "Timescale τ, low end",
    "tau_steps_high": "Timescale τ, high end",
    "tau_verdict": "Verdict on τ",
    "hessian_trace_ratio": "Hessian trace, end over start",
    "hessian_max_ratio": "Largest eigenvalue, end over start",
    "positive_eigenvalue_fraction": "Positive eigenvalues, end",
    "centroid_diffusion": "Diffusion of tuning D",
    "centroid_diffusion_low": "Diffusion D, low end",
    "centroid_diffusion_high": "Diffusion D, high end",
    "learning_end_step": "End of learning",
    "stationary_from_step": "Null drift from",
    "fit_robust_r_squared": "R² of the fit of τ",
}
_RUN = {
    "status": "How it ended",
    "wall_seconds": "Computing time",
    "steps_reached": "Steps reached",
    "parameter_count": "Parameters P",
    "engine": "Engine",
}
NOISE_KIND = Field(
    "noise.kind",
    "Kind of noise",
    "",
    "Which noise was added: in the updates, in the targets, in the inputs, or none.",
    CONFIGURATION,
    numeric=False,
    choices=("label noise", "update noise", "no added noise"),
)
"""Not in the archive: it follows from the strengths of noise."""
_LISTED = {"run_id": "Run", "name": "Name", "created_at": "Created"}
_REASON = "status_reason"
_OF_EVERY_TASK = {
    "task.kind": ("Task", "What the network learns."),
    "task.n_samples": ("Training samples N", "Samples in the batch."),
    "task.input_dim": ("Input size D", "Values in one input, set or derived."),
    "rule.kind": ("Rule", "How the weights change from step to step."),
}
"""Label and meaning where a task's own words say less than is true of them all."""


def in_words(value: Any) -> str:
    """A value that runs are told apart by, as a reader is shown it."""
    if isinstance(value, int | float):
        return f"{value:.6g}"
    text = str(value)
    if text in TASKS:
        return str(TASKS[text].label).split(" (")[0]
    return RULES[text].short if text in RULES else text.replace("_", " ")


def _configuration() -> dict[str, FieldSpec]:
    specs: dict[str, FieldSpec] = {}
    for kinds in (
        *({"task.kind": task} for task in TASKS),
        *({"rule.kind": rule} for rule in RULES),
    ):
        for spec in fields(kinds):
            specs.setdefault(spec.path, spec)
    return specs


def _field(column: Column, label: str, group: str, on_axes: bool = True) -> Field:
    numeric = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    label, meaning = _OF_EVERY_TASK.get(column.name, (label, column.meaning))
    unit = column.unit.replace("log10", _LOG)
    return Field(column.name, label, unit, meaning, group, numeric, on_axes)


def _fields() -> dict[str, Field]:
    columns = {column.name: column for column in RUNS.columns}
    summary = [column.name for column in SUMMARY_COLUMNS if column.name in RESULTS]
    listed = [
        *(_field(columns[name], label, RECORD, False) for name, label in _LISTED.items()),
        *(
            replace(_field(columns[path], spec.label, CONFIGURATION), choices=spec.choices)
            for path, spec in _configuration().items()
        ),
        *(_field(columns[name], RESULTS[name], RESULT) for name in summary),
        *(_field(columns[name], label, RECORD) for name, label in _RUN.items()),
        _field(columns[_REASON], "How it ended, in a sentence", RECORD, False),
    ]
    listed.insert([field.name for field in listed].index("noise.update_scale"), NOISE_KIND)
    return {field.name: field for field in listed}


FIELDS = _fields()
"""Every column that the explorer knows, by its name in the runs table."""
