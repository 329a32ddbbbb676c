"""Engines make training steps. Importing this package loads neither torch nor numba.

`compiled` (numba) is the fast default; `reference` (torch autograd) is the plain statement that it
is tested against. Both draw the same noise and follow the same trajectory up to rounding; except
that under gradient descent of rectified units with update noise `compiled` draws sums of noise
where that does (`kernels.stretches`), and follows another trajectory of the same distribution.
"""

from __future__ import annotations

import difflib
from typing import Any, Protocol

from simulation.config import FeedforwardConfig, RunConfig, SimilarityConfig
from simulation.errors import DriftscapeError
from simulation.tasks.dataset import Dataset

ENGINES = ("compiled", "reference")


class Engine(Protocol):
    """Training of one configuration on one dataset.

    Attributes
    ----------
    name : one of `ENGINES`.
    version : changes whenever a trajectory could.
    """

    name: str
    version: str

    def advance(self, state: Any, steps: int) -> Any:
        """The network after `steps` more updates.

        A pure function: `state` is left as it is, and advancing a + b steps gives the same bits
        as advancing a and then b. States are of the model's own class, `NetworkState` or
        `SimilarityState`. A diverging run shows as infinities and NaN in the weights.
        """
        ...


def create_engine(name: str, config: RunConfig, dataset: Dataset) -> Engine:
    """The engine called `name`, ready to train `config` on `dataset`; loads its library here.

    Raises
    ------
    DriftscapeError : no engine has this name, or none of this name trains this model.
    """
    if name not in ENGINES:
        nearest = difflib.get_close_matches(name, ENGINES, 1)
        choices = ", ".join(ENGINES)
        raise DriftscapeError(
            f"There is no engine called {name!r}.",
            subject=name,
            remedy=f"Did you mean {nearest[0]}?" if nearest else f"Use one of: {choices}.",
        )
    if isinstance(config, FeedforwardConfig):
        if name == "compiled":
            from simulation.engines.compiled import CompiledEngine

            return CompiledEngine(config, dataset)
        from simulation.engines.reference import ReferenceEngine

        return ReferenceEngine(config, dataset)
    if isinstance(config, SimilarityConfig):
        if name == "compiled":
            from simulation.engines.similarity_compiled import SimilarityCompiledEngine

            return SimilarityCompiledEngine(config, dataset)
        from simulation.engines.similarity import SimilarityReferenceEngine

        return SimilarityReferenceEngine(config, dataset)
    raise DriftscapeError(
        f"There is no {name} engine for the model {config.label!r}.",
        subject=name,
        remedy="Choose another task.",
    )
