"""The queue of live runs: who is next, who is refused, and what becomes of dead processes."""

from __future__ import annotations

import io
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import pytest

from dashboard.jobs.launcher import QueueFull
from dashboard.jobs.process_launcher import ProcessLauncher
from dashboard.settings import read_settings
from simulation.archive import Archive, Run, Status
from simulation.config import RunConfig
from simulation.errors import ArchiveError, ConfigError


@dataclass
class FakeWorker:
    """A process that does what the test says."""

    code: int | None = None
    obeys: bool = True
    signals: list[str] = field(default_factory=list)
    stdout: IO[str] = field(default_factory=io.StringIO)

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.signals.append("terminate")
        if self.obeys:
            self.code = -15

    def kill(self) -> None:
        self.signals.append("kill")
        self.code = -9

    def wait(self, timeout: float | None = None) -> int:
        if self.code is None:
            raise subprocess.TimeoutExpired("worker", timeout or 0)
        return self.code


@dataclass
class FakeWorkers:
    archive: Archive
    obeys: bool
    started: dict[str, FakeWorker] = field(default_factory=dict)
    calibrated: list[list[str]] = field(default_factory=list)

    def start(self, run_id: str) -> FakeWorker:
        self.started[run_id] = FakeWorker(obeys=self.obeys)
        return self.started[run_id]

    def prepare(self) -> None:
        pass

    def calibrate(self) -> None:
        self.calibrated.append([*self.started])

    def end(self, run_id: str, status: Status, reason: str) -> None:
        self.archive.adopt(run_id).finish(status, reason)

    def close(self) -> None:
        pass


@dataclass
class Site:
    """A launcher whose workers are fakes, on an archive of its own."""

    archive: Archive
    launcher: ProcessLauncher
    started: dict[str, FakeWorker]
    calibrated: list[list[str]]

    def launch(self, seed: int) -> str:
        return self.launcher.launch(config(seed), "")

    def finish(self, run_id: str, status: Status = Status.FINISHED) -> None:
        """The worker archives its run and ends."""
        self.archive.adopt(run_id).finish(status)
        self.started[run_id].code = 0


def config(seed: int) -> RunConfig:
    return RunConfig.parse({"seed": seed, "schedule.steps": 10})


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "not within 10 s"
        time.sleep(0.01)


Factory = Callable[..., Site]


@pytest.fixture
def make_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Factory]:
    monkeypatch.setattr("dashboard.jobs.process_launcher.GRACE_SECONDS", 0.3)
    sites: list[Site] = []

    def make(concurrent: int = 1, queued: int = 10, *, obeys: bool = True) -> Site:
        archive = Archive.open(tmp_path / "archive", create=True)
        settings = replace(
            read_settings({}), max_concurrent_runs=concurrent, max_queued_runs=queued
        )
        workers = FakeWorkers(archive, obeys)
        launcher = ProcessLauncher(archive, settings, workers)
        sites.append(Site(archive, launcher, workers.started, workers.calibrated))
        return sites[-1]

    yield make
    for site in sites:
        site.launcher.close()


def ended(site: Site, run_id: str) -> Run:
    wait_until(lambda: not site.launcher.is_active(run_id))
    return site.archive.open_run(run_id)


def test_runs_start_in_the_order_they_were_asked_for(make_site: Factory) -> None:
    site = make_site(concurrent=1)
    runs = [site.launch(seed) for seed in range(4)]
    for position, run_id in enumerate(runs):
        wait_until(lambda expected=runs[: position + 1]: list(site.started) == expected)
        assert [site.launcher.position(each) for each in runs[position + 1 :]] == list(
            range(1, len(runs) - position)
        )
        site.finish(run_id)
    assert [ended(site, run_id).status for run_id in runs] == [Status.FINISHED] * 4


