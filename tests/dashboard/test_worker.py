"""The process of a live run while it gets ready: whose run it will be may be known by then."""

from __future__ import annotations

import io
import os
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

from dashboard.jobs import worker, workers
from dashboard.settings import read_settings
from simulation.archive import Archive, Run, Status
from simulation.config import RunConfig

CONFIG = RunConfig.parse({"schedule.steps": 20, "schedule.curve_points": 5})


@pytest.fixture
def queued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive with a run that waits for a process, in which this one is told of it."""
    archive = Archive.open(tmp_path, create=True)
    archive.writer(CONFIG, collection="live", name="").hand_over()
    settings = read_settings({"DRIFTSCAPE_ARCHIVE": str(tmp_path)})
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(workers.SERVER_PID, str(os.getppid()))
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CONFIG.run_id}\n"))
    return archive


def told(archive: Archive, now: worker._Readiness) -> Run:
    asked: Future[str] = Future()
    worker._listen(asked, now)
    assert asked.result() == CONFIG.run_id
    return archive.open_run(CONFIG.run_id)


def test_a_run_that_comes_before_all_is_loaded_says_so(queued: Archive) -> None:
    run = told(queued, worker._Readiness())
    assert run.progress is not None
    assert run.progress.stage == "preparing"


def test_a_run_that_comes_before_all_is_compiled_says_so_and_is_computed(
    queued: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = worker._Readiness()
    now.tell(True)
    run = told(queued, now)
    assert run.status is Status.RUNNING
    assert run.progress is not None
    assert run.progress.stage == "compiling"
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert worker.simulate(CONFIG.run_id)["words"] == Status.FINISHED.words
    assert queued.open_run(CONFIG.run_id).curves()["step"].max() == 20


def test_a_run_that_comes_later_waits_for_nothing(queued: Archive) -> None:
    assert told(queued, worker._Readiness(None)).status is Status.QUEUED


def test_no_rehearsal_goes_before_a_run_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    rehearsed: list[RunConfig] = []
    monkeypatch.setattr(
        "simulation.running.run.execute", lambda config, _: rehearsed.append(config)
    )
    worker._rehearse(lambda _: None, lambda: len(rehearsed) == 1)
    assert [config.precision for config in rehearsed] == ["float32"]
