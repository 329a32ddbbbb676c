"""Engines make training steps. Importing this package loads neither torch nor numba.

`compiled` (numba) is the fast default; `reference` (torch autograd) is the plain statement that it
is tested against. Both draw the same noise and follow the same trajectory up to rounding; except
that under gradient descent of rectified units with update noise `compiled` draws sums of noise
where that does (`kernels.stretches`), and follows another trajectory of the same distribution.
Each model has its own of both: `simulation.running.trainable`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from simulation.errors import DriftscapeError
from simulation.models.model import State

ENGINES = ("compiled", "reference")


class Engine(Protocol[State]):
    """Training of one configuration on one dataset.

    Attributes
    ----------
    name : one of `ENGINES`.
    version : changes whenever a trajectory could.
    """

    name: str
    version: str

    def advance(self, state: State, steps: int) -> State:
        """The network after `steps` more updates.

        A pure function: `state` is left as it is, and advancing a + b steps gives the same bits
        as advancing a and then b. A diverging run shows as infinities and NaN in the weights.
        """
        ...


def when_compiling(name: str, tell: Callable[[bool], object]) -> AbstractContextManager[None]:
    """Within it, `tell` hears True when the engine `name` begins to compile, False when it has.

    Nothing where all that is called is compiled already.
    """
    if name != "compiled":
        return nullcontext()
    from simulation.engines.kernels import jit

    return jit.when_compiling(tell)


def checked(name: str) -> str:
    """`name`, once it is sure that an engine has it; DriftscapeError where none has."""
    if name in ENGINES:
        return name
    nearest = difflib.get_close_matches(name, ENGINES, 1)
    choices = ", ".join(ENGINES)
    raise DriftscapeError(
        f"There is no engine called {name!r}.",
        subject=name,
        remedy=f"Did you mean {nearest[0]}?" if nearest else f"Use one of: {choices}.",
    )
