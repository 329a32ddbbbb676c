"""The run configuration: the one place for names, units, defaults, limits and help.

A configuration is frozen and validated. Its canonical form, hashed, is the run's id: the same
configuration is the same run, on any machine. Only values that differ from their default enter
the canonical form, so a field added later (with a default) leaves every earlier id as it is.
Defaults are therefore part of the format: they never change.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from simulation.config_input import flatten, nest, read_scalar, translate
from simulation.errors import ConfigError

SCHEMA_VERSION = 1
RUN_ID_LENGTH = 12

Precision = Literal["float32", "float64"]


def _number(default: float, low: float, high: float, label: str, help: str, unit: str = "") -> Any:
    """A numeric field with inclusive limits."""
    return Field(
        default,
        ge=low,
        le=high,
        title=label,
        description=help,
        json_schema_extra={"unit": unit},
    )


def _choice(default: str, label: str, help: str) -> Any:
    return Field(default, title=label, description=help, json_schema_extra={"unit": ""})


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Samples(_Frozen):
    n_samples: int = _number(
        5, 1, 20_000, "Training samples N", "Samples in the training batch.", "samples"
    )


class CorridorTask(_Frozen):
    """The paper's predictive task: see a wall texture and a turn, predict the next view."""

    label: ClassVar[str] = "Corridor (predict the next view)"
    has_position: ClassVar[bool] = True

    kind: Literal["corridor"] = "corridor"
    n_samples: int = _number(
        150, 2, 20_000, "Training samples N", "Steps of the agent in the batch.", "samples"
    )
    length_x: float = _number(
        1.0,
        0.1,
        100,
        "Corridor width",
        "Extent across (Lx); the agent keeps to the middle.",
        "length",
    )
    length_y: float = _number(14.0, 1, 1_000, "Corridor length", "Extent along (Ly).", "length")
    rays: int = _number(
        17, 2, 200, "Visual rays", "Rays that sample the field of view (L_vis).", "rays"
    )
    fov_fraction: float = _number(
        8.0, 1.05, 100, "Field of view", "Rays span heading ± π / this number.", ""
    )
    texture_smoothing: float = _number(
        0.09,
        0,
        10,
        "Texture smoothing K",
        "Width of the Gaussian that smooths the wall, as a share of its number of tiles.",
        "perimeters",
    )
    speed: float = _number(0.2, 0.001, 10, "Speed", "Mean step along the heading.", "length/step")
    speed_jitter: float = _number(
        0.1, 0, 10, "Speed jitter", "Standard deviation of a step.", "length/step"
    )
    heading_noise: float = _number(
        0.0054831135561607545,
        0,
        1,
        "Heading noise",
        "Standard deviation of the heading change of a step.",
        "rad/step",
    )

    @property
    def input_dim(self) -> int:
        return self.rays + 1

    @property
    def output_dim(self) -> int:
        return self.rays


class AbstractPredictiveTask(_Samples):
    """A view on a ring of random scenery; predict the view after the next move."""

    label: ClassVar[str] = "Abstract predictive (ring)"
    has_position: ClassVar[bool] = True

    kind: Literal["abstract_predictive"] = "abstract_predictive"
    input_dim: int = _number(
        20, 1, 500, "View size D", "Points of a view, in and out (O = D).", "values"
    )

    @property
    def output_dim(self) -> int:
        return self.input_dim


class RandomTask(_Samples):
    """Uniform random inputs and targets: nothing to generalise, only to fit."""

    label: ClassVar[str] = "Random"
    has_position: ClassVar[bool] = False

    kind: Literal["random"] = "random"
    input_dim: int = _number(20, 1, 500, "Input size D", "Values in an input.", "values")
    output_dim: int = _number(5, 1, 500, "Output size O", "Values in a target.", "values")


class SmoothedRandomTask(_Samples):
    """Random inputs and targets, smoothed across samples and dimensions."""

    label: ClassVar[str] = "Smoothed random"
    has_position: ClassVar[bool] = False

    kind: Literal["smoothed_random"] = "smoothed_random"
    input_dim: int = _number(20, 1, 500, "Input size D", "Values in an input.", "values")
    output_dim: int = _number(5, 1, 500, "Output size O", "Values in a target.", "values")


Task = CorridorTask | AbstractPredictiveTask | RandomTask | SmoothedRandomTask


class Network(_Frozen):
    """One hidden layer: h = sigma(x m^T + b), prediction = h n^T."""

    hidden_units: int = _number(100, 1, 20_000, "Hidden units H", "Units of the layer.", "units")
    init: Literal["rich", "lazy"] = _choice(
        "rich",
        "Initialisation",
        "Standard deviation of the output weights: rich sqrt(2/H), lazy 2/H.",
    )
    activation: Literal["relu"] = _choice("relu", "Activation", "Nonlinearity of hidden units.")


