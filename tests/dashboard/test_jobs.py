"""Live runs in real processes: they end with their server, however either of them dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from dashboard.jobs.estimate import write_speeds
from dashboard.settings import Settings, read_settings
from simulation.archive import Archive, Run, Status
from simulation.config import RunConfig
from tests.measured import measured_speeds

ROOT = Path(__file__).resolve().parents[2]
SHORT = {"schedule.steps": 2_000, "schedule.hessian_snapshots": 2}
ENDLESS = {"schedule.steps": 10**9, "schedule.hessian_snapshots": 0, "noise.update_scale": 0.01}

SERVER = """
import os, resource, signal, sys
from dashboard.jobs.process_launcher import ProcessLauncher
from dashboard.settings import read_settings
from dashboard.jobs.workers import ProcessWorkers
from simulation.archive import Archive
from simulation.config import RunConfig

settings = read_settings(os.environ)
archive = Archive.open(settings.archive, create=True)
if largest_file := int(sys.argv[3]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
launcher = ProcessLauncher(archive, settings, ProcessWorkers(settings))
for seed in range(int(sys.argv[1])):
    launcher.launch(RunConfig.parse({**eval(sys.argv[2]), "seed": seed}), "")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
try:
    signal.pause()
finally:
    launcher.close()
"""


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)


class Site:
    """A server without web pages, in a process of its own, that works on `count` runs."""

    def __init__(
        self, settings: Settings, count: int, values: dict[str, object], largest_file: int
    ) -> None:
        Archive.open(settings.archive, create=True)
        self.archive = Archive.open(settings.archive)
        self.runs = [RunConfig.parse({**values, "seed": seed}).run_id for seed in range(count)]
        self.process = psutil.Popen(
            [sys.executable, "-c", SERVER, str(count), repr(values), str(largest_file)],
            cwd=ROOT,
            env=os.environ | settings.environment(),
        )

    def run(self, index: int = 0) -> Run:
        return self.archive.open_run(self.runs[index])

    def wait_for(self, *statuses: Status, index: int = 0, seconds: float = 60) -> Run:
        def there() -> bool:
            known = {run.run_id for run in self.archive.running()}
            known |= set(self.archive.runs(["run_id"])["run_id"])
            return self.runs[index] in known and self.run(index).status in statuses

        wait_until(there, seconds, f"run {index} is {statuses}")
        return self.run(index)

    def wait_for_training(self) -> psutil.Process:
        """Wait until something has been recorded; the process that does it."""
        self.wait_for(Status.RUNNING)
        wait_until(lambda: len(self.run().curves(["step"])) > 20, 60, "curves grow")
        return psutil.Process(self.run().record["owner"]["pid"])

    def processes(self) -> list[psutil.Process]:
        return self.process.children(recursive=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(
        {
            "DRIFTSCAPE_ARCHIVE": str(tmp_path / "archive"),
            "DRIFTSCAPE_CACHE": str(tmp_path / "cache"),
            "DRIFTSCAPE_MAX_LIVE_STEPS": str(10**9),
            "DRIFTSCAPE_MAX_CONCURRENT_RUNS": "1",
        }
    )


@pytest.fixture(autouse=True)
def measured(settings: Settings) -> None:
    """This machine's speed counts as known, so that nothing is measured beside the tests."""
    write_speeds(settings.cache_path, measured_speeds())


@pytest.fixture
def make_site(settings: Settings) -> Iterator[Callable[..., Site]]:
    sites: list[Site] = []

    def make(
        count: int = 1,
        values: dict[str, object] = ENDLESS,
        limited: Settings = settings,
        largest_file: int = 0,
    ) -> Site:
        sites.append(Site(limited, count, values, largest_file))
        return sites[-1]

    yield make
    for site in sites:
        if site.process.is_running():
            site.process.terminate()
        site.process.wait(20)


def gone(processes: list[psutil.Process]) -> bool:
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes
    )


def test_queued_runs_are_computed_one_after_the_other_and_archived(
    make_site: Callable[..., Site],
) -> None:
    site = make_site(3, SHORT)
    runs = [site.wait_for(Status.FINISHED, index=index) for index in range(3)]
    finished = [run.record["finished_at"] for run in runs]
    assert finished == sorted(finished)
    assert runs[0].record["engine"] == "compiled"
    assert not site.archive.verify()


def test_a_killed_worker_leaves_a_readable_run_within_seconds(
    make_site: Callable[..., Site],
) -> None:
    site = make_site()
    worker = site.wait_for_training()
    worker.send_signal(signal.SIGKILL)
    run = site.wait_for(Status.INTERRUPTED, seconds=15)
    assert "SIGKILL" in run.record["status_reason"]
    assert len(run.curves()) > 20
    assert not site.archive.verify()


def test_a_cancelled_run_is_readable_up_to_there(make_site: Callable[..., Site]) -> None:
    site = make_site()
    site.wait_for_training()
    site.archive.request_cancel(site.runs[0])
    run = site.wait_for(Status.CANCELLED, seconds=15)
    assert 0 < run.record["steps_reached"] < run.config.schedule.steps
    assert len(run.curves()) > 20


def test_a_stopped_server_ends_its_runs_in_order(make_site: Callable[..., Site]) -> None:
    site = make_site(2)
    site.wait_for_training()
    processes = site.processes()
    site.process.terminate()
    assert site.process.wait(15) == 0
    assert gone(processes)
    assert [site.run(index).status for index in range(2)] == [Status.INTERRUPTED] * 2
    assert len(site.run().curves()) > 20


def test_nothing_outlives_a_killed_server(make_site: Callable[..., Site]) -> None:
    site = make_site(2)
    site.wait_for_training()
    processes = site.processes()
    assert len(processes) >= 1
    site.process.kill()
    wait_until(lambda: gone(processes), 8, "every process of the server is gone")
    for index in range(2):
        run = site.wait_for(Status.INTERRUPTED, index=index, seconds=15)
    assert len(site.run().curves()) > 20
    assert not site.archive.verify()
    assert run.status is Status.INTERRUPTED


def test_a_run_that_takes_too_long_ends_at_the_limit(
    make_site: Callable[..., Site], settings: Settings
) -> None:
    site = make_site(limited=replace(settings, max_live_seconds=1))
    assert len(site.wait_for(Status.TIME_LIMIT).curves()) > 1


def test_a_full_disk_ends_the_run_and_keeps_what_was_written(
    make_site: Callable[..., Site],
) -> None:
    """A limit on the size of files fails a write as a full disk does."""
    site = make_site(values=SHORT | {"schedule.snapshots": 100}, largest_file=150_000)
    run = site.wait_for(Status.INTERRUPTED)
    assert len(run.curves()) > 1
    assert site.process.is_running()


def test_a_worker_that_is_told_nothing_ends(settings: Settings) -> None:
    environment = settings.environment() | {"DRIFTSCAPE_SERVER_PID": str(os.getpid())}
    ended = subprocess.run(
        [sys.executable, "-m", "dashboard.jobs.worker", "work"],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0
