"""How a run in progress is put into words and numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.jobs.live_status import duration, standing
from simulation.archive import Archive, Progress, Run, RunWriter, Status
from simulation.config import RunConfig

CONFIG = RunConfig.parse({"schedule.steps": 1_000})


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path, create=True)


@pytest.fixture
def writer(archive: Archive) -> RunWriter:
    return archive.writer(CONFIG, collection="live", name="")


def at(archive: Archive, writer: RunWriter, stage: str, age_seconds: float = 0) -> Run:
    """The run a quarter done, as it was reported some time ago."""
    moment = datetime.now(UTC) - timedelta(seconds=age_seconds)
    writer.report(Progress(250, 1_000, 123.4, 6.1, stage, moment.isoformat()))
    writer.flush(force=True)
    return archive.open_run(CONFIG.run_id)


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (None, "Waiting for its turn."),
        (1, "Next in the queue."),
        (3, "In the queue, 2 ahead of it."),
    ],
)
def test_a_queued_run_says_how_many_are_ahead(
    archive: Archive,
    writer: RunWriter,  # noqa: ARG001
    position: int | None,
    words: str,
) -> None:
    assert standing(archive.open_run(CONFIG.run_id), position).words == words


def test_training_tells_step_speed_and_time_left(archive: Archive, writer: RunWriter) -> None:
    now = standing(at(archive, writer, "training"), None)
    assert now.words == "Training now."
    assert now.numbers == "step 250 of 1,000 · 120 steps/s · 6 s left"
    assert now.percent == 25
    assert now.in_progress


def test_a_process_that_gives_no_news_is_said(archive: Archive, writer: RunWriter) -> None:
    now = standing(at(archive, writer, "training", age_seconds=7), None)
    assert now.words == "No news from its process for 7 s."


def test_to_compile_takes_its_time_and_is_said(archive: Archive, writer: RunWriter) -> None:
    now = standing(at(archive, writer, "compiling", age_seconds=7), None)
    assert now.words == "Compiling the engine for networks of this kind, once on this machine."


def test_the_ending_is_told(archive: Archive, writer: RunWriter) -> None:
    at(archive, writer, "training")
    writer.finish(Status.CANCELLED, "By hand.")
    now = standing(archive.open_run(CONFIG.run_id), None)
    assert now.words == f"{Status.CANCELLED.words} By hand."
    assert not now.in_progress


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (59.4, "59 s"), (60, "1 min 0 s"), (3_599, "59 min 59 s"), (3_661, "1 h 1 min")],
)
def test_durations_are_readable(seconds: float, words: str) -> None:
    assert duration(seconds) == words
