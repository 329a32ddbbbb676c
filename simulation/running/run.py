"""From a configuration to an archived run: train in short pieces, record, watch for the end."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from typing import Generic

from simulation.archive import Archive, Progress, Run, RunWriter, Status
from simulation.archive.status import Stage
from simulation.archive.writer import now
from simulation.config import RunConfig
from simulation.engines import Engine, when_compiling
from simulation.errors import UnknownRun
from simulation.models import model_of
from simulation.models.model import State
from simulation.recording import CurvePoint, Recorder
from simulation.running import Trainable, trainable_of
from simulation.running.lineage import check_parent, parent_state
from simulation.running.memory import give_back_freed_memory
from simulation.tasks import make_dataset

PIECE_SECONDS = 0.1
"""Aim for the time between two looks at cancel, time limit and progress."""
EVEN_STEPS = 64
"""Pieces end at multiples of this, where the compiled engine has no stretch of steps under way."""
MOST_UNSOLVED = 16
"""Training waits while eigenvalues of more snapshots than this are to be solved: each is held."""
MOST_REACHED, MOST_NUMBERS = 32, 100_000
"""Networks, and numbers in them, that are trained before they are measured, all in a row: to go to
and fro between training and measuring takes longer than to measure a small one."""
REPORT_SECONDS = 0.1
SPEED_WINDOW_SECONDS = 5.0

Stop = Callable[[], Status | None]
OnProgress = Callable[[Progress], None]


def execute(
    config: RunConfig,
    archive: Archive,
    *,
    collection: str = "runs",
    name: str = "",
    engine: str = "compiled",
    writer: RunWriter | None = None,
    stop: Stop = lambda: None,
    on_progress: OnProgress | None = None,
    time_limit_seconds: float | None = None,
) -> Run:
    """Run a configuration and archive it; how it ended is the run's status.

    One with a parent starts from the parent's snapshot in the same archive and counts on from its
    step; see `simulation.running.lineage.check_parent` for what is raised where that cannot be.

    A run that is in the archive and would end the same way again is returned as it is. One that
    was cut short is run again, from its start; what is archived is replaced when the new one
    ends, unless the old one went further.

    Parameters
    ----------
    engine : who computes it: compiled, or reference (slow, the yardstick).
    writer : a run that has been queued already with `archive.writer`; else it is queued here.
    stop : asked several times a second; a status other than None ends the run with it.
    on_progress : told about ten times a second how far it is.
    time_limit_seconds : the run ends as time_limit when it has trained for this long.

    Raises
    ------
    AlreadyRunning : another process computes this run right now.
    StorageFull : no room left; what was recorded until then stays readable.
    """
    give_back_freed_memory()
    if writer is None:
        if (done := settled(archive, config)) is not None:
            return done
        if config.parent.run:
            check_parent(config, archive)
        writer = archive.writer(config, collection=collection, name=name)
    try:
        training = _Training(
            trainable_of(writer.config),
            archive,
            writer,
            engine,
            stop,
            on_progress,
            time_limit_seconds,
        )
        status, reason = training.run()
        return writer.finish(status, reason)
    except BaseException:
        writer.release()
        raise


def settled(archive: Archive, config: RunConfig) -> Run | None:
    """The archived run of this configuration, if it would end the same way again."""
    try:
        run = archive.open_run(config.run_id)
    except UnknownRun:
        return None
    return run if run.status.settled else None


class _Training(Generic[State]):
    """One run from its first step to its ending."""

    def __init__(
        self,
        trainable: Trainable[State],
        archive: Archive,
        writer: RunWriter,
        engine: str,
        stop: Stop,
        on_progress: OnProgress | None,
        time_limit_seconds: float | None,
    ) -> None:
        self._trainable = trainable
        self._archive, self._writer, self._config = archive, writer, writer.config
        self._engine_name, self._stop, self._on_progress = engine, stop, on_progress
        self._time_limit = time_limit_seconds
        self._piece = 1
        self._point: CurvePoint | None = None
        self._next_report = self._next_record = 0.0

    def run(self) -> tuple[Status, str]:
        """Train and record until the last step or another ending; the ending and why."""
        config, writer = self._config, self._writer
        writer.start(self._engine_name)
        self._report(config.parent.step, "preparing", force=True)
        dataset = make_dataset(config)
        self._engine: Engine[State] = self._trainable.engine(self._engine_name, dataset)
        writer.note(engine_version=self._engine.version)
        recorder = self._trainable.recorder(dataset, writer)
        start = self._start()
        with when_compiling(self._engine_name, self._tell_of_compiling):
            state = self._engine.advance(start, 0)
        self._speed, self._started = Speed(), time.monotonic()
        reached: list[State] = []
        most = max(1, min(MOST_REACHED, MOST_NUMBERS // config.parameter_count))
        for target in recorder.steps:
            while state.step < target:
                if asked := self._asked_to_stop():
                    if (ending := self._record(recorder, reached)) is None:
                        recorder.record_last(state)
                    return ending or asked
                state = self._advance(state, target)
                self._report(state.step, "training")
            reached.append(state)
            if len(reached) >= most or time.monotonic() >= self._next_record:
                if ending := self._record(recorder, reached):
                    return ending
                self._report(state.step, "training")
        if ending := self._record(recorder, reached):
            return ending
        self._report(state.step, "finishing", force=True)
        return self._wait(recorder, state) or (Status.FINISHED, "")

    def _tell_of_compiling(self, begins: bool) -> None:
        self._report(self._config.parent.step, "compiling" if begins else "preparing", force=True)

    def _start(self) -> State:
        model = self._trainable.model
        return parent_state(model, self._archive) if self._config.parent.run else model.start()

    def _record(self, recorder: Recorder[State], reached: list[State]) -> tuple[Status, str] | None:
        """Record all networks `reached` and forget them; the ending, if one of them ends the run.

        What was trained beyond that one is as if it had not been.
        """
        for state in reached:
            if (point := recorder.record(state)) is not None:
                self._point = point
                if ending := ending_of(point, self._config):
                    return self._wait(recorder, state) or ending
            if asked := self._wait(recorder, state, MOST_UNSOLVED):
                return asked
        reached.clear()
        self._next_record = time.monotonic() + REPORT_SECONDS
        return None

    def _wait(
        self, recorder: Recorder[State], state: State, most: int = 0
    ) -> tuple[Status, str] | None:
        """Wait until at most so many snapshots lack their eigenvalues; the ending if asked to."""
        while recorder.unsolved > most:
            if ending := self._asked_to_stop():
                recorder.record_last(state)
                return ending
            recorder.wait(PIECE_SECONDS)
            self._report(state.step, "training" if most else "finishing")
        return None

    def _advance(self, state: State, target: int) -> State:
        """At most one piece of training, no further than `target`."""
        steps = self._piece
        if steps >= EVEN_STEPS:
            steps -= (state.step + steps) % EVEN_STEPS
        steps = min(steps, target - state.step)
        began = time.monotonic()
        state = self._engine.advance(state, steps)
        took = time.monotonic() - began
        if 2 * steps > self._piece:
            self._piece = max(1, min(2 * steps, int(steps * PIECE_SECONDS / max(took, 1e-6))))
        return state

    def _asked_to_stop(self) -> tuple[Status, str] | None:
        if status := self._stop():
            return status, ""
        if self._writer.cancel_requested():
            return Status.CANCELLED, ""
        limit = self._time_limit
        if limit is not None and time.monotonic() - self._started > limit:
            return Status.TIME_LIMIT, f"The limit was {limit:g} s."
        return None

    def _report(self, step: int, stage: Stage, *, force: bool = False) -> None:
        """Tell readers and `on_progress` how far it is, and make new rows visible."""
        clock = time.monotonic()
        if clock < self._next_report and not force:
            return
        self._next_report = clock + REPORT_SECONDS
        speed = self._speed.at(step, clock) if stage == "training" else None
        progress = progress_of(self._config, step, stage, speed, self._point)
        self._writer.report(progress)
        self._writer.flush(force=force)
        if self._on_progress is not None:
            self._on_progress(progress)


def progress_of(
    config: RunConfig, step: int, stage: Stage, speed: float | None, point: CurvePoint | None
) -> Progress:
    """How far a run is; `point` is its last recording of the curves."""
    steps = config.schedule.steps
    return Progress(
        step=step,
        steps=steps,
        steps_per_second=speed,
        eta_seconds=(steps - step) / speed if speed else None,
        stage=stage,
        updated_at=now(),
        log10_normalized_loss=point.log10_normalized_loss if point else None,
        active_units=point.active_units if point else None,
        first=config.parent.step,
    )


class Speed:
    """Steps per second over the last few seconds, recording included."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def at(self, step: int, clock: float) -> float | None:
        """The speed on reaching `step` at `clock`; None until there is one."""
        self._seen.append((clock, step))
        while clock - self._seen[0][0] > SPEED_WINDOW_SECONDS and len(self._seen) > 2:
            self._seen.popleft()
        since, first = self._seen[0]
        return (step - first) / (clock - since) if step > first and clock > since else None


def ending_of(point: CurvePoint, config: RunConfig) -> tuple[Status, str] | None:
    """Whether a recording ends the run, as it ended the published simulations."""
    model = model_of(config)
    if not math.isfinite(point.loss) or point.loss > model.largest_loss:
        return Status.DIVERGED, f"The loss was {point.loss:g} at step {point.step:,}."
    if point.active_units == 0 and model.falls_silent:
        return Status.ALL_UNITS_SILENT, f"This was so at step {point.step:,}."
    return None
