"""Many runs of one shape at once: torch with hand-written gradients, made for a CUDA device.

Run r of R follows the reference engine under its own seed, data, noise and learning rate, up to
rounding (on the processor a test holds it to 1e-12 over 300 steps in float64). Which runs share the
batch changes rounding alone: the library multiplies batches of other sizes in another order.

A step is a fixed sequence of a hundred or so small operations on arrays with the run as first axis.
On a CUDA device they are fused into a dozen kernels (torch.compile), which are recorded once, for a
block of steps and for a single one, as a CUDA graph on fixed memory, and replayed; elsewhere the
operations are executed as they stand, which is slower than the compiled engine and is there to be
tested. `python -m simulation bench --ensemble` measures it where a device is present.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from simulation.config import FeedforwardConfig
from simulation.engines.ensemble_training import LockstepTraining
from simulation.engines.rows import Memory, counted, recall, trained, weight_rows
from simulation.models.feedforward import NetworkState
from simulation.tasks.dataset import Dataset

BLOCK_STEPS = 32
"""Steps of one CUDA graph: enough that starting it costs nothing beside them."""


def lockstep_key(config: FeedforwardConfig) -> tuple[object, ...]:
    """Runs with equal keys can share a batch: they differ in seed, noise and learning rate only.

    A noise that is off in one of them and on in another would be drawn for both, so which noises
    are on is part of the key.
    """
    noise, rule = config.noise, config.rule
    return (
        config.task.n_samples,
        config.task.input_dim,
        config.task.output_dim,
        config.network.hidden_units,
        config.network.activation,
        config.precision,
        type(rule),
        *((name, value) for name, value in rule if name != "learning_rate"),
        *(scale > 0 for scale in (noise.update_scale, noise.label_scale, noise.input_scale)),
        noise.label_distribution,
    )


class EnsembleEngine:
    """Training of R configurations of one `lockstep_key`, each on its own dataset.

    Attributes
    ----------
    name, version : as those of `simulation.engines.Engine`.
    """

    name = "ensemble"
    version = "1"

    def __init__(
        self,
        configs: Sequence[FeedforwardConfig],
        datasets: Sequence[Dataset],
        device: torch.device | str | None = None,
    ) -> None:
        if len({lockstep_key(config) for config in configs}) != 1:
            raise ValueError("these configurations cannot be trained in lockstep")
        self._configs = configs
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self._work = LockstepTraining(configs, datasets, self._device)
        self._graphs: dict[int, Any] = {}

    def advance(self, states: Sequence[NetworkState], steps: int) -> list[NetworkState]:
        """The networks after `steps` more updates each; `states` stay as they are.

        A pure function, as `Engine.advance` is. All must stand at the same step, and with Adam
        have equally many steps in their moments.
        """
        memories = [recall(c, state) for c, state in zip(self._configs, states, strict=True)]
        moment_steps = memories[0].moment_steps
        same = {states[0].step}, {moment_steps}
        if ({state.step for state in states}, {memory.moment_steps for memory in memories}) != same:
            raise ValueError("these networks do not stand at the same step")
        blocks, singles = divmod(steps, BLOCK_STEPS)
        replays = [(self._replay(BLOCK_STEPS), blocks), (self._replay(1), singles)]
        self._load(states, memories)
        for replay, times in replays:
            for _ in range(times):
                replay()
        after = counted(moment_steps, steps)
        weights = self._work.theta.cpu().numpy()
        moments = {name: moment.cpu().numpy() for name, moment in self._work.moments.items()}
        return [
            trained(state, steps, rows, Memory({name: m[r] for name, m in moments.items()}, after))
            for r, (state, rows) in enumerate(zip(states, weights, strict=True))
        ]

    def _load(self, states: Sequence[NetworkState], memories: Sequence[Memory]) -> None:
        """Put networks where the steps find them."""
        self._work.theta.copy_(
            self._work.tensor(np.stack([weight_rows(state) for state in states]))
        )
        for name, moment in self._work.moments.items():
            moment.copy_(self._work.tensor(np.stack([memory.moments[name] for memory in memories])))
        self._work.clock.fill_(states[0].step)
        self._work.moment_steps.fill_(memories[0].moment_steps)

    def _replay(self, count: int) -> Callable[[], None]:
        """What makes `count` steps: a CUDA graph, recorded when first asked for, or plain calls.

        Recording executes steps on whatever the memory holds: networks are loaded afterwards.
        """
        if self._device.type != "cuda":
            return partial(self._work.take, count)
        if count not in self._graphs:
            side = torch.cuda.Stream(self._device)  # libraries get ready outside the recording
            side.wait_stream(torch.cuda.current_stream(self._device))
            with torch.cuda.stream(side):
                self._work.take(count)
            torch.cuda.current_stream(self._device).wait_stream(side)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                self._work.take(count)
            self._graphs[count] = graph
        replay: Callable[[], None] = self._graphs[count].replay
        return replay
