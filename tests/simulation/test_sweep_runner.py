"""Who gets which run when, and what becomes of runs that end otherwise: with scripted workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any

import pytest

from simulation.archive import Archive, Status
from simulation.config import RunConfig
from simulation.errors import StorageFull
from simulation.sweeps import runner
from simulation.sweeps.pools import Pool, SchedulerError, device_key
from simulation.sweeps.reports import Ended, Report
from simulation.sweeps.runner import run_all
from simulation.sweeps.worker import Job, JobEnd, work
from tests.simulation.archive_helpers import write_run

JOBS = [Job(RunConfig.parse({"seed": seed, "schedule.steps": 100}), "") for seed in range(4)]
DONE = JobEnd(Status.FINISHED)


class Scripted(Executor):
    """Answers a job with the next of its answers: an outcome, an error or a future."""

    def __init__(self, **answers: list[Any]) -> None:
        self.given: list[int] = []
        self.batches: list[int] = []
        self._answers = {seed: iter(answers.get(f"seed_{seed}", [])) for seed in range(len(JOBS))}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        assert fn is work
        seeds = [job.config.seed for job in args[0]]
        self.given += seeds
        self.batches.append(len(seeds))
        answers = [next(self._answers[seed], DONE) for seed in seeds]
        if isinstance(answers[0], Future):
            return answers[0]
        future: Future[Any] = Future()
        if isinstance(answers[0], Exception):
            future.set_exception(answers[0])
        else:
            future.set_result(answers)
        return future


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(runner, "LOOK_SECONDS", 0.01)
    return Archive.open(tmp_path / "archive", create=True)


def run(archive: Archive, executor: Executor, slots: int = 2) -> tuple[list[Ended], list[Report]]:
    reports: list[Report] = []
    ended = run_all(JOBS, archive, "c", Pool(executor, lambda: slots), reports.append)
    return ended, reports


def test_jobs_go_out_in_order_and_progress_is_told(archive: Archive) -> None:
    executor = Scripted(seed_1=[JobEnd(Status.DIVERGED)])
    ended, reports = run(archive, executor)
    assert executor.given == [0, 1, 2, 3]
    assert {job.status for job in ended} == {Status.FINISHED, Status.DIVERGED}
    assert not any(job.failed for job in ended)
    assert max(report.running for report in reports) == 2
    assert [report.done for report in reports if report.latest] == [1, 2, 3, 4]
    assert reports[0].seconds_left is None
    assert reports[-1].seconds_left == pytest.approx(0)


def test_a_failure_is_kept_with_its_remedy_and_the_others_go_on(archive: Archive) -> None:
    failure = JobEnd(None, "No room left.", "Free some.")
    ended, reports = run(archive, Scripted(seed_2=[failure], seed_3=[JobEnd(Status.CANCELLED)]))
    failed = {job.job.config.seed: job for job in ended if job.failed}
    assert set(failed) == {2, 3}
    assert (failed[2].message, failed[2].remedy) == ("No room left.", "Free some.")
    assert "Cancelled" in failed[3].message
    assert (reports[-1].done, reports[-1].failed) == (4, 2)


def test_a_run_whose_worker_is_killed_is_made_again_once(archive: Archive) -> None:
    executor = Scripted(seed_0=[BrokenExecutor()], seed_1=[BrokenExecutor(), BrokenExecutor()])
    ended, _ = run(archive, executor)
    (failed,) = [job for job in ended if job.failed]
    assert failed.job is JOBS[1]
    assert "ended from outside 2 times" in failed.message
    assert sorted(executor.given) == [0, 0, 1, 1, 2, 3]
    assert len(ended) == len(JOBS)


def test_a_run_that_another_process_computes_is_waited_for(archive: Archive) -> None:
    """And made here after all once nobody computes it and it has not been settled."""
    other = archive.writer(JOBS[0].config, collection="c", name="")
    executor = Scripted(seed_0=[JobEnd(None), DONE])
    reports: list[Report] = []

    def tell(report: Report) -> None:
        reports.append(report)
        if report.elsewhere and report.done == 3:
            other.release()

    ended = run_all(JOBS, archive, "c", Pool(executor, lambda: 2), tell)
    assert executor.given == [0, 1, 2, 3, 0]
    assert len(ended) == 4
    assert max(report.elsewhere for report in reports) == 1


def test_without_workers_it_waits_for_one(archive: Archive) -> None:
    slots: Iterator[int] = iter([0, 0])
    reports: list[Report] = []
    pool = Pool(Scripted(), lambda: next(slots, 3))
    assert len(run_all(JOBS, archive, "c", pool, reports.append)) == 4
    assert [report.slots for report in reports[:3]] == [0, 0, 3]


def test_a_scheduler_that_loses_runs_ends_the_sweep_with_a_remedy(archive: Archive) -> None:
    lost: Future[Any] = Future()
    lost.cancel()
    lost.set_running_or_notify_cancel()
    with pytest.raises(SchedulerError, match="goes on where it stopped"):
        run(archive, Scripted(seed_1=[lost]))


def test_runs_of_one_shape_go_out_together(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are enough of them; after a kill they are made alone."""
    monkeypatch.setattr(runner, "LEAST_TOGETHER", 3)
    executor = Scripted(seed_0=[BrokenExecutor()])
    other = Job(JOBS[3].config.with_values({"network.hidden_units": 9}), "")
    pool = Pool(executor, lambda: 1, lambda config: config.network.hidden_units)
    ended = run_all([JOBS[0], other, *JOBS[1:3]], archive, "c", pool, lambda _: None)
    assert executor.given[:3] == [0, 1, 2]
    assert executor.batches == [3, 1, 1, 1, 1]
    assert not any(job.failed for job in ended)
    assert len(ended) == 4


