"""What trains and measures the paper's network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from simulation.config import FeedforwardConfig
from simulation.config.schedule import curve_steps, hessian_steps, snapshot_steps
from simulation.engines import Engine, checked
from simulation.models.feedforward import Feedforward, NetworkState
from simulation.recording import Nowhere, Recorder, Rows
from simulation.running.trainable import RunPart, Trainable
from simulation.tasks import EVALUATION_SAMPLES, make_evaluation
from simulation.tasks.arenas import FEWEST_PER_ARENA
from simulation.tasks.dataset import Dataset

SAMPLES_KEPT = 1_000
PLACES = 200
PASSES_PER_MORPH = 2
"""A probe of changed scenery walks once for the rate maps and once for the loss."""
SMOOTH = ("leaky_relu", "softplus", "tanh", "sigmoid")
"""Activations whose cost shows beside that of the rectifier."""
MOST_PARAMETERS = 1_600
"""Of a network whose Hessian is solved to be timed."""


@dataclass(frozen=True)
class TrainableFeedforward(Trainable[NetworkState]):
    """See `simulation.running.trainable`."""

    model: Feedforward

    trials: ClassVar[list[dict[str, Any]]] = [
        {"task.n_samples": 5, "network.hidden_units": 30, "noise.update_scale": 0.01},
        {"task.n_samples": 5, "network.hidden_units": 100, "noise.update_scale": 0.01},
        {"task.n_samples": 5, "network.hidden_units": 100},
        {"task.n_samples": 40, "network.hidden_units": 60, "noise.label_scale": 0.1},
        {"task.n_samples": 200, "network.hidden_units": 60, "noise.input_scale": 0.1},
        {"task.n_samples": 150, "network.hidden_units": 200},
        *({"task.n_samples": 20, "network.activation": name} for name in SMOOTH),
        {"task.kind": "corridor", "task.n_samples": 20, "network.hidden_units": 30},
        {"task.kind": "corridor", "task.n_samples": 20, "network.hidden_units": 120},
    ]

    @classmethod
    def of(cls, config: FeedforwardConfig) -> TrainableFeedforward:
        return cls(Feedforward(config))

    def engine(self, name: str, dataset: Dataset) -> Engine[NetworkState]:
        if checked(name) == "compiled":
            from simulation.engines.compiled import CompiledEngine

            return CompiledEngine(self.model.config, dataset)
        from simulation.engines.reference import ReferenceEngine

        return ReferenceEngine(self.model.config, dataset)

    def recorder(self, dataset: Dataset, rows: Rows) -> Recorder[NetworkState]:
        from simulation.recording.recorder import FeedforwardRecorder

        config = self.model.config
        return FeedforwardRecorder(config, dataset, make_evaluation(config), rows)

    @property
    def lockstep_key(self) -> tuple[object, ...]:
        from simulation.engines.ensemble import lockstep_key

        return lockstep_key(self.model.config)

    @property
    def quickens(self) -> bool:
        from simulation.engines.stretches import has_stretches

        config = self.model.config
        return has_stretches(config) and config.noise.update_scale > 0

    def parts(self) -> dict[str, RunPart]:
        config, schedule = self.model.config, self.model.config.schedule
        units, first = config.network.hidden_units, config.parent.step
        snapshots = len(snapshot_steps(schedule, first))
        shown = self._shown()
        places = PLACES if config.task.has_position else shown
        morphs = config.probe.morphs
        probed = snapshots * (morphs + 1) * PASSES_PER_MORPH if morphs else 0
        return {
            self.step_part: RunPart(schedule.steps - first, self._step_sizes()),
            "curve": RunPart(len(curve_steps(schedule, first)) + probed, [1.0, shown * units]),
            "snapshot": RunPart(snapshots, [1.0, shown * units]),
            "pair": RunPart(snapshots * (snapshots + 1) / 2, [1.0, units * places]),
            "hessian": RunPart(
                len(hessian_steps(schedule, first)), [1.0, self.model.hessian_rows**3]
            ),
        }

    def _step_sizes(self) -> list[float]:
        config, noise = self.model.config, self.model.config.noise
        task, weights = config.task, config.parameter_count
        perturbed = bool(noise.label_scale) * task.output_dim
        perturbed += bool(noise.input_scale) * task.input_dim
        active = config.network.hidden_units * task.n_samples
        return [
            1.0,
            weights,
            weights * task.n_samples,
            weights * bool(noise.update_scale),
            task.n_samples * perturbed,
            *(active * (config.network.activation == name) for name in SMOOTH),
        ]

    def _shown(self) -> int:
        """Samples that a recording looks at."""
        config = self.model.config
        if config.task.has_position:
            return max(EVALUATION_SAMPLES, config.arenas * FEWEST_PER_ARENA)
        return min(config.task.n_samples, SAMPLES_KEPT)

    def work(
        self, dataset: Dataset, state: NetworkState
    ) -> Iterator[tuple[str, Callable[[], object]]]:
        from simulation.metrics.curvature import hessian_spectrum

        config = self.model.config
        if config.precision == "float64" or config.rule.kind != "sgd":
            return
        yield from self._recording(dataset, state)
        if config.task.has_position:
            maps = np.random.default_rng(0).random(
                (config.network.hidden_units, PLACES), np.float32
            )
            yield "pair", partial(_compare, maps)
        limit = config.parameter_count
        if limit <= MOST_PARAMETERS:
            yield (
                "hessian",
                partial(hessian_spectrum, state, dataset.inputs, dataset.targets, limit),
            )

    def _recording(
        self, dataset: Dataset, state: NetworkState
    ) -> Iterator[tuple[str, Callable[[], object]]]:
        """A recording of the curves, and one of everything but the Hessian."""
        from simulation.recording.recorder import FeedforwardRecorder

        config = self.model.config
        few = {"snapshots": 2, "hessian_snapshots": 0}
        short = config.model_copy(update={"schedule": config.schedule.model_copy(update=few)})
        recorder = FeedforwardRecorder(short, dataset, make_evaluation(short), Nowhere())
        between = replace(state, step=recorder.steps[1])
        yield "curve", partial(recorder.record, between)
        yield "snapshot", partial(recorder.record, state)


def _compare(maps: NDArray[np.float32]) -> None:
    from simulation.metrics.population import population_vector_correlation, rate_map_correlation

    tuned = np.ones(len(maps), bool)
    rate_map_correlation(maps, maps, tuned, tuned)
    population_vector_correlation(maps, maps)
