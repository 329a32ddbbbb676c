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
from abc import abstractmethod
from typing import Any, ClassVar, Literal, Self

from pydantic import ValidationError, model_validator

from simulation.config.field import Frozen, Precision
from simulation.config.networks import Network, SimilarityNetwork
from simulation.config.reading import closest, flatten, nest, read_scalar, translate
from simulation.config.rules import Rule
from simulation.config.sections import Parent, Recording
from simulation.config.specs import FieldSpec, kinds_of, specs_of
from simulation.config.tasks import Task
from simulation.errors import ConfigError, Problem

SCHEMA_VERSION = 1
RUN_ID_LENGTH = 12
MOST_MAP_BYTES = 200_000_000
"""Rate maps that a run may write, as float32 before compression."""

MODELS: dict[str, type[RunConfig]] = {}
"""The class of each model, by its name; `simulation.config.models` puts them here."""


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
    @abstractmethod
    def is_noise_free(self) -> bool:
        """Whether nothing random happens in training."""

    @property
    @abstractmethod
    def parameter_count(self) -> int:
        """How many numbers are learned."""

    @abstractmethod
    def noise_in_words(self) -> str:
        """The noise sources that are on, or 'no noise'."""

    @abstractmethod
    def in_words(self) -> str:
        """One line for headers: '150 corridor samples, 500 units (lazy), ...'."""

    @classmethod
    def parse(cls, values: dict[str, Any]) -> RunConfig:
        """Validate nested or dotted `values`; a missing field takes its default.

        Raises
        ------
        ConfigError : naming every field at fault, its value, the allowed range and, for an
            unknown field, the nearest known one.
        """
        config = cls.recorded(values)
        if problems := config.excesses():
            raise ConfigError(problems)
        return config

    @classmethod
    def recorded(cls, values: dict[str, Any]) -> RunConfig:
        """The same of a run that is there already: it may have recorded more than is allowed now.

        Raises what `parse` does.
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

    @property
    def map_bytes(self) -> int:
        """Rate maps of all snapshots, as float32 before compression."""
        return 4 * self.schedule.snapshots * self.network.hidden_units * self.task.map_values

    def excesses(self) -> list[Problem]:
        """What the run would write too much of."""
        if self.map_bytes <= MOST_MAP_BYTES:
            return []
        snapshots, units = self.schedule.snapshots, self.network.hidden_units
        arenas = self.values().get("task.environments", 1)
        inside = f" in {arenas:,} arenas" if arenas > 1 else ""
        most = MOST_MAP_BYTES * snapshots // self.map_bytes
        remedy = f"set schedule.snapshots to at most {most:,}, or " if most > 1 else ""
        fewer = "network.hidden_units" + " or task.environments" * (arenas > 1)
        text = (
            f"rate maps of {units:,} units{inside} at {snapshots:,} snapshots come to "
            f"{self.map_bytes / 1e6:,.0f} MB, of at most {MOST_MAP_BYTES / 1e6:,.0f} MB a run: "
            f"{remedy}lower {fewer}"
        )
        return [Problem("task.environments" if arenas > 1 else "network.hidden_units", text)]

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
    for section in ("task", "rule"):
        for name, model in MODELS.items():
            if kinds.get(f"{section}.kind") in list(kinds_of(model, section)):
                return name
    return default


def _default_kinds(model: str) -> dict[str, str]:
    sections = MODELS[model].model_fields
    return {f"{name}.kind": sections[name].default.kind for name in ("task", "rule")}
