"""Real sweeps from the command line, with processes and with Dask, ended in every way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from simulation.archive import Archive
from simulation.cli import main
from simulation.config import RunConfig
from simulation.sweeps import kept_plan, read_plan
from tests.simulation.test_kill import wait_until

ROOT = Path(__file__).resolve().parents[2]
PLAN = """
title = "A small one"
collection = "small"
seeds = 2

[base]
network.hidden_units = 8
schedule.steps = {steps}
schedule.curve_points = {points}
schedule.snapshots = 2
schedule.hessian_snapshots = 0

[grid]
noise.update_scale = [0.01, 0.02]
"""
QUICK = PLAN.format(steps=100, points=20)
SLOW = PLAN.format(steps=20_000, points=1_000)
"""Runs that take long enough, by what they record, to be met on their way."""
ENDLESS = PLAN.format(steps=1_000_000_000, points=100)


class Sweep:
    """The command on one plan and archive."""

    def __init__(self, folder: Path, text: str) -> None:
        self.plan, self.folder = folder / "plan.toml", folder / "archive"
        self.plan.write_text(text)
        self.command = ["sweep", str(self.plan), "--archive", str(self.folder)]

    @property
    def archive(self) -> Archive:
        return Archive.open(self.folder)

    @contextmanager
    def started(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        """The command in a process of its own; killed if it has not ended."""
        process = subprocess.Popen(
            [sys.executable, "-m", "simulation", *self.command, *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def owner(self) -> int | None:
        """The process of a run that is under way past its first recordings."""
        for segment in (self.folder / "small" / ".running").glob("[0-9a-f]*/curves-*.parquet"):
            with suppress(FileNotFoundError):  # it has just ended
                return int(json.loads((segment.parent / "record.json").read_text())["owner"]["pid"])
        return None

    def check_complete(self) -> None:
        """Every run of the plan is there once, finished, and the archive is sound."""
        planned = [config.run_id for config in read_plan(str(self.plan)).configs()]
        runs = self.archive.runs(["run_id", "status", "collection"])
        assert sorted(runs["run_id"]) == sorted(planned)
        assert set(runs["status"]) == {"finished"}
        assert set(runs["collection"]) == {"small"}
        assert self.archive.running() == []
        assert self.archive.verify() == []


def wait_for_owner(sweep: Sweep) -> int:
    found: list[int] = []
    wait_until(lambda: found.append(sweep.owner() or 0) or found[-1], "a run under way")
    return found[-1]


def has_ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_sweep_and_one_that_adds_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = Sweep(tmp_path, QUICK)
    assert main([*sweep.command, "--dry-run", "--json"]) == 0
    expected = json.loads(capsys.readouterr().out)
    assert not sweep.folder.exists()
    assert (expected["planned"], expected["to_make"], expected["steps"]) == (4, 4, 400)
    assert expected["parameter_steps"] == 400 * 8 * 26
    assert expected["swept"] == {"noise.update_scale": [0.01, 0.02], "seed": [0, 1]}
    assert expected["estimate"]["seconds"] > 0
    assert main([*sweep.command, "--workers", "2", "--json"]) == 0
    output, progress = capsys.readouterr()
    told = json.loads(output)
    assert (told["made_now"], told["endings"], told["failed"]) == (4, {"finished": 4}, [])
    assert "4 of 4 done" in progress
    sweep.check_complete()
    recorded = (sweep.folder / "small").glob("[!i]*/*.parquet")  # all but the index
    size = sum(path.stat().st_size for path in recorded)
    assert expected["estimate"]["bytes"] == pytest.approx(size, rel=0.2)
    plan = kept_plan(sweep.archive, "small")
    assert plan is not None
    assert plan.text == QUICK
    assert main([*sweep.command, "--dry-run"]) == 0
    assert "4 in the archive, 0 to make" in capsys.readouterr().out
    sweep.plan.write_text(QUICK.replace("[0.01, 0.02]", "[0.01]"))
    assert main(sweep.command) == 1
    assert "lacks 2 of its runs" in capsys.readouterr().err


def test_failed_runs_are_reported_and_the_others_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Runs that start from one that the archive does not hold cannot be made."""
    text = QUICK.replace(
        "[grid]", '[together]\nparent.run = ["", "0123456789ab"]\nparent.step = [0, 10]\n[grid]'
    )
    sweep = Sweep(tmp_path, text.replace("seeds = 2", ""))
    assert main([*sweep.command, "--workers", "1"]) == 3
    output, _ = capsys.readouterr()
    assert "4 runs in collection small: 2 finished, 2 not made" in output
    assert "The parent run 0123456789ab is not in" in output
    assert output.count("parent.run = 0123456789ab") == 2
    assert len(sweep.archive.runs(["run_id"])) == 2


