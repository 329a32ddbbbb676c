"""From a configuration to an archived run, whatever happens on the way."""

from __future__ import annotations

import dataclasses
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulation.archive import Archive, Progress, Status
from simulation.config import RunConfig
from simulation.errors import AlreadyRunning, DriftscapeError, StorageFull
from simulation.models.feedforward import NetworkState
from simulation.running import run as run_module
from simulation.running.feedforward import TrainableFeedforward
from simulation.running.run import execute

FIELDS: dict[str, Any] = {
    "network.hidden_units": 10,
    "noise.update_scale": 0.05,
    "schedule.steps": 200,
    "schedule.curve_points": 30,
    "schedule.snapshots": 4,
    "schedule.hessian_snapshots": 2,
}
CONFIG = RunConfig.parse(FIELDS)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "archive", create=True)


class Engine:
    """Stands in for an engine: changes the state by a rule of the test's own."""

    name, version = "compiled", "test"

    def __init__(self, change: Callable[[NetworkState], dict[str, Any]]) -> None:
        self.change = change
        self.pieces: list[int] = []

    def advance(self, state: NetworkState, steps: int) -> NetworkState:
        self.pieces.append(steps)
        with np.errstate(over="ignore"):  # engines overflow without a word
            changes = self.change(state) if steps else {}
        return dataclasses.replace(state, step=state.step + steps, **changes)


@pytest.fixture
def use_engine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Engine]:
    def use(change: Callable[[NetworkState], dict[str, Any]] = lambda _: {}) -> Engine:
        engine = Engine(change)
        monkeypatch.setattr(TrainableFeedforward, "engine", lambda *_: engine)
        return engine

    return use


def test_the_same_configuration_is_the_same_run(tmp_path: Path) -> None:
    archives = [Archive.open(tmp_path / name, create=True) for name in ("a", "b")]
    first, second = (execute(CONFIG, archive) for archive in archives)
    assert first.run_id == second.run_id
    assert first.status is Status.FINISHED
    assert first.curves().equals(second.curves())
    np.testing.assert_array_equal(
        first.weights(200).input_weights, second.weights(200).input_weights, strict=True
    )


def test_both_engines_agree(archive: Archive, tmp_path: Path) -> None:
    noise = {"noise.update_scale": 0, "noise.label_scale": 0.5}
    config = CONFIG.with_values({"precision": "float64", "schedule.steps": 50, **noise})
    compiled = execute(config, archive)
    reference = execute(config, Archive.open(tmp_path / "b", create=True), engine="reference")
    assert (compiled.record["engine"], reference.record["engine"]) == ("compiled", "reference")
    assert compiled.record["numba_version"]
    assert reference.record["torch_version"]
    assert compiled.record["torch_version"] is reference.record["numba_version"] is None
    loss = [run.curves()["loss"].to_numpy() for run in (compiled, reference)]
    np.testing.assert_allclose(*loss, rtol=1e-9)


def test_a_finished_run_is_not_computed_again(
    archive: Archive, use_engine: Callable[..., Engine]
) -> None:
    engine = use_engine()
    first = execute(CONFIG, archive, collection="one", name="First")
    computed = len(engine.pieces)
    again = execute(CONFIG, archive, collection="two", name="Second")
    assert (again.collection, again.name) == ("one", "First")
    assert again.record["finished_at"] == first.record["finished_at"]
    assert len(engine.pieces) == computed


def test_a_run_that_was_cut_short_is_run_again(archive: Archive) -> None:
    short = execute(CONFIG, archive, stop=lambda: Status.CANCELLED)
    assert short.status is Status.CANCELLED
    assert short.curves()["step"].tolist() == [0]
    whole = execute(CONFIG, archive)
    assert whole.status is Status.FINISHED
    assert len(archive.runs(["run_id"])) == 1
    assert archive.verify() == []


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (lambda s: {"output_weights": s.output_weights * 100}, Status.DIVERGED, "The loss was"),
        (lambda s: {"biases": s.biases * np.nan}, Status.DIVERGED, "The loss was nan"),
        (lambda s: {"biases": s.biases - 1_000}, Status.ALL_UNITS_SILENT, "at step 1"),
    ],
)
def test_endings_are_named_and_settled(
    archive: Archive,
    use_engine: Callable[..., Engine],
    change: Callable[[NetworkState], dict[str, Any]],
    status: Status,
    words: str,
) -> None:
    engine = use_engine(change)
    run = execute(CONFIG, archive)
    assert run.status is status
    assert words in run.record["status_reason"]
    assert run.record["steps_reached"] == run.curves()["step"].max() < CONFIG.schedule.steps
    computed = len(engine.pieces)
    assert execute(CONFIG, archive).status is status
    assert len(engine.pieces) == computed
    assert archive.verify() == []