# in the worker


def test_a_device_makes_what_few_cores_are_slow_at() -> None:
    noisy = JOBS[0].config.with_values({"noise.update_scale": 0.03})
    adam = noisy.with_values({"rule.kind": "adam"})
    assert device_key(2, noisy) is not None
    assert device_key(16, noisy) is None
    assert device_key(16, adam) == device_key(2, adam) is not None
    assert device_key(16, adam.with_values({"task.kind": "ring"})) is None


def test_runs_in_lockstep_are_archived_one_by_one(archive: Archive) -> None:
    small = {"schedule.steps": 20, "network.hidden_units": 3, "schedule.hessian_snapshots": 0}
    noisy = RunConfig.parse(small | {"noise.update_scale": 0.01})
    jobs = [Job(noisy.with_values({"seed": seed}), f"{seed}") for seed in range(3)]
    queued = archive.writer(jobs[1].config, collection="c", name="")
    assert work(jobs, archive.path, "c") == [DONE, JobEnd(None), DONE]
    queued.release()
    assert archive.open_run(jobs[2].config.run_id).name == "2"


def test_a_worker_answers_with_how_its_run_ended(archive: Archive) -> None:
    small = {"schedule.steps": 20, "network.hidden_units": 3, "schedule.hessian_snapshots": 0}
    job = Job(RunConfig.parse(small), "A name")
    assert work([job], archive.path, "c") == [DONE]
    assert archive.open_run(job.config.run_id).name == "A name"
    write_run(archive, JOBS[0].config, status=Status.DIVERGED)
    assert work(JOBS[:1], archive.path, "c") == [JobEnd(Status.DIVERGED)]
    queued = archive.writer(JOBS[1].config, collection="c", name="")
    assert work(JOBS[1:2], archive.path, "c")[0].is_elsewhere
    queued.release()
    (missing,) = work([job], archive.path / "nowhere", "c")
    assert "not an archive" in missing.message
    assert missing.remedy


@pytest.mark.parametrize(
    ("error", "message", "remedy"),
    [
        (StorageFull("Full.", remedy="Free some."), "Full.", "Free some."),
        (MemoryError("no\nmore"), "no more.", "Run the sweep again"),
    ],
)
def test_what_goes_wrong_in_a_worker_is_its_answer(
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    message: str,
    remedy: str,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("simulation.running.run.execute", fail)
    (outcome,) = work(JOBS[:1], archive.path, "c")
    assert outcome.status is None
    assert message in outcome.message
    assert remedy in outcome.remedy
    assert "\n" not in outcome.message
