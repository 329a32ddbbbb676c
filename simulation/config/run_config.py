"""The run configuration: its fields by their public dotted names, and its id.

A configuration is frozen and validated. Its canonical form, hashed, is the run's id: the same
configuration is the same run, on any machine. Only values that differ from their default enter
the canonical form, so a field added later (with a default) leaves every earlier id as it is.
Defaults are therefore part of the format: they never change.

There is one class a model; they differ in their sections. The kind of task tells the model.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError, model_validator

from simulation.config.field import Frozen, Precision, choice, number
from simulation.config.networks import Network, SimilarityNetwork
from simulation.config.reading import closest, flatten, nest, read_scalar, translate
from simulation.config.rules import FeedforwardRule, HebbianRule, Rule, SgdRule
from simulation.config.sections import Noise, Parent, Probe, Recording, Schedule
from simulation.config.specs import FieldSpec, kinds_of, specs_of
from simulation.config.tasks import (
    CorridorTask,
    FeedforwardTask,
    RingTask,
    SimilarityTask,
    SmoothedRandomTask,
    Task,
)
from simulation.errors import ConfigError, Problem

SCHEMA_VERSION = 1
RUN_ID_LENGTH = 12

_SEED = number(
    0, 0, 2**31 - 1, "Seed", "Source of the task, the initial weights and all noise.", ""
)
_PRECISION = choice(
    "auto",
    "Precision",
    "Arithmetic; auto: float64 without noise (rounding would act as noise) and with Adam or "
    "RMSprop, else float32.",
)


class RunConfig(Frozen):
    """Everything that decides what a run computes. Build with `RunConfig.parse`.

    The base of one class a model: `FeedforwardConfig`, `SimilarityConfig`.
    """

    label: ClassVar[str]

    model: str
    task: Task
    network: Network | SimilarityNetwork
    rule: Rule
    schedule: Recording
    parent: Parent
    seed: int
    precision: Literal["float32", "float64", "auto"]

    @model_validator(mode="after")
    def _resolve_precision(self) -> Self:
        if self.precision == "auto":
            object.__setattr__(self, "precision", self.default_precision())
        return self

    def default_precision(self) -> Precision:
        """What precision `auto` means for this configuration."""
        return "float64" if self.is_noise_free else "float32"

    @property
    def is_noise_free(self) -> bool:
        """Whether nothing random happens in training."""
        raise NotImplementedError

    @property
    def parameter_count(self) -> int:
        """How many numbers are learned."""
        raise NotImplementedError

    def noise_in_words(self) -> str:
        """The noise sources that are on, or 'no noise'."""
        raise NotImplementedError

    def in_words(self) -> str:
        """One line for headers: '150 corridor samples, 500 units (lazy), ...'."""
        raise NotImplementedError

    @classmethod
    def parse(cls, values: dict[str, Any]) -> RunConfig:
        """Validate nested or dotted `values`; a missing field takes its default.

        Raises
        ------
        ConfigError : naming every field at fault, its value, the allowed range and, for an
            unknown field, the nearest known one.
        """
        nested = nest(values)
        model = nested.setdefault("model", _model_of(flatten(nested)))
        if model not in MODELS:
            known = ", ".join(MODELS)
            raise ConfigError(
                [Problem("model", f"{model!r} is not one of {known}{closest(str(model), MODELS)}")]
            )
        for path, kind in _default_kinds(model).items():
            section = path.split(".")[0]
            if isinstance(nested.get(section), dict):
                nested[section].setdefault("kind", kind)
        try:
            config = MODELS[model].model_validate(nested)
        except ValidationError as error:
            raise ConfigError(
                translate(error, lambda kinds: fields({"model": model} | kinds))
            ) from None
        if problems := config.problems():
            raise ConfigError(problems)
        return config

    def problems(self) -> list[Problem]:
        """What is wrong with fields that are right by themselves."""
        parent, steps = self.parent, self.schedule.steps
        if parent.run and parent.step >= steps:
            text = (
                f"the run ends at step {steps:,}, which is not after its start at {parent.step:,}"
            )
            return [Problem("schedule.steps", text)]
        if parent.step and not parent.run:
            return [Problem("parent.step", "needs parent.run, the run to start from")]
        return []

    def with_values(self, changes: dict[str, Any]) -> RunConfig:
        """This configuration with dotted fields changed; strings are read as numbers.

        A change of a `kind` starts that section from the new kind's defaults, keeping what had
        been set by hand and exists there too; a change of the model does so everywhere.
        """
        values = self.values()
        if "precision" not in changes and self.precision == self.default_precision():
            values["precision"] = "auto"
        changes = {  # a run id may look like a number
            path: value if path == "parent.run" else read_scalar(value)
            for path, value in changes.items()
        }
        old_kinds, new_kinds = self.kinds(), self._kinds_after(changes)
        changed = {
            path.removesuffix("kind")
            for path in old_kinds
            if path in new_kinds and new_kinds[path] != old_kinds[path]
        }
        if changed:
            touched = ("",) if "model" in changed else tuple(changed)
            old = {spec.path: spec.default for spec in fields(old_kinds)}
            known = {spec.path for spec in fields(new_kinds)}
            values = {
                path: value
                for path, value in values.items()
                if not path.startswith(touched) or (path in known and value != old[path])
            }
        return RunConfig.parse({**values, **new_kinds, **changes})

    def _kinds_after(self, changes: dict[str, Any]) -> dict[str, Any]:
        """The kinds once `changes` are made; a task of another model brings that model's rule."""
        given = {path: changes[path] for path in self.kinds() if path in changes}
        model = given.get("model", _model_of(given, self.model))
        if model == self.model or model not in MODELS:
            return {**self.kinds(), **given}
        return {"model": model, **_default_kinds(model), **given}

    def values(self) -> dict[str, Any]:
        """Every field by its public dotted name."""
        return flatten(self.model_dump())

    def derived(self) -> dict[str, Any]:
        """Sizes that follow from the fields, by dotted name."""
        return {"task.input_dim": self.task.input_dim}

    def kinds(self) -> dict[str, str]:
        """Which classes the sections are: model, task.kind, rule.kind."""
        return {"model": self.model, "task.kind": self.task.kind, "rule.kind": self.rule.kind}

    def canonical_json(self) -> str:
        """The text that is hashed: kinds, and every value that is not its default, sorted."""
        kinds = self.kinds()
        defaults = RunConfig.parse(kinds).values() | {"precision": self.default_precision()}
        kept = {
            path: value
            for path, value in self.values().items()
            if value != defaults[path] or path in kinds
        }
        return json.dumps({"schema": SCHEMA_VERSION, **kept}, sort_keys=True, separators=(",", ":"))

    @property
    def run_id(self) -> str:
        digest = hashlib.sha256(self.canonical_json().encode()).hexdigest()
        return digest[:RUN_ID_LENGTH]

    def _ending_words(self) -> list[str]:
        steps, parent = self.schedule.steps, self.parent
        length = "1 step" if steps == 1 else f"{steps:,} steps"
        if parent.run:
            length = f"from step {parent.step:,} of run {parent.run} to step {steps:,}"
        return [length, f"seed {self.seed}"]


