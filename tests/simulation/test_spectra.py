"""Eigenvalues solved beside the training: the same rows in the same order, and no waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulation.archive import Archive, Status
from simulation.config import RunConfig
from simulation.metrics.curvature import Curvature, hessian_spectrum
from simulation.recording import recorder
from simulation.recording.spectra import ENDED, GRACE_SECONDS, SnapshotRows
from simulation.running.run import MOST_UNSOLVED, execute

VALUES = {
    "task.n_samples": 5,
    "network.hidden_units": 12,
    "noise.update_scale": 0.01,
    "schedule.steps": 300,
    "schedule.curve_points": 20,
    "schedule.snapshots": 8,
    "schedule.hessian_snapshots": 4,
}
CONFIG = RunConfig.parse(VALUES)


class Rows:
    """What was written, in place of a run's writer."""

    def __init__(self) -> None:
        self.written: list[tuple[str, int]] = []
        self.notes: dict[int, str | None] = {}

    def append(self, table: str, **columns: Any) -> None:
        self.written.append((table, columns["step"]))
        if table == "snapshots":
            self.notes[columns["step"]] = columns.get("hessian_note")


def solved(after: threading.Event | None = None) -> Callable[[], Curvature]:
    def solve() -> Curvature:
        if after is not None:
            after.wait()
        return Curvature(10, 1.0, 1.0, 0, reason="over the limit")

    return solve


def test_rows_wait_for_those_of_earlier_steps() -> None:
    rows, first = Rows(), threading.Event()
    snapshots = SnapshotRows(rows)  # type: ignore[arg-type]
    snapshots.add({"step": 0}, solved(first))
    snapshots.add({"step": 1}, None)
    snapshots.add({"step": 2}, solved())
    assert rows.written == []
    assert snapshots.unsolved == 2
    snapshots.wait(0.01)
    assert rows.written == []
    first.set()
    while snapshots.unsolved:
        snapshots.wait()
    assert rows.written == [("snapshots", step) for step in (0, 1, 2)]


def test_a_run_that_is_ended_does_not_wait_and_says_what_is_missing() -> None:
    rows, never = Rows(), threading.Event()
    snapshots = SnapshotRows(rows)  # type: ignore[arg-type]
    snapshots.add({"step": 0}, solved())
    snapshots.wait()
    for step in (1, 2):
        snapshots.add({"step": step}, solved(never))
    snapshots.add({"step": 3, "hessian_note": "not planned"}, None)
    began = time.monotonic()
    snapshots.leave()
    assert time.monotonic() - began < GRACE_SECONDS + 0.5
    assert rows.notes == {0: "over the limit", 1: ENDED, 2: ENDED, 3: "not planned"}
    assert snapshots.unsolved == 0
    never.set()


def test_recorded_numbers_do_not_depend_on_when_they_are_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = execute(CONFIG, Archive.open(tmp_path / "beside", create=True))

    def slowly(*arguments: Any) -> Curvature:
        time.sleep(0.05)
        return hessian_spectrum(*arguments)

    monkeypatch.setattr(recorder, "hessian_spectrum", slowly)
    late = execute(CONFIG, Archive.open(tmp_path / "late", create=True))
    assert late.snapshots().equals(run.snapshots())
    assert run.snapshots()["step"].is_monotonic_increasing
    assert run.spectrum_steps().tolist() == late.spectrum_steps().tolist()
    assert len(run.spectrum_steps()) == 4
    for step in run.spectrum_steps():
        assert (run.spectrum(step).eigenvalues == late.spectrum(step).eigenvalues).all()


def test_the_curve_goes_on_while_the_first_spectrum_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, go_on = Archive.open(tmp_path, create=True), threading.Event()
    seen: list[tuple[int, str]] = []

    def held(*arguments: Any) -> Curvature:
        assert go_on.wait(60)
        return hessian_spectrum(*arguments)

    def look(progress: Any) -> None:
        seen.append((progress.step, progress.stage))
        if progress.stage == "finishing":
            curves = archive.open_run(CONFIG.run_id).curves()
            assert curves["step"].max() == CONFIG.schedule.steps
            go_on.set()

    monkeypatch.setattr(recorder, "hessian_spectrum", held)
    run = execute(CONFIG, archive, on_progress=look)
    assert run.status is Status.FINISHED
    assert seen[-1] == (CONFIG.schedule.steps, "finishing")
    assert len(run.spectrum_steps()) == 4


def test_a_run_cancelled_while_spectra_are_solved_is_readable_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    stages: list[str] = []

    def held(*arguments: Any) -> Curvature:
        assert never.wait(60)
        return hessian_spectrum(*arguments)

    monkeypatch.setattr(recorder, "hessian_spectrum", held)
    run = execute(
        CONFIG,
        Archive.open(tmp_path, create=True),
        on_progress=lambda progress: stages.append(progress.stage),
        stop=lambda: Status.CANCELLED if "finishing" in stages else None,
    )
    never.set()
    assert run.status is Status.CANCELLED
    snapshots = run.snapshots().set_index("step")
    assert snapshots.index.tolist() == run.snapshot_steps().tolist()
    assert (snapshots["hessian_note"] == ENDED).sum() == 4
    assert not len(run.spectrum_steps())


def test_what_goes_wrong_while_solving_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Curvature:
        raise MemoryError("no room for the matrix")

    monkeypatch.setattr(recorder, "hessian_spectrum", fail)
    with pytest.raises(MemoryError, match="no room"):
        execute(CONFIG, Archive.open(tmp_path, create=True))


def test_training_waits_when_too_many_are_unsolved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshots = {"schedule.snapshots": 60, "schedule.hessian_snapshots": 60}
    config, most = CONFIG.with_values(snapshots), 0
    counted = SnapshotRows.write

    def slowly(*arguments: Any) -> Curvature:
        time.sleep(0.01)
        return hessian_spectrum(*arguments)

    def write(rows: SnapshotRows) -> None:
        nonlocal most
        most = max(most, rows.unsolved)
        counted(rows)

    monkeypatch.setattr(recorder, "hessian_spectrum", slowly)
    monkeypatch.setattr(SnapshotRows, "write", write)
    run = execute(config, Archive.open(tmp_path, create=True))
    assert 2 < most <= MOST_UNSOLVED + 1
    assert len(run.spectrum_steps()) == len(run.snapshot_steps())
