"""Real runs of the command line that are ended from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulation.archive import Archive, Run, Status
from simulation.config import RunConfig

ENDLESS = {
    "network.hidden_units": 8,
    "noise.update_scale": 0.01,
    "schedule.steps": 1_000_000_000,
    "schedule.curve_points": 50_000,
    "schedule.hessian_snapshots": 2,
}
RUN_ID = RunConfig.parse(ENDLESS).run_id


def wait_until(condition: Callable[[], object], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "archive", create=True)


@pytest.fixture
def process(archive: Archive) -> Iterator[subprocess.Popen[str]]:
    """A run from the command line, past its first recordings."""
    fields = [f"--set={path}={value}" for path, value in ENDLESS.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulation", "run", "--archive", archive.path, "--json", *fields],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    spool = archive.path / "runs" / ".running" / RUN_ID
    wait_until(lambda: len(list(spool.glob("curves-*.parquet"))) > 2, "recordings")
    yield process
    process.kill()
    process.communicate()


def check_what_is_left(archive: Archive, status: Status) -> Run:
    """The run ended so, is readable, and the archive is sound."""
    run = archive.open_run(RUN_ID)
    assert run.status is status
    curves = run.curves()
    assert curves["step"].is_monotonic_increasing
    assert run.record["steps_reached"] == curves["step"].iloc[-1] > 0
    assert run.weights(0).step == 0
    assert run.record["active_units_initial"] == curves["active_units"].iloc[0]
    assert archive.verify() == []
    assert archive.running() == []
    assert archive.runs(["status"])["status"].tolist() == [status.value]
    assert list((archive.path / "runs" / ".running").iterdir()) == []
    return run


def test_killed_without_warning(archive: Archive, process: subprocess.Popen[str]) -> None:
    watched = archive.open_run(RUN_ID)
    assert watched.status is Status.RUNNING
    seen = watched.curves()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert archive.open_run(RUN_ID).status is Status.RUNNING, "its heartbeat is still recent"
    heartbeat = archive.path / "runs" / ".running" / RUN_ID / "heartbeat"
    silent_since = time.time() - 11
    os.utime(heartbeat, (silent_since, silent_since))
    assert watched.status is Status.INTERRUPTED
    run = check_what_is_left(archive, Status.INTERRUPTED)
    assert len(run.curves()) >= len(seen)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop(
    archive: Archive, process: subprocess.Popen[str], number: signal.Signals
) -> None:
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(output)["status"] == "cancelled"
    assert "cancelling" in errors
    assert "Traceback" not in errors
    check_what_is_left(archive, Status.CANCELLED)


def test_cancelled_by_somebody_else(archive: Archive, process: subprocess.Popen[str]) -> None:
    archive.request_cancel(RUN_ID)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(output)["run_id"] == RUN_ID
    check_what_is_left(archive, Status.CANCELLED)
