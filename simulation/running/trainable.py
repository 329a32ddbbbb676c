"""A model with what trains and measures it: all that a run of it needs, as one object.

What may be asked without an engine is `simulation.models.model`. This half loads engines and
recorders where they are first used, so a web process may ask it what a run consists of.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic

from simulation.engines import Engine
from simulation.models.model import Model, State
from simulation.recording import Recorder, Rows
from simulation.tasks.dataset import Dataset


@dataclass(frozen=True)
class RunPart:
    """One of the things that a run is made of.

    Attributes
    ----------
    count : how often it happens in the run.
    sizes : what its cost grows with, in proportion to each; the first is 1.
    """

    count: float
    sizes: list[float]


@dataclass(frozen=True)
class Trainable(ABC, Generic[State]):
    """See above. Made by `simulation.running.trainable_of`.

    Attributes
    ----------
    trials : configurations, as fields, that its parts are timed on.
    """

    model: Model[State]

    trials: ClassVar[Sequence[dict[str, Any]]]

    @abstractmethod
    def engine(self, name: str, dataset: Dataset) -> Engine[State]:
        """The engine of this name, ready to train on `dataset`; loads its library here.

        Raises
        ------
        DriftscapeError : no engine has this name.
        """

    @abstractmethod
    def recorder(self, dataset: Dataset, rows: Rows) -> Recorder[State]:
        """What measures the network while it is trained on `dataset`, and writes to `rows`."""

    @abstractmethod
    def parts(self) -> dict[str, RunPart]:
        """What a run is made of while every unit is active, by name; `step_part` is one of them."""

    @abstractmethod
    def work(self, dataset: Dataset, state: State) -> Iterator[tuple[str, Callable[[], object]]]:
        """Parts of a run other than its steps that can be timed: each by its name, done once."""

    @property
    def step_part(self) -> str:
        """The name of the part that is one training step."""
        return step_part(self.model.config.rule.kind, self.model.config.precision)

    @property
    def steps_before_timing(self) -> int:
        """Steps after which a step takes as long as in most of a run."""
        return 0

    @property
    def lockstep_key(self) -> tuple[object, ...] | None:
        """Runs with equal keys can share the batch of a device; None: this one cannot."""
        return None

    @property
    def quickens(self) -> bool:
        """Whether its steps take a core less and less time, as units fall silent."""
        return False


def step_part(rule: str, precision: str) -> str:
    """The name of the part that is one training step by this rule."""
    return f"step_{rule}_{precision}"