def test_cancel_by_request(archive: Archive, use_engine: Callable[..., Engine]) -> None:
    def cancel_half_way(state: NetworkState) -> dict[str, Any]:
        if state.step > 100:
            archive.request_cancel(CONFIG.run_id)
        return {}

    use_engine(cancel_half_way)
    run = execute(CONFIG, archive)
    assert run.status is Status.CANCELLED
    assert 100 < run.record["steps_reached"] < 200
    assert run.snapshot_steps()[-1] == run.record["steps_reached"]  # where others can start
    assert archive.running() == []


class Clock:
    """Time that passes with training alone: a hundredth of a second a step."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def slow_engine(use_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch) -> Engine:
    clock = Clock()
    engine = use_engine()

    def take_time(state: NetworkState, steps: int) -> NetworkState:
        clock.seconds += 0.01 * steps
        return Engine.advance(engine, state, steps)

    monkeypatch.setattr(engine, "advance", take_time)
    monkeypatch.setattr(run_module, "time", clock)
    return engine


LONG = CONFIG.with_values({"schedule.steps": 10_000, "schedule.curve_points": 2})


def test_training_is_cut_into_short_pieces(archive: Archive, slow_engine: Engine) -> None:
    told: list[Progress] = []
    execute(LONG, archive, on_progress=told.append)
    assert max(slow_engine.pieces) <= 10, "a tenth of a second"
    assert sum(slow_engine.pieces) == 10_000
    steps = [progress.step for progress in told]
    assert steps == sorted(steps)
    assert (told[0].stage, told[-1].stage) == ("preparing", "finishing")
    middle = told[len(told) // 2]
    assert middle.steps_per_second == pytest.approx(100)
    assert middle.eta_seconds == pytest.approx((10_000 - middle.step) / 100)
    assert middle.active_units is not None


def test_a_time_limit_ends_the_run(archive: Archive, slow_engine: Engine) -> None:
    run = execute(LONG, archive, time_limit_seconds=5)
    assert run.status is Status.TIME_LIMIT
    assert "The limit was 5 s" in run.record["status_reason"]
    assert sum(slow_engine.pieces) == pytest.approx(500, abs=20)


def test_a_queued_run_is_carried_out(archive: Archive) -> None:
    writer = archive.writer(CONFIG, collection="live", name="Queued")
    with pytest.raises(AlreadyRunning):
        execute(CONFIG, archive)
    run = execute(CONFIG, archive, writer=writer)
    assert (run.status, run.collection, run.name) == (Status.FINISHED, "live", "Queued")


def test_a_run_that_fails_is_left_interrupted(
    archive: Archive, use_engine: Callable[..., Engine]
) -> None:
    def fail(state: NetworkState) -> dict[str, Any]:
        if state.step > 50:
            raise MemoryError
        return {}

    use_engine(fail)
    with pytest.raises(MemoryError):
        execute(CONFIG, archive)
    run = archive.open_run(CONFIG.run_id)
    assert run.status is Status.INTERRUPTED
    assert archive.verify() == []


def test_an_unknown_engine_leaves_nothing_running(archive: Archive) -> None:
    with pytest.raises(DriftscapeError, match="abacus"):
        execute(CONFIG, archive, engine="abacus")
    assert archive.running() == []


def test_a_disk_that_fills_up_mid_run(
    archive: Archive, use_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace
    full = []

    def fill(state: NetworkState) -> dict[str, Any]:
        if state.step > 100:
            full.append(state.step)
        return {}

    def replace_while_there_is_room(path: Path, target: Path) -> Path:
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replace_while_there_is_room)
    monkeypatch.setattr("simulation.archive.writer.FLUSH_SECONDS", 0)
    monkeypatch.setattr(run_module, "REPORT_SECONDS", 0)
    use_engine(fill)
    with pytest.raises(StorageFull, match="Free some space"):
        execute(CONFIG, archive)
    assert archive.open_run(CONFIG.run_id).status is Status.INTERRUPTED
    full.clear()
    run = archive.open_run(CONFIG.run_id)
    assert run.status is Status.INTERRUPTED
    assert run.curves()["step"].max() >= 50
    assert archive.verify() == []


def test_long_pieces_end_where_no_stretch_of_steps_is_under_way(
    archive: Archive, use_engine: Callable[..., Engine]
) -> None:
    engine = use_engine()
    run = execute(CONFIG.with_values({"schedule.steps": 50_000}), archive)
    recorded = {*run.curves()["step"], *run.snapshot_steps()}
    ends = np.cumsum(engine.pieces)
    free = [end for end, steps in zip(ends, engine.pieces, strict=True) if steps >= 64]
    between = [end for end in free if end not in recorded]
    assert between
    assert all(end % 64 == 0 for end in between)
