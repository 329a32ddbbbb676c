"""The run configuration: its fields by their public dotted names, and its id.

A configuration is frozen and validated. Its canonical form, hashed, is the run's id: the same
configuration is the same run, on any machine. Only values that differ from their default enter
the canonical form, so a field added later (with a default) leaves every earlier id as it is.
Defaults are therefore part of the format: they never change.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from simulation.config_input import flatten, nest, read_scalar, translate
from simulation.config_sections import (
    RULES,
    TASKS,
    Frozen,
    Network,
    Noise,
    Precision,
    Schedule,
    SgdRule,
    SmoothedRandomTask,
    Task,
    choice,
    number,
)
from simulation.errors import ConfigError

SCHEMA_VERSION = 1
RUN_ID_LENGTH = 12


class RunConfig(Frozen):
    """Everything that decides what a run computes. Build with `RunConfig.parse`."""

    model: Literal["feedforward"] = choice("feedforward", "Model", "Which network is simulated.")
    task: Annotated[Task, Field(discriminator="kind")] = SmoothedRandomTask()
    network: Network = Network()
    rule: Annotated[SgdRule, Field()] = SgdRule()
    noise: Noise = Noise()
    schedule: Schedule = Schedule()
    seed: int = number(
        0, 0, 2**31 - 1, "Seed", "Source of the task, the initial weights and all noise.", ""
    )
    precision: Literal["float32", "float64", "auto"] = choice(
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