class SgdRule(_Frozen):
    """Full-batch gradient descent; with noise in the update it is SGD as in the paper's eq. 4."""

    label: ClassVar[str] = "Gradient descent (SGD)"

    kind: Literal["sgd"] = "sgd"
    learning_rate: float = _number(
        0.1, 1e-8, 10, "Learning rate", "Step size of gradient and noise.", "per step"
    )


class Noise(_Frozen):
    """What keeps the network moving after it has learned. All zero: the noise-free control."""

    update_scale: float = _number(
        0.0,
        0,
        10,
        "Update noise s",
        "Standard deviation added to each gradient entry; a step moves a weight by lr·s·N(0,1).",
        "gradient",
    )
    label_scale: float = _number(
        0.0,
        0,
        10,
        "Label noise",
        "Scale of the noise added to the targets each step.",
        "target",
    )
    label_distribution: Literal["uniform", "gaussian"] = _choice(
        "uniform",
        "Label noise shape",
        "uniform: scale is the full width (s.d. scale/√12); gaussian: scale is the s.d.",
    )
    input_scale: float = _number(
        0.0, 0, 10, "Input noise", "Standard deviation added to each input, each step.", "input"
    )

    @property
    def is_silent(self) -> bool:
        return not (self.update_scale or self.label_scale or self.input_scale)


Spacing = Literal["linear", "log", "both"]


class Schedule(_Frozen):
    """How long to train and when to record. Recording never changes the trajectory."""

    steps: int = _number(
        1_000_000, 1, 1_000_000_000, "Training steps", "Length of the run.", "steps"
    )
    curve_points: int = _number(
        2_000, 2, 100_000, "Curve points", "Recordings of the curves.", "recordings"
    )
    curve_spacing: Spacing = _choice(
        "both", "Curve spacing", "linear, log, or both: half the points each way."
    )
    snapshots: int = _number(
        40, 2, 2_000, "Snapshots", "Recordings of weights and rate maps.", "recordings"
    )
    snapshot_spacing: Spacing = _choice(
        "both", "Snapshot spacing", "linear, log, or both: half the snapshots each way."
    )
    hessian_snapshots: int = _number(
        20, 0, 2_000, "Hessian spectra", "Snapshots that get all eigenvalues.", "recordings"
    )
    hessian_limit: int = _number(
        4_000,
        0,
        25_000,
        "Hessian size limit",
        "Eigenvalues are computed only while the matrix of the active units has at most this many "
        "rows (time grows with the cube); the trace and the largest are always exact.",
        "parameters",
    )


class RunConfig(_Frozen):
    """Everything that decides what a run computes. Build with `RunConfig.parse`."""

    model: Literal["feedforward"] = _choice("feedforward", "Model", "Which network is simulated.")
    task: Annotated[Task, Field(discriminator="kind")] = SmoothedRandomTask()
    network: Network = Network()
    rule: Annotated[SgdRule, Field()] = SgdRule()
    noise: Noise = Noise()
    schedule: Schedule = Schedule()
    seed: int = _number(
        0, 0, 2**31 - 1, "Seed", "Source of the task, the initial weights and all noise.", ""
    )
    precision: Literal["float32", "float64", "auto"] = _choice(
        "auto",
        "Precision",
        "Arithmetic; auto: float64 without noise (rounding would act as noise), else float32.",
    )

    @model_validator(mode="after")
    def _resolve_precision(self) -> Self:
        if self.precision == "auto":
            object.__setattr__(self, "precision", self._default_precision())
        return self

    def _default_precision(self) -> Precision:
        return "float64" if self.noise.is_silent else "float32"

    @classmethod
    def parse(cls, values: dict[str, Any]) -> RunConfig:
        """Validate nested or dotted `values`; a missing field takes its default.

        Raises
        ------
        ConfigError : naming every field at fault, its value, the allowed range and, for an
            unknown field, the nearest known one.
        """
        try:
            return cls.model_validate(nest(values))
        except ValidationError as error:
            raise ConfigError(translate(error, fields)) from None

    def with_values(self, changes: dict[str, Any]) -> RunConfig:
        """This configuration with dotted fields changed; strings are read as numbers.

        A change of a `kind` starts that section from the new kind's defaults, keeping what had
        been set by hand and exists there too.
        """
        values = self.values()
        if "precision" not in changes and self.precision == self._default_precision():
            values["precision"] = "auto"
        changes = {path: read_scalar(value) for path, value in changes.items()}
        for section in ("task", "rule"):
            kind = changes.get(f"{section}.kind")
            if kind is not None and kind != values[f"{section}.kind"]:
                old = {spec.path: spec.default for spec in fields(self._kinds())}
                known = {spec.path for spec in fields({f"{section}.kind": kind})}
                values = {
                    path: value
                    for path, value in values.items()
                    if not path.startswith(f"{section}.") or (path in known and value != old[path])
                }
        return RunConfig.parse({**values, **changes})

    def values(self) -> dict[str, Any]:
        """Every field by its public dotted name."""
        return flatten(self.model_dump())

    def derived(self) -> dict[str, Any]:
        """Sizes that follow from the fields, by dotted name: task.input_dim, task.output_dim."""
        return {"task.input_dim": self.task.input_dim, "task.output_dim": self.task.output_dim}

    def _kinds(self) -> dict[str, Any]:
        return {"task.kind": self.task.kind, "rule.kind": self.rule.kind}

    def canonical_json(self) -> str:
        """The text that is hashed: kinds, and every value that is not its default, sorted."""
        kinds = self._kinds()
        defaults = RunConfig.parse(kinds).values() | {"precision": self._default_precision()}
        kept = {
            path: value
            for path, value in self.values().items()
            if value != defaults[path] or path in {*kinds, "model"}
        }
        return json.dumps({"schema": SCHEMA_VERSION, **kept}, sort_keys=True, separators=(",", ":"))

    @property
    def run_id(self) -> str:
        digest = hashlib.sha256(self.canonical_json().encode()).hexdigest()
        return digest[:RUN_ID_LENGTH]

    @property
    def parameter_count(self) -> int:
        """P = H (D + 1 + O)."""
        return self.network.hidden_units * (self.task.input_dim + 1 + self.task.output_dim)

    def in_words(self) -> str:
        """One line for headers: '150 corridor samples, 500 ReLU units (lazy), ...'."""
        parts = [
            f"{self.task.label}, N={self.task.n_samples} D={self.task.input_dim} "
            f"O={self.task.output_dim}",
            f"{self.network.hidden_units} units, {self.network.init} start",
            f"{self.rule.kind.upper()} at learning rate {self.rule.learning_rate:g}",
            self.noise_in_words(),
            f"{self.schedule.steps:,} steps",
            f"seed {self.seed}",
        ]
        return " · ".join(parts)

    def noise_in_words(self) -> str:
        """The noise sources that are on, or 'no noise'."""
        noise, parts = self.noise, []
        if noise.update_scale:
            parts.append(f"update noise s={noise.update_scale:g}")
        if noise.label_scale:
            parts.append(f"{noise.label_distribution} label noise {noise.label_scale:g}")
        if noise.input_scale:
            parts.append(f"input noise {noise.input_scale:g}")
        return ", ".join(parts) or "no noise"


