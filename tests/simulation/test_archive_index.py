"""The index is a cache: always right, never needed."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from simulation.archive import Archive, Status, index
from simulation.archive.index import Index
from tests.simulation.archive_helpers import small_config, write_run


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "archive", create=True)


def seeds(archive: Archive, collection: str | None = None) -> list[int]:
    return sorted(archive.runs(["seed"], collection)["seed"])


def settle(archive: Archive) -> None:
    """Make the folder look as if its last change were long ago."""
    past = time.time() - 3_600
    for folder in archive.path.glob("*/runs"):
        os.utime(folder, (past, past))


def count_rows_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read: list[str] = []
    original = Index._read_row

    def note(self: Index, run_id: str) -> object:
        read.append(run_id)
        return original(self, run_id)

    monkeypatch.setattr(Index, "_read_row", note)
    return read


def test_runs_of_all_collections_oldest_first(archive: Archive) -> None:
    for seed, collection in enumerate(("b", "a", "b")):
        write_run(archive, small_config(seed=seed), collection=collection)
    runs = archive.runs()
    assert runs["seed"].tolist() == [0, 1, 2]
    assert runs["collection"].tolist() == ["b", "a", "b"]
    assert archive.runs(["seed"]).columns.tolist() == ["seed"]
    assert seeds(archive, "b") == [0, 2]
    assert seeds(archive, "none") == []
    assert archive.collections() == ["a", "b"]


def test_an_empty_archive_has_no_runs(archive: Archive) -> None:
    assert archive.runs().empty
    assert archive.runs(["run_id", "status"]).columns.tolist() == ["run_id", "status"]


def test_only_new_runs_are_read(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(3):
        write_run(archive, small_config(seed=seed))
    assert seeds(archive) == [0, 1, 2]
    read = count_rows_read(monkeypatch)
    assert seeds(archive) == [0, 1, 2]
    assert read == []
    new = write_run(archive, small_config(seed=3))
    assert seeds(archive) == [0, 1, 2, 3]
    assert read == [new.run_id]


def test_a_settled_folder_is_not_even_listed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(archive)
    settle(archive)
    assert seeds(archive) == [0]
    monkeypatch.setattr(index.os, "scandir", None)
    assert seeds(Archive.open(archive.path)) == [0]


def test_the_index_follows_the_folder(archive: Archive) -> None:
    runs = [write_run(archive, small_config(seed=seed)) for seed in range(2)]
    settle(archive)
    assert seeds(archive) == [0, 1]
    (archive.path / "runs" / "runs" / f"{runs[0].run_id}.parquet").unlink()
    assert seeds(archive) == [1]
    (archive.path / "runs" / "index.parquet").unlink()
    assert seeds(archive) == [1]
    (archive.path / "runs" / "index.parquet").write_bytes(b"not parquet")
    assert seeds(archive) == [1]
    assert archive.reindex() == 1


def test_a_replaced_run_is_read_anew(archive: Archive) -> None:
    write_run(archive, steps=(0, 1), status=Status.CANCELLED)
    assert archive.runs(["status"])["status"].tolist() == ["cancelled"]
    settle(archive)
    assert archive.runs(["status"])["status"].tolist() == ["cancelled"]
    write_run(archive)
    assert archive.runs(["status"])["status"].tolist() == ["finished"]


def test_a_damaged_run_is_left_out_and_verify_names_it(archive: Archive) -> None:
    runs = [write_run(archive, small_config(seed=seed)) for seed in range(2)]
    path = archive.path / "runs" / "runs" / f"{runs[0].run_id}.parquet"
    path.write_bytes(path.read_bytes()[:1_000])
    assert seeds(archive) == [1]
    assert [finding.path for finding in archive.verify()] == [path]


def test_without_write_access_the_index_is_kept_in_memory(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(archive)
    settle(archive)

    def refuse(*_: object, **__: object) -> None:
        raise index.ArchiveError("read-only")

    monkeypatch.setattr(index.files, "write_parquet", refuse)
    assert seeds(archive) == [0]
    assert not (archive.path / "runs" / "index.parquet").exists()
    read = count_rows_read(monkeypatch)
    assert seeds(archive) == [0]
    assert read == []


def test_an_index_of_other_columns_is_made_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(archive)
    settle(archive)
    monkeypatch.setattr(index, "_COLUMNS_DIGEST", "older")
    assert seeds(archive) == [0]
    monkeypatch.undo()
    read = count_rows_read(monkeypatch)
    assert seeds(archive) == [0]
    assert len(read) <= 1


def _write_many(path: Path, collection: str, first: int) -> None:
    archive = Archive.open(path)
    for seed in range(first, first + 4):
        write_run(archive, small_config(seed=seed), collection=collection)
        archive.runs(["run_id"])


@pytest.mark.parametrize("collections", [("one", "one"), ("one", "two")])
def test_two_writers_at_once_lose_nothing(archive: Archive, collections: tuple[str, str]) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_write_many, args=(archive.path, collection, 10 * number))
        for number, collection in enumerate(collections)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert seeds(archive) == [0, 1, 2, 3, 10, 11, 12, 13]
    assert archive.verify() == []