def test_the_machine_is_measured_once_and_after_the_runs_that_wait(
    make_site: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(concurrent=1)
    runs = [site.launch(seed) for seed in range(2)]
    monkeypatch.setattr("dashboard.jobs.process_launcher.CALIBRATE_SECONDS", 0)
    for run_id in runs:
        wait_until(lambda expected=run_id: expected in site.started)
        assert not site.calibrated
        site.finish(run_id)
    wait_until(lambda: site.calibrated)
    third = site.launch(2)
    wait_until(lambda: third in site.started)
    site.finish(third)
    ended(site, third)
    assert site.calibrated == [runs]


def test_no_more_processes_than_the_cap(make_site: Factory) -> None:
    site = make_site(concurrent=2)
    runs = [site.launch(seed) for seed in range(5)]
    wait_until(lambda: len(site.started) == 2)
    site.finish(runs[1])
    wait_until(lambda: len(site.started) == 3)
    assert list(site.started) == runs[:3]
    assert [site.launcher.position(run_id) for run_id in runs] == [None, None, None, 1, 2]


def test_a_full_queue_refuses_and_says_what_to_do(make_site: Factory) -> None:
    site = make_site(concurrent=1, queued=2)
    runs = [site.launch(seed) for seed in range(3)]
    wait_until(lambda: site.launcher.position(runs[1]) == 1)
    with pytest.raises(QueueFull) as refused:
        site.launch(99)
    assert "1 live runs in progress, 2 waiting" in refused.value.message
    assert refused.value.remedy
    assert site.launch(2) == runs[2], "one that waits already can still be found"
    site.finish(runs[0])
    ended(site, runs[0])
    wait_until(lambda: site.launcher.position(runs[2]) == 1)
    site.launch(99)


def test_a_queued_run_is_in_the_archive_before_its_turn(make_site: Factory) -> None:
    site = make_site(concurrent=1)
    site.launch(0)
    waiting = site.launch(1)
    assert site.archive.open_run(waiting).status is Status.QUEUED
    assert waiting not in site.started


def test_the_same_configuration_is_the_same_run(make_site: Factory) -> None:
    site = make_site(concurrent=1)
    first = site.launch(0)
    assert site.launch(0) == first
    wait_until(lambda: first in site.started)
    site.finish(first)
    ended(site, first)
    assert site.launch(0) == first
    assert not site.launcher.is_active(first), "a finished run is opened, not run again"


def test_a_run_that_was_cut_short_can_be_launched_again(make_site: Factory) -> None:
    site = make_site(concurrent=1)
    run_id = site.launch(0)
    wait_until(lambda: run_id in site.started)
    site.finish(run_id, Status.CANCELLED)
    ended(site, run_id)
    assert site.launch(0) == run_id
    assert site.launcher.is_active(run_id)


def test_cancelling_a_waiting_run_takes_it_out_of_the_queue(make_site: Factory) -> None:
    site = make_site(concurrent=1)
    runs = [site.launch(seed) for seed in range(3)]
    wait_until(lambda: site.launcher.position(runs[1]) == 1)
    site.launcher.cancel(runs[1])
    assert ended(site, runs[1]).status is Status.CANCELLED
    assert site.launcher.position(runs[2]) == 1
    site.finish(runs[0])
    wait_until(lambda: list(site.started) == [runs[0], runs[2]])


def test_a_cancelled_worker_that_does_not_stop_is_killed_after_a_grace_period(
    make_site: Factory,
) -> None:
    site = make_site()
    run_id = site.launch(0)
    wait_until(lambda: run_id in site.started)
    site.launcher.cancel(run_id)
    run = ended(site, run_id)
    assert site.started[run_id].signals == ["kill"]
    assert run.status is Status.CANCELLED


def test_a_worker_that_died_is_noticed_and_its_run_kept(make_site: Factory) -> None:
    site = make_site()
    run_id = site.launch(0)
    wait_until(lambda: run_id in site.started)
    site.started[run_id].code = -9
    run = ended(site, run_id)
    assert run.status is Status.INTERRUPTED
    assert "SIGKILL" in run.record["status_reason"]
    assert not site.archive.verify()


def test_what_came_of_a_run_is_told_after_it(make_site: Factory) -> None:
    site = make_site(concurrent=2)
    told, killed = site.launch(0), site.launch(1)
    wait_until(lambda: len(site.started) == 2)
    assert site.launcher.outcome(told) is None
    outcome = {"run_id": told, "name": "", "words": "No room left.", "failed": True}
    site.started[told].stdout = io.StringIO(json.dumps(outcome))
    site.started[told].code = 1
    site.started[killed].code = -9
    assert "No room left." in ended(site, told).record["status_reason"]
    ended(site, killed)
    assert site.launcher.outcome(told) == outcome
    assert "SIGKILL" in (site.launcher.outcome(killed) or {})["words"]


def test_closing_ends_what_runs_and_what_waits(make_site: Factory) -> None:
    site = make_site(concurrent=1, obeys=False)
    runs = [site.launch(seed) for seed in range(2)]
    wait_until(lambda: runs[0] in site.started)
    site.launcher.close()
    assert site.started[runs[0]].signals == ["terminate", "kill"]
    assert [site.archive.open_run(run_id).status for run_id in runs] == [Status.INTERRUPTED] * 2
    assert not site.archive.running()


def test_more_than_the_site_allows_is_refused_by_field(make_site: Factory) -> None:
    site = make_site()
    huge = RunConfig.parse({"schedule.steps": 10**9, "network.hidden_units": 20_000})
    with pytest.raises(ConfigError) as refused:
        site.launcher.launch(huge, "")
    assert [problem.path for problem in refused.value.problems] == [
        "schedule.steps",
        "network.hidden_units",
    ]
    assert not site.archive.running()


def test_an_archive_that_cannot_be_written_says_so(make_site: Factory) -> None:
    site = make_site()
    live = site.archive.path / "live"
    live.write_text("a file where a folder should be")
    try:
        with pytest.raises(ArchiveError):
            site.launch(0)
    finally:
        live.unlink()
