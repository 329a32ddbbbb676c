"""Packing may die at any point, and runs may be made meanwhile: each is there, and there once."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from simulation.archive import Archive, Status, ending, pack_writer, packing
from simulation.archive.index import Index
from simulation.archive.packs import packs_of
from simulation.archive.store import Place
from tests.simulation.archive_helpers import small_config, write_run
from tests.simulation.pack_helpers import content, contents, own_files

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "archive", create=True)


def pack(archive: Archive) -> packing.Packed:
    return archive.pack("runs", lambda *_: None)


def write_short(archive: Archive, seed: int, status: Status) -> None:
    """A run of few files."""
    writer = archive.writer(small_config(seed=seed), collection="runs", name="")
    writer.append("curves", step=[0, 1], loss=[0.5, 0.4])
    writer.finish(status)


class Killed(BaseException):
    """The process ended."""


def die_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> Callable[[], bool]:
    """Let so many changes of the disk happen, and none after; whether that many were wanted."""
    left = steps

    def limited(change: Callable[..., Any]) -> Callable[..., Any]:
        def attempt(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return change(*arguments, **options)

        return attempt

    for name in ("rename", "replace", "unlink", "mkdir"):
        monkeypatch.setattr(Path, name, limited(getattr(Path, name)))
    monkeypatch.setattr(shutil, "rmtree", limited(shutil.rmtree))
    return lambda: left < 0


def test_a_packing_that_dies_anywhere_is_completed_by_the_next(
    archive: Archive, tmp_path: Path
) -> None:
    write_short(archive, 0, Status.FINISHED)
    write_short(archive, 1, Status.CANCELLED)
    pack(archive)
    write_short(archive, 1, Status.FINISHED)
    write_short(archive, 2, Status.FINISHED)
    before = contents(archive)
    assert len(before) == 3
    steps, died = 0, True
    while died:
        copy = Archive(Path(shutil.copytree(archive.path, tmp_path / str(steps))))
        with pytest.MonkeyPatch.context() as patch:
            has_died = die_after(patch, steps)
            with suppress(Killed):
                pack(copy)
            died = has_died()
        assert contents(copy) == before
        assert {finding.message for finding in copy.verify()} <= {"a file that was to be packed"}
        assert pack(copy).runs == 3
        assert contents(copy) == before
        assert copy.verify() == []
        assert own_files(copy) == []
        (kept,) = (copy.path / "runs" / "packs").iterdir()
        assert [kept] == [found.folder.path for found in packs_of(copy.root / "runs")]
        steps += 1
    assert steps > 12


def test_a_process_killed_while_packing(archive: Archive) -> None:
    for seed in range(4):
        write_run(archive, small_config(seed=seed))
    before = contents(archive)
    code = (
        "import sys, time; from pathlib import Path; from simulation.archive import *; "
        "from simulation.archive import layout, pack_writer\n"
        "def stop(*_): print('half-way', flush=True); time.sleep(600)\n"
        "layout_remove = pack_writer.remove_files; calls = []\n"
        "def remove(*where):\n"
        "    calls.append(where)\n"
        "    layout_remove(*where) if len(calls) < 3 else stop()\n"
        "pack_writer.remove_files = remove\n"
        f"Archive.open({str(archive.path)!r}).pack('runs', lambda *_: None)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"half-way\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert contents(archive) == before
    assert archive.verify() == []
    assert len(own_files(archive)) == 2 * 7
    assert pack(archive).moved == 2
    assert contents(archive) == before
    assert len(packs_of(archive.root / "runs")) == 1, "the pack that was made is not made again"


def test_a_run_replaced_while_its_pack_is_written(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(2):
        write_run(archive, small_config(seed=seed), steps=(0, 1), status=Status.CANCELLED)
    written = pack_writer.Draft.__init__

    def replace_then(draft: pack_writer.Draft, *arguments: Any) -> None:
        written(draft, *arguments)
        monkeypatch.setattr(pack_writer.Draft, "__init__", written)
        write_run(archive, small_config(seed=0))

    monkeypatch.setattr(pack_writer.Draft, "__init__", replace_then)
    assert pack(archive).moved == 1
    runs = archive.runs(["seed", "status"]).set_index("seed")["status"].to_dict()
    assert runs == {0: "finished", 1: "cancelled"}
    assert archive.verify() == []
    assert pack(archive).moved == 1


def test_a_run_packed_while_its_replacement_is_archived(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = write_run(archive, small_config(), steps=(0, 1), status=Status.CANCELLED)
    lock = ending.replacing

    def pack_then(collection: Place) -> Any:
        monkeypatch.setattr(ending, "replacing", lock)
        assert pack(archive).moved == 1
        return lock(collection)

    monkeypatch.setattr(ending, "replacing", pack_then)
    again = write_run(archive, small_config(), collection="other")
    assert (again.run_id, again.collection) == (run.run_id, "runs")
    assert archive.runs(["status"])["status"].tolist() == ["finished"]
    assert archive.verify() == []


def test_runs_in_progress_are_left_alone(archive: Archive) -> None:
    write_run(archive, small_config(seed=1))
    writer = archive.writer(small_config(), collection="runs", name="")
    writer.append("curves", step=[0, 1], loss=[0.5, 0.4])
    writer.flush(force=True)
    reader = archive.open_run(writer.run_id)
    assert pack(archive).moved == 1
    assert len(reader.curves()) == 2
    writer.finish(Status.FINISHED)
    assert pack(archive).moved == 1
    assert len(reader.curves()) == 2


def _write_many(path: Path) -> None:
    archive = Archive.open(path)
    for seed in range(6):
        write_run(archive, small_config(seed=seed), steps=(0, 1), status=Status.CANCELLED)
        write_run(archive, small_config(seed=seed))


def test_packing_while_another_process_writes(archive: Archive) -> None:
    write_run(archive, small_config(seed=50))
    writer = multiprocessing.get_context("spawn").Process(target=_write_many, args=[archive.path])
    writer.start()
    while writer.is_alive():
        assert pack(archive).left == {}
        runs = archive.runs(["run_id"])["run_id"]
        assert runs.is_unique
        for run_id in runs:
            content(archive, run_id)
    writer.join()
    assert writer.exitcode == 0
    runs = archive.runs(["seed", "status"])
    assert sorted(runs["seed"]) == [*range(6), 50]
    assert set(runs["status"]) == {"finished"}
    assert archive.verify() == []


def test_runs_that_move_while_they_are_indexed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(3):
        write_short(archive, seed, Status.FINISHED)
    read = Index._read_row

    def pack_then(index: Index, run_id: str) -> object:
        monkeypatch.setattr(Index, "_read_row", read)
        pack(Archive(archive.path))
        return read(index, run_id)

    monkeypatch.setattr(Index, "_read_row", pack_then)
    assert sorted(archive.runs(["seed"])["seed"]) == [0, 1, 2]
