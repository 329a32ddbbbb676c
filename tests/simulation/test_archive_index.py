"""The index is a cache: always right, never needed."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulation.archive import Archive, Status, parts, schema
from simulation.archive.conditions import Condition
from simulation.archive.index import Index
from simulation.archive.reader import config_of
from simulation.archive.schema import RUNS
from simulation.archive.store import LocalStore
from simulation.archive.table import Table
from simulation.errors import ArchiveError
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
    monkeypatch.setattr(LocalStore, "files", None)
    assert seeds(Archive.open(archive.path)) == [0]


def test_the_index_follows_the_folder(archive: Archive) -> None:
    runs = [write_run(archive, small_config(seed=seed)) for seed in range(2)]
    place = archive.path / "runs" / "index"
    settle(archive)
    assert seeds(archive) == [0, 1]
    (archive.path / "runs" / "runs" / f"{runs[0].run_id}.parquet").unlink()
    assert seeds(archive) == [1]
    (place / "contents.json").unlink()
    assert seeds(archive) == [1]
    (place / "contents.json").write_text("{")
    assert seeds(archive) == [1]
    settle(archive)
    for ending in ("scalars", "wide"):
        assert seeds(archive) == [1]
        for file in place.glob(f"*.{ending}.parquet"):
            file.write_bytes(b"not parquet")
        assert archive.runs(["seed", "config_json"])["seed"].tolist() == [1]
    for file in place.glob("*.parquet"):
        file.unlink()
    assert seeds(archive) == [1]
    assert archive.counts() == {"runs": 1}
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

    @contextmanager
    def refuse(store: LocalStore, key: str, **_: object) -> Iterator[object]:
        raise ArchiveError("read-only")
        yield store, key

    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "write", refuse)
        assert seeds(archive) == [0]
        assert not list(archive.path.glob("runs/index/*"))
        read = count_rows_read(patch)
        assert seeds(archive) == [0]
        assert read == []
    write_run(archive, small_config(seed=1))
    assert seeds(archive) == [0, 1]
    assert list(archive.path.glob("runs/index/*.json")), "written as soon as that is possible"


def test_an_index_without_a_new_column_is_made_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(archive)
    settle(archive)
    fewer = Table("runs", tuple(column for column in RUNS.columns if column.name != "seed"))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "RUNS", fewer)
        assert archive.runs(["status"])["status"].tolist() == ["finished"]
        with pytest.raises(KeyError, match="seed"):
            archive.runs(["seed"])
    read = count_rows_read(monkeypatch)
    assert archive.runs(["status"])["status"].tolist() == ["finished"]
    assert read == [], "what it has is enough"
    assert seeds(archive) == [0]
    assert len(read) == 1


def test_parts_are_few_and_hold_every_run_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "ROW_GROUP", 3)
    for seed in range(11):
        write_run(archive, small_config(seed=seed), steps=(0, seed + 1))
        assert seeds(archive) == list(range(seed + 1))
    kept = Index(archive.root / "runs").parts()
    assert len(kept) <= 3
    assert sum(map(len, kept)) == archive.counts()["runs"] == 11
    write_run(archive, small_config(seed=3), steps=(0, 7), status=Status.FINISHED)
    runs = archive.runs(["seed", "thumbnail_step", "config_json"])
    assert sorted(runs["seed"]) == list(range(11))
    for run in runs.itertuples():
        last = 7 if run.seed == 3 else run.seed + 1
        assert run.thumbnail_step.tolist() == [0, last]
        assert config_of(run.config_json).seed == run.seed


def test_a_run_replaced_by_a_file_of_the_same_inode_is_read_anew(archive: Archive) -> None:
    run = write_run(archive, steps=(0, 1), status=Status.CANCELLED)
    path = archive.path / "runs" / "runs" / f"{run.run_id}.parquet"
    assert archive.runs(["status"])["status"].tolist() == ["cancelled"]
    longer = Archive.open(archive.path.parent / "other", create=True)
    write_run(longer)
    path.write_bytes((longer.path / "runs" / "runs" / path.name).read_bytes())
    assert archive.runs(["status"])["status"].tolist() == ["finished"]


def test_what_no_index_names_is_deleted_after_a_while(archive: Archive) -> None:
    write_run(archive)
    seeds(archive)
    place = archive.path / "runs" / "index"
    past = time.time() - 3_600
    for name in ("0123.wide.parquet", ".0123.wide.parquet.aa.tmp"):
        (place / name).touch()
        os.utime(place / name, (past, past))
    for file in (kept := set(place.glob("*.scalars.parquet"))):
        os.utime(file, (past, past))
    write_run(archive, small_config(seed=1))
    assert seeds(archive) == [0, 1]
    assert not list(place.glob("*0123*"))
    assert kept <= set(place.iterdir()), "a reader may have just read of them"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("seed", "==", 2), [2]),
        (("seed", "!=", 2), [0, 1, 3]),
        (("seed", ">=", 2.0), [2, 3]),
        (("seed", "in", {1, 3}), [1, 3]),
        (("seed", "not in", [1, 3]), [0, 2]),
        (("task.rays", "!=", 3), []),
        (("task.rays", "not in", [3]), []),
        (("task.rays", "in", [3, None]), [0, 1, 2, 3]),
        (("task.rays", "is null", None), [0, 1, 2, 3]),
        (("seed", "is not null", None), [0, 1, 2, 3]),
        (("status", "in", ["cancelled"]), [3]),
    ],
)
def test_conditions(archive: Archive, condition: Condition, expected: list[int]) -> None:
    for seed in range(4):
        status = Status.CANCELLED if seed == 3 else Status.FINISHED
        write_run(archive, small_config(seed=seed), collection="ab"[seed % 2], status=status)
    found = archive.runs(["seed", "thumbnail_step"], where=[condition])
    assert found["seed"].tolist() == expected
    assert [steps.tolist() for steps in found["thumbnail_step"]] == [[0, 1, 10]] * len(expected)
    both = archive.runs(["seed"], "b", where=[condition, ("seed", ">", 1)])
    assert both["seed"].tolist() == [seed for seed in expected if seed == 3]


def test_the_newest(archive: Archive) -> None:
    for seed in range(4):
        write_run(archive, small_config(seed=seed), collection="ab"[seed % 2])
    assert archive.runs(["seed"], newest=3)["seed"].tolist() == [1, 2, 3]
    assert archive.runs(["seed"], "a", newest=1)["seed"].tolist() == [2]
    assert archive.runs(["seed", "reasons_json"], newest=0).empty
    assert len(archive.runs(["seed"], newest=9)) == 4
    assert archive.counts() == {"a": 2, "b": 2}


def test_questions_that_make_no_sense(archive: Archive) -> None:
    write_run(archive)
    for ask in ({"columns": ["sed"]}, {"columns": ["seed"], "where": [("sed", "==", 1)]}):
        with pytest.raises(KeyError, match="sed"):
            archive.runs(**ask)
    for where in (("seed", "~", 1), ("seed", "==", "one"), ("seed", "in", ["one"])):
        with pytest.raises(ValueError, match=r"seed|int64|not one of"):
            archive.runs(["seed"], where=[where])


def test_thumbnails_come_in_the_order_asked_for(archive: Archive) -> None:
    runs = [
        write_run(archive, small_config(seed=seed), steps=(0, seed + 1), collection="ab"[seed % 2])
        for seed in range(4)
    ]
    asked = [runs[2].run_id, "0" * 12, runs[1].run_id]
    found = archive.thumbnails(asked)
    assert found["run_id"].tolist() == [runs[2].run_id, runs[1].run_id]
    assert [steps.tolist() for steps in found["thumbnail_step"]] == [[0, 3], [0, 2]]
    assert archive.thumbnails(asked, "a")["run_id"].tolist() == [runs[2].run_id]
    assert archive.thumbnails([]).empty


def test_the_state_changes_with_the_runs(archive: Archive) -> None:
    states = [archive.state()]
    for seed in range(2):
        run = write_run(archive, small_config(seed=seed))
        states.append(archive.state())
        assert archive.state() == states[-1]
    (archive.path / "runs" / "runs" / f"{run.run_id}.parquet").unlink()
    states.append(archive.state())
    assert len(set(states)) == len(states)


def test_to_ask_a_catalog_loads_no_more_than_it_needs(archive: Archive) -> None:
    write_run(archive)
    settle(archive)
    seeds(archive)
    code = (
        "import sys; from simulation.archive import Catalog; "
        f"assert len(Catalog.open({str(archive.path)!r}).query(['seed'], newest=9)) == 1; "
        "print({'pandas', 'pydantic', 'simulation.config'} & {*sys.modules})"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


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
