"""From configurations of one shape to archived runs, trained together: for a CUDA device.

Each run is measured, archived and ended as `simulation.running.run.execute` does it. Training is in
lockstep, recording one run after the other. Runs that have ended are trained along, to no end,
until they are half of the batch: a batch of another size needs new programs for the device.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulation.archive import Archive, Run, RunWriter, Status
from simulation.config import FeedforwardConfig, RunConfig
from simulation.engines.ensemble import EnsembleEngine
from simulation.errors import AlreadyRunning
from simulation.models.feedforward import NetworkState, initial_state
from simulation.recording import CurvePoint, Recorder
from simulation.running import trainable_of
from simulation.running.run import Speed, Stop, ending_of, progress_of, settled
from simulation.tasks import Dataset, make_dataset

PIECE_STEPS = 16_384
"""Steps between two looks at cancel and progress: about a second on a device, so that to bring the
weights from there and back costs little beside it."""
REPORT_SECONDS = 2.0

Ended = Run | AlreadyRunning
OnEnd = Callable[[int, Ended], None]


def lockstep_key(config: RunConfig) -> tuple[object, ...] | None:
    """Runs with equal keys can be made together; None: this one only by itself.

    They are recorded at the same steps, and differ in seed, noise and learning rate.
    """
    key = trainable_of(config).lockstep_key
    return None if key is None or config.parent.run else (*key, config.schedule)


@dataclass(eq=False)
class _Member:
    """One run of the batch. place : its number among those asked for."""

    place: int
    config: FeedforwardConfig
    writer: RunWriter
    dataset: Dataset
    recorder: Recorder[NetworkState]
    state: NetworkState
    point: CurvePoint | None = None


def execute_together(
    configs: Sequence[RunConfig],
    archive: Archive,
    *,
    collection: str = "runs",
    names: Sequence[str] | None = None,
    stop: Stop = lambda: None,
    on_end: OnEnd | None = None,
) -> list[Ended]:
    """Make runs of one `lockstep_key` and archive them, in the order of `configs`.

    A run that is in the archive and would end the same way again is returned as it is; for one
    that another process computes, the error that says so.

    Parameters
    ----------
    names : for readers, one a run.
    stop : asked between pieces; a status other than None ends all runs with it.
    on_end : told each run's number among `configs` and how it ended, as soon as it has.

    Raises
    ------
    ValueError : the keys differ, or are None.
    StorageFull : no room left; what was recorded until then stays readable.
    """
    keys = {lockstep_key(config) for config in configs}
    if len(keys) != 1 or None in keys:
        raise ValueError("these runs cannot be made together")
    names = names or [""] * len(configs)
    batch = _Batch(stop, on_end)
    try:
        for place, (config, name) in enumerate(zip(configs, names, strict=True)):
            if (done := settled(archive, config)) is not None:
                batch.end(place, done)
                continue
            try:
                writer = archive.writer(config, collection=collection, name=name)
            except AlreadyRunning as error:
                batch.end(place, error)
                continue
            batch.add(place, writer)
        batch.train()
    finally:
        batch.release()
    return [batch.ended[place] for place in range(len(configs))]


class _Batch:
    """The runs still in training, all at the same step, and those that are trained along."""

    def __init__(self, stop: Stop, on_end: OnEnd | None) -> None:
        self._stop, self._on_end = stop, on_end
        self._members: list[_Member] = []
        self._trained: list[_Member] = []
        self._engine: EnsembleEngine | None = None
        self._next_report = 0.0
        self._speed = Speed()
        self.ended: dict[int, Ended] = {}

    def add(self, place: int, writer: RunWriter) -> None:
        """Start the run of this number."""
        config = writer.config
        assert isinstance(config, FeedforwardConfig)
        try:
            dataset, state = make_dataset(config), initial_state(config)
            recorder = trainable_of(config).recorder(dataset, writer)
            writer.note(engine_version=EnsembleEngine.version)
            writer.start(EnsembleEngine.name)
        except BaseException:
            writer.release()
            raise
        self._members.append(_Member(place, config, writer, dataset, recorder, state))

    def train(self) -> None:
        """Train and record until every run has ended."""
        step = 0
        for target in self._members[0].recorder.steps if self._members else ():
            while step < target and self._members:
                self._leave_if_asked()
                count = min(PIECE_STEPS, target - step)
                self._advance(count)
                step += count
                self._report(step)
            for member in self._members.copy():
                self._record(member)
        for member in self._members.copy():
            self._finish(member, Status.FINISHED)

    def release(self) -> None:
        """Leave runs that have not ended to be archived as interrupted."""
        for member in self._members:
            member.writer.release()

    def end(self, place: int, ended: Ended) -> None:
        self.ended[place] = ended
        if self._on_end is not None:
            self._on_end(place, ended)

    def _advance(self, count: int) -> None:
        if not self._members:
            return
        if self._engine is None or 2 * len(self._members) <= len(self._trained):
            self._trained = self._members.copy()
            configs = [member.config for member in self._trained]
            self._engine = EnsembleEngine(configs, [member.dataset for member in self._trained])
        states = self._engine.advance([member.state for member in self._trained], count)
        for member, state in zip(self._trained, states, strict=True):
            member.state = state

    def _record(self, member: _Member) -> None:
        point = member.recorder.record(member.state)
        while member.recorder.unsolved:
            member.recorder.wait()
        if point is None:
            return
        member.point = point
        if ending := ending_of(point, member.config):
            self._finish(member, *ending)

    def _leave_if_asked(self) -> None:
        status = self._stop()
        for member in self._members.copy():
            if status or member.writer.cancel_requested():
                member.recorder.record_last(member.state)
                self._finish(member, status or Status.CANCELLED)

    def _finish(self, member: _Member, status: Status, reason: str = "") -> None:
        """Archive a run, which counts no longer."""
        self._members.remove(member)
        self.end(member.place, member.writer.finish(status, reason))

    def _report(self, step: int) -> None:
        """Tell readers how far each run is, and make new rows visible."""
        clock = time.monotonic()
        if clock < self._next_report:
            return
        self._next_report = clock + REPORT_SECONDS
        speed = self._speed.at(step, clock)
        for member in self._members:
            member.writer.report(progress_of(member.config, step, "training", speed, member.point))
            member.writer.flush()
