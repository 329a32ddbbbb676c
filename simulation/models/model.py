"""What is known of a model without running it: the one object to ask instead of its class.

It loads neither an engine nor the archive, so readers and pages may ask it, too. What trains and
measures a model needs both, and is the other half: `simulation.running.trainable`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulation.config import RunConfig
from simulation.models.activations import ACTIVATIONS

Array = NDArray[np.floating[Any]]


LEAST_LEARNING = 0.3
"""Smallest fall of log10 loss that counts as learning: a factor of 2."""
NO_POSITION = "the task has no position"


class Counted(Protocol):
    """A network after `step` updates."""

    @property
    def step(self) -> int: ...


State = TypeVar("State", bound=Counted)
"""The state of a network: a frozen dataclass a model."""


@dataclass(frozen=True)
class ModelWords:
    """How what a model is judged by is called, and how to read it.

    Attributes
    ----------
    loss, loss_caption : the title of its curve, and what it shows.
    loss_reference : what log10 loss is relative to.
    sparsification_caption : why units fall silent; `{active}` is when a unit counts as active.
    no_decoding, no_spectrum : why there is neither in any run, in sentences; empty: there may be.
    """

    loss: str
    loss_caption: str
    loss_reference: str
    sparsification_caption: str
    no_decoding: str = ""
    no_spectrum: str = ""


@dataclass(frozen=True)
class NoiseOffer:
    """A kind of noise that can be switched on by itself.

    Attributes
    ----------
    key, title : its name, and the same for readers.
    strengths : fields, and values such as published runs have.
    """

    key: str
    title: str
    strengths: dict[str, float]


@dataclass(frozen=True)
class Model(ABC, Generic[State]):
    """One kind of network, as `config` describes it. Made by `simulation.models.model_of`.

    Attributes
    ----------
    words : see `ModelWords`.
    no_loss : why it has no loss surface; empty where it has.
    largest_loss : a run whose loss exceeds this has diverged.
    least_learning : smallest fall of log10 loss that counts as learning.
    noise_fields, noise_offers : all noise that it can have, and kinds of it to try.
    """

    config: RunConfig

    words: ClassVar[ModelWords]
    no_loss: ClassVar[str] = ""
    largest_loss: ClassVar[float]
    least_learning: ClassVar[float] = LEAST_LEARNING
    noise_fields: ClassVar[tuple[str, ...]]
    noise_offers: ClassVar[tuple[NoiseOffer, ...]]

    @abstractmethod
    def start(self) -> State:
        """The network before training."""

    @abstractmethod
    def stored(self, state: State) -> dict[str, Array | None]:
        """`state` as a row of the archive's `weights` table: (1, length) a column, or none."""

    @abstractmethod
    def restored(self, step: int, columns: Mapping[str, Array]) -> State:
        """The network at `step`, from what `stored` gave; columns that were none are missing."""

    @abstractmethod
    def taken_over(self, state: State) -> State:
        """What a run that leaves the trajectory of another starts with, where that has `state`."""

    @property
    def activation(self) -> str:
        """The nonlinearity of its units, one of `simulation.models.activations`."""
        return "relu"

    @property
    def falls_silent(self) -> bool:
        """Whether a network without an active unit has fallen silent for good."""
        return ACTIVATIONS[self.activation].falls_silent

    @property
    def no_information(self) -> str:
        """Why its units have no spatial information; empty where they have."""
        if not self.config.task.has_position:
            return NO_POSITION
        if ACTIVATIONS[self.activation].can_be_negative:
            return (
                f"the activity of {self.activation} units can be negative, and spatial "
                "information is defined for rates, which cannot"
            )
        return ""

    @property
    def no_decoding(self) -> str:
        """Why no position is decoded from its units; empty where one is."""
        return "" if self.config.task.has_position else NO_POSITION

    @property
    def has_scenery(self) -> bool:
        """Whether there is scenery that may be changed, to see what the network does then."""
        return False

    @property
    def morphs(self) -> int:
        """Grades of changed scenery that it is asked about at every snapshot; 0: none."""
        return 0

    @property
    def samples_a_step(self) -> int:
        """Training samples that one step sees."""
        return self.config.task.n_samples

    @property
    def hessian_rows(self) -> int:
        """Rows of its Hessian while every unit is active; 0 where eigenvalues are not solved."""
        return 0
