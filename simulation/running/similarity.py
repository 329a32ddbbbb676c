"""What trains and measures the similarity-matching network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from simulation.config import SimilarityConfig
from simulation.config.schedule import curve_steps, snapshot_steps
from simulation.engines import Engine, checked
from simulation.models.similarity import SimilarityMatching, SimilarityState, responses
from simulation.recording import Recorder, Rows
from simulation.running.trainable import RunPart, Trainable
from simulation.tasks.dataset import Dataset

RESPONSES = 200
"""Inputs at most that responses are measured on."""


@dataclass(frozen=True)
class TrainableSimilarity(Trainable[SimilarityState]):
    """See `simulation.running.trainable`."""

    model: SimilarityMatching

    trials: ClassVar[list[dict[str, Any]]] = [
        {"task.kind": "ring", "network.hidden_units": 30},
        {"task.kind": "ring", "network.hidden_units": 100},
        {"task.kind": "ring", "network.hidden_units": 200, "task.n_samples": 50},
        {"task.kind": "ring", "network.hidden_units": 60, "network.time_step": 0.2},
        {"task.kind": "grid_to_place", "network.hidden_units": 100},
    ]

    @classmethod
    def of(cls, config: SimilarityConfig) -> TrainableSimilarity:
        return cls(SimilarityMatching(config))

    def engine(self, name: str, dataset: Dataset) -> Engine[SimilarityState]:
        if checked(name) == "compiled":
            from simulation.engines.similarity_compiled import SimilarityCompiledEngine

            return SimilarityCompiledEngine(self.model.config, dataset)
        from simulation.engines.similarity import SimilarityReferenceEngine

        return SimilarityReferenceEngine(self.model.config, dataset)

    def recorder(self, dataset: Dataset, rows: Rows) -> Recorder[SimilarityState]:
        from simulation.recording.similarity import SimilarityRecorder

        return SimilarityRecorder(self.model.config, dataset, rows)

    def parts(self) -> dict[str, RunPart]:
        """The neural dynamics take 1 / dt steps a time constant, and from grid cells many of these;
        responses are solved for."""
        config, schedule = self.model.config, self.model.config.schedule
        units, first = config.network.hidden_units, config.parent.step
        snapshots = len(snapshot_steps(schedule, first))
        shown = min(config.task.n_samples, RESPONSES)
        dynamics = units**2 / config.network.time_step
        from_grid_cells = dynamics * (config.task.kind == "grid_to_place")
        return {
            self.step_part: RunPart(
                schedule.steps - first, [1.0, config.parameter_count, dynamics, from_grid_cells]
            ),
            "responses": RunPart(
                len(curve_steps(schedule, first)) + snapshots,
                [1.0, shown * units, shown * units**2, shown * units**3],
            ),
            "pair": RunPart(snapshots * (snapshots + 1) / 2, [1.0, units * config.task.map_values]),
        }

    def work(
        self, dataset: Dataset, state: SimilarityState
    ) -> Iterator[tuple[str, Callable[[], object]]]:
        from simulation.recording.similarity import measured_inputs

        if self.model.config.precision == "float32":
            inputs = dataset.inputs[measured_inputs(len(dataset.inputs))]
            yield "responses", partial(responses, state, inputs)

    @property
    def steps_before_timing(self) -> int:
        """Those from grid cells get slower as it learns."""
        return 2_000 if self.model.config.task.kind == "grid_to_place" else 400