class FieldSpec(BaseModel):
    """One field as forms, the CLI and the docs need it."""

    path: str
    label: str
    help: str
    unit: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    is_integer: bool = False

    @property
    def allowed(self) -> str:
        """What may be entered: '2 to 20,000', or the choices."""
        if self.minimum is None or self.maximum is None:
            return ", ".join(self.choices)
        low, high = (f"{limit:,}".removesuffix(".0") for limit in (self.minimum, self.maximum))
        return f"{low} to {high}"


TASKS: dict[str, type[Task]] = {
    "corridor": CorridorTask,
    "abstract_predictive": AbstractPredictiveTask,
    "random": RandomTask,
    "smoothed_random": SmoothedRandomTask,
}
RULES: dict[str, type[SgdRule]] = {"sgd": SgdRule}


def fields(kinds: dict[str, str] | None = None) -> list[FieldSpec]:
    """Every field of a configuration with these kinds ({'task.kind': ...}; default kinds else)."""
    kinds = {"task.kind": "smoothed_random", "rule.kind": "sgd", **(kinds or {})}
    sections: list[tuple[str, type[BaseModel]]] = [
        ("task", TASKS.get(kinds["task.kind"], SmoothedRandomTask)),
        ("network", Network),
        ("rule", RULES.get(kinds["rule.kind"], SgdRule)),
        ("noise", Noise),
        ("schedule", Schedule),
    ]
    specs = [_spec("model", RunConfig.model_fields["model"])]
    for name, section in sections:
        specs += [_spec(f"{name}.{key}", info) for key, info in section.model_fields.items()]
    return specs + [_spec(name, RunConfig.model_fields[name]) for name in ("seed", "precision")]


def _spec(path: str, info: Any) -> FieldSpec:
    limits = {
        name: getattr(rule, name)
        for rule in info.metadata
        for name in ("ge", "le")
        if hasattr(rule, name)
    }
    if path in ("task.kind", "rule.kind"):
        kinds = TASKS if path == "task.kind" else RULES
        return FieldSpec(
            path=path,
            label=path.split(".")[0].capitalize(),
            help="",
            unit="",
            default=info.default,
            choices=tuple(kinds),
        )
    choices = () if limits else tuple(_literals(info.annotation))
    return FieldSpec(
        path=path,
        label=info.title or path,
        help=info.description or "",
        unit=(info.json_schema_extra or {}).get("unit", ""),
        default=info.default,
        minimum=limits.get("ge"),
        maximum=limits.get("le"),
        choices=choices,
        is_integer=info.annotation is int,
    )


def _literals(annotation: Any) -> list[str]:
    values: list[str] = []
    for part in getattr(annotation, "__args__", ()):
        values += [part] if isinstance(part, str) else _literals(part)
    return values