class FeedforwardConfig(RunConfig):
    """The paper's network: one hidden layer that descends a loss."""

    label: ClassVar[str] = "Feedforward network"

    model: Literal["feedforward"] = choice("feedforward", "Model", "Which network is simulated.")
    task: Annotated[FeedforwardTask, Field(discriminator="kind")] = SmoothedRandomTask()
    network: Network = Network()
    rule: Annotated[FeedforwardRule, Field(discriminator="kind")] = SgdRule()
    noise: Noise = Noise()
    schedule: Schedule = Schedule()
    probe: Probe = Probe()
    parent: Parent = Parent()
    seed: int = _SEED
    precision: Literal["float32", "float64", "auto"] = _PRECISION

    def default_precision(self) -> Precision:
        return self.rule.precision or super().default_precision()

    @property
    def is_noise_free(self) -> bool:
        return self.noise.is_silent and not self.rule.is_noisy

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.probe.morphs and not self.task.has_position:
            problems.append(Problem("probe.morphs", "this task has no scenery to change"))
        if self.arenas > self.task.n_samples:
            text = f"{self.arenas} arenas cannot share {self.task.n_samples} training samples"
            problems.append(Problem("task.environments", text))
        return problems

    @property
    def arenas(self) -> int:
        """How many arenas the training samples come from."""
        return self.task.environments if isinstance(self.task, CorridorTask) else 1

    def derived(self) -> dict[str, Any]:
        return super().derived() | {"task.output_dim": self.task.output_dim}

    @property
    def parameter_count(self) -> int:
        """P = H (D + 1 + O)."""
        return self.network.hidden_units * (self.task.input_dim + 1 + self.task.output_dim)

    def in_words(self) -> str:
        network, task = self.network, self.task
        place = f" in {self.arenas} arenas" if self.arenas > 1 else ""
        activation = "" if network.activation == "relu" else f"{network.activation} "
        parts = [
            f"{task.label}{place}, N={task.n_samples} D={task.input_dim} O={task.output_dim}",
            f"{network.hidden_units} {activation.replace('_', ' ')}units, {network.init} start",
            f"{_SHORT_RULE[self.rule.kind]} at learning rate {self.rule.learning_rate:g}",
            self.noise_in_words(),
            *self._ending_words(),
        ]
        return " · ".join(parts)

    def noise_in_words(self) -> str:
        noise, parts = self.noise, []
        if noise.update_scale:
            parts.append(f"update noise s={noise.update_scale:g}")
        if noise.label_scale:
            parts.append(f"{noise.label_distribution} label noise {noise.label_scale:g}")
        if noise.input_scale:
            parts.append(f"input noise {noise.input_scale:g}")
        return ", ".join(parts) or ("no added noise" if self.rule.is_noisy else "no noise")


