"""The configuration of each model: its sections, and what they come to."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from simulation.config.field import Precision, choice, number
from simulation.config.networks import Network, SimilarityNetwork
from simulation.config.rules import FeedforwardRule, HebbianRule, Rule, SgdRule
from simulation.config.run_config import MODELS, RunConfig
from simulation.config.sections import AddedNoise, Parent, Probing, Recording, Schedule
from simulation.config.specs import kinds_of
from simulation.config.tasks import (
    CorridorTask,
    FeedforwardTask,
    RingTask,
    SimilarityTask,
    SmoothedRandomTask,
    Task,
)
from simulation.errors import Problem

_SEED = number(
    0, 0, 2**31 - 1, "Seed", "Source of the task, the initial weights and all noise.", ""
)
_PRECISION = choice(
    "auto",
    "Precision",
    "Arithmetic; auto: float64 without noise (rounding would act as noise) and with Adam or "
    "RMSprop, else float32.",
)


class FeedforwardConfig(RunConfig):
    """The paper's network: one hidden layer that descends a loss."""

    label: ClassVar[str] = "Feedforward network"

    model: Literal["feedforward"] = choice("feedforward", "Model", "Which network is simulated.")
    task: Annotated[FeedforwardTask, Field(discriminator="kind")] = SmoothedRandomTask()
    network: Network = Network()
    rule: Annotated[FeedforwardRule, Field(discriminator="kind")] = SgdRule()
    noise: AddedNoise = AddedNoise()
    schedule: Schedule = Schedule()
    probe: Probing = Probing()
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
            f"{self.rule.short} at learning rate {self.rule.learning_rate:g}",
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


MODELS |= {"feedforward": FeedforwardConfig, "similarity_matching": SimilarityConfig}
TASKS: dict[str, type[Task]] = {
    kind: task for model in MODELS.values() for kind, task in kinds_of(model, "task").items()
}
RULES: dict[str, type[Rule]] = {
    kind: rule for model in MODELS.values() for kind, rule in kinds_of(model, "rule").items()
}