def test_a_worker_that_is_killed_costs_its_run_only(tmp_path: Path) -> None:
    sweep = Sweep(tmp_path, SLOW)
    with sweep.started("--workers", "2", "--json") as process:
        os.kill(wait_for_owner(sweep), signal.SIGKILL)
        output, progress = process.communicate(timeout=120)
    assert process.returncode == 0, progress
    assert json.loads(output)["made_now"] == 4
    assert "Traceback" not in progress
    sweep.check_complete()


def test_a_sweep_that_is_killed_goes_on(tmp_path: Path) -> None:
    """Its workers end by themselves, and every run is there once in the end."""
    sweep = Sweep(tmp_path, SLOW)
    with sweep.started("--workers", "2") as process:
        wait_for_owner(sweep)
        workers = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    assert len(workers) >= 2
    for worker in workers:
        wait_until(lambda pid=worker.pid: has_ended(pid), "an orphaned worker's end")
    assert set(sweep.archive.runs(["status"])["status"]) <= {"finished", "interrupted"}
    with sweep.started("--workers", "2") as process:
        _, progress = process.communicate(timeout=120)
    assert process.returncode == 0, progress
    sweep.check_complete()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_archives_what_was_recorded(tmp_path: Path, number: signal.Signals) -> None:
    sweep = Sweep(tmp_path, ENDLESS)
    with sweep.started("--workers", "1") as process:
        wait_for_owner(sweep)
        process.send_signal(number)
        _, progress = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "4 runs are left; the same command goes on" in progress
    assert "Traceback" not in progress
    assert sweep.archive.runs(["status"])["status"].tolist() == ["cancelled"]
    assert sweep.archive.running() == []


# Dask


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, Sequence[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two workers, a process and a thread each."""
    about = tmp_path / "scheduler.json"
    started = [_dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", about)]
    try:
        wait_until(lambda: about.exists() and about.read_text(), "the scheduler")
        address = json.loads(about.read_text())["address"]
        single = ("--nthreads", "1", "--no-nanny", "--local-directory", tmp_path)
        started += [_dask("worker", address, *single) for _ in range(2)]
        yield address, started[1:]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _dask(what: str, *options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            f"distributed.cli.dask_{what}",
            "--no-dashboard",
            *map(str, options),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_dask_workers_one_of_them_killed(
    tmp_path: Path, scheduler: tuple[str, Sequence[subprocess.Popen[bytes]]]
) -> None:
    """Its run is made by the other once its silence has been noticed."""
    address, workers = scheduler
    sweep = Sweep(tmp_path, SLOW)
    with sweep.started("--scheduler", address, "--json") as process:
        killed = wait_for_owner(sweep)
        assert killed in [worker.pid for worker in workers]
        os.kill(killed, signal.SIGKILL)
        for beat in (sweep.folder / "small" / ".running").glob("*/heartbeat"):
            record = json.loads((beat.parent / "record.json").read_text())
            if record["owner"]["pid"] == killed:
                silent_since = time.time() - 11
                os.utime(beat, (silent_since, silent_since))
        output, progress = process.communicate(timeout=120)
    assert process.returncode == 0, progress
    assert json.loads(output)["made_now"] == 4
    sweep.check_complete()


def test_no_scheduler_and_no_dask_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = Sweep(tmp_path, QUICK)
    monkeypatch.setattr("simulation.sweeps.pools.CONNECT_SECONDS", 0.2)
    assert main([*sweep.command, "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:1" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main([*sweep.command, "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert "requirements-dask.txt" in capsys.readouterr().err


def test_importing_sweeps_loads_nothing_heavy() -> None:
    code = "import sys, simulation.sweeps, simulation.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    loaded: Any = set(done.stdout.split())
    assert not {"torch", "numba", "scipy", "distributed"} & loaded
    assert RunConfig.__module__ in loaded