class SimilarityConfig(RunConfig):
    """Similarity matching by Hebbian and anti-Hebbian plasticity (Qin et al. 2023)."""

    label: ClassVar[str] = "Similarity matching (Hebbian / anti-Hebbian)"

    model: Literal["similarity_matching"] = choice(
        "similarity_matching", "Model", "Which network is simulated."
    )
    task: Annotated[SimilarityTask, Field(discriminator="kind")] = RingTask()
    network: SimilarityNetwork = SimilarityNetwork()
    rule: Annotated[HebbianRule, Field()] = HebbianRule()
    schedule: Recording = Recording()
    parent: Parent = Parent()
    seed: int = _SEED
    precision: Literal["float32", "float64", "auto"] = _PRECISION

    @property
    def is_noise_free(self) -> bool:
        return not (self.rule.feedforward_noise or self.rule.lateral_noise)

    @property
    def parameter_count(self) -> int:
        """W, M and b: H (D + H + 1)."""
        units = self.network.hidden_units
        return units * (self.task.input_dim + units + 1)

    def in_words(self) -> str:
        parts = [
            f"{self.task.label}, {self.task.n_samples} inputs of {self.task.input_dim} values",
            f"{self.network.hidden_units} units",
            f"{self.rule.label} at learning rate {self.rule.learning_rate:g}",
            self.noise_in_words(),
            *self._ending_words(),
        ]
        return " · ".join(parts)

    def noise_in_words(self) -> str:
        noise = (("W", self.rule.feedforward_noise), ("M", self.rule.lateral_noise))
        parts = [f"noise in {name} {scale:g}" for name, scale in noise if scale]
        return ", ".join(parts) or "no noise"


_SHORT_RULE = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop", "sed": "SED"}

MODELS: dict[str, type[RunConfig]] = {
    "feedforward": FeedforwardConfig,
    "similarity_matching": SimilarityConfig,
}
TASKS: dict[str, type[Task]] = {
    kind: task for model in MODELS.values() for kind, task in kinds_of(model, "task").items()
}
RULES: dict[str, type[Rule]] = {
    kind: rule for model in MODELS.values() for kind, rule in kinds_of(model, "rule").items()
}
MODEL_OF_KIND = {
    (section, kind): name
    for name, model in MODELS.items()
    for section in ("task", "rule")
    for kind in kinds_of(model, section)
}


def fields(kinds: dict[str, str] | None = None) -> list[FieldSpec]:
    """Every field of a configuration with these kinds ({'task.kind': ...}; default kinds else).

    Unknown kinds count as the default ones.
    """
    kinds = kinds or {}
    return specs_of(MODELS[_model_of(kinds)], kinds)


def _model_of(kinds: dict[str, Any], default: str = "feedforward") -> str:
    """The model named in `kinds`, else the one that their task or rule belongs to."""
    if kinds.get("model") in MODELS:
        return str(kinds["model"])
    named = ((section, str(kinds.get(f"{section}.kind"))) for section in ("task", "rule"))
    return next((MODEL_OF_KIND[key] for key in named if key in MODEL_OF_KIND), default)


def _default_kinds(model: str) -> dict[str, str]:
    sections = MODELS[model].model_fields
    return {f"{name}.kind": sections[name].default.kind for name in ("task", "rule")}
