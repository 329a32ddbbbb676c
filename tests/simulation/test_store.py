"""The local store and one in memory keep the contract; nothing in the archive goes past them."""

from __future__ import annotations

import ast
import os
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from simulation.archive import Archive
from simulation.archive.store import LocalStore, Place, Store
from simulation.errors import ArchiveError, StorageFull
from tests.simulation.archive_helpers import write_run
from tests.simulation.bucket_store import Bucket, BucketStore, bucket_dying
from tests.simulation.dying import Death, dying
from tests.simulation.store_contract import StoreContract, put, read

ARCHIVE = Path(__file__).resolve().parents[2] / "simulation" / "archive"


class TestLocalStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return LocalStore(tmp_path)

    def dying(self, _: Store, changes: int) -> AbstractContextManager[Death]:
        return dying(changes)

    def make_old(self, store: Store, key: str, seconds: float) -> None:
        past = time.time() - seconds
        os.utime(store.path(key), (past, past))

    def test_leftovers_are_gone_from_the_disk(self, store: Store, tmp_path: Path) -> None:
        put(store, "a/file")
        put(store, "a/pack/x")
        with dying(0):
            put(store, "a/file")
        with dying(1):
            store.withdraw("a/pack")
        assert len(list((tmp_path / "a").iterdir())) == 3
        store.sweep("a", "file")
        assert len(list((tmp_path / "a").iterdir())) == 2
        store.sweep("a")
        assert [path.name for path in (tmp_path / "a").iterdir()] == ["file"]

    def test_a_settled_folder_has_a_stamp(self, store: Store) -> None:
        put(store, "a/file")
        assert store.stamp("a") is None, "it may change unseen in the tick of its clock"
        self.make_old(store, "a", 60)
        settled = store.stamp("a")
        assert settled
        put(store, "a/file")
        self.make_old(store, "a", 30)
        assert store.stamp("a") != settled

    def test_the_folder_itself_is_not_made_by_writing(self, tmp_path: Path) -> None:
        store = LocalStore(tmp_path / "missing")
        for key in ("file", "a/file"):
            with pytest.raises(ArchiveError, match=f"Cannot write .*{key}"):
                put(store, key)
        assert not store.root.exists()
        store.make()
        put(store, "a/file")
        assert read(store, "a/file") == b"content"

    def test_a_full_disk_is_said(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "replace", full)
        with pytest.raises(StorageFull, match="No room left"):
            put(store, "a/file")
        assert list(store.files("a")) == []


class TestBucketStore(StoreContract):
    @pytest.fixture
    def bucket(self) -> Bucket:
        return Bucket()

    @pytest.fixture
    def store(self, bucket: Bucket) -> Store:
        return BucketStore(bucket)

    @pytest.fixture(autouse=True)
    def _keep(self, bucket: Bucket) -> None:
        self.bucket = bucket

    def dying(self, _: Store, changes: int) -> AbstractContextManager[Death]:
        return bucket_dying(self.bucket, Death(changes))

    def make_old(self, _: Store, key: str, seconds: float) -> None:
        self.bucket.date(key, time.time_ns() - int(seconds * 1e9))


def test_places() -> None:
    root = Place(BucketStore(Bucket()))
    place = root / "a" / "file.parquet"
    assert (place.key, place.name, place.parent) == ("a/file.parquet", "file.parquet", root / "a")
    assert root / "a/file.parquet" == place
    assert str(place) == "bucket/a/file.parquet"
    for key in ("a/.b/x", "a/c/x", "a/b/x", "a/two.txt", "a/one.txt", "a/three"):
        put(root.store, key)
    assert (root / "a").folders() == [root / "a/b", root / "a/c"]
    assert (root / "a").names() == ["one.txt", "three", "two.txt"]
    assert (root / "a").names(".txt") == ["one", "two"]


def test_runs_in_progress_need_a_folder(tmp_path: Path) -> None:
    store = BucketStore(Bucket())
    with pytest.raises(ArchiveError, match="no folder of this machine"):
        Archive(store)
    archive = Archive(store, tmp_path)
    run = write_run(archive)
    assert archive.runs(["run_id"])["run_id"].tolist() == [run.run_id]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


ON_THE_DISK = {
    "store/local.py": "the store that is a folder",
    "running.py": "runs in progress are on a disk of this machine",
    "spool.py": "the same",
    "spools.py": "the same",
    "liveness.py": "their heartbeats",
    "provenance.py": "/proc/cpuinfo",
}
TOUCHES = {"os", "shutil", "glob", "tempfile", "fcntl", "io.open", "open"}


def test_nothing_in_the_archive_goes_past_the_store() -> None:
    found = {}
    for path in ARCHIVE.rglob("*.py"):
        name = str(path.relative_to(ARCHIVE))
        if touched := _touched(ast.parse(path.read_text())):
            found[name] = touched
    assert found.pop("export.py") == {"shutil"}, "copyfileobj, from store to store"
    assert found.keys() == ON_THE_DISK.keys(), found


def _touched(tree: ast.Module) -> set[str]:
    """What of the disk a module uses: modules it imports, `open`, methods that only a Path has."""
    used = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            used |= {alias.name for alias in node.names} & TOUCHES
        elif isinstance(node, ast.ImportFrom) and node.module in TOUCHES:
            used.add(node.module)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            used |= {node.func.id} & TOUCHES
        elif isinstance(node, ast.Attribute) and node.attr in PATHS_OWN:
            used.add(node.attr)
    return used


PATHS_OWN = {
    "glob", "iterdir", "is_dir", "is_file", "mkdir", "read_bytes", "read_text",
    "rename", "rglob", "rmdir", "stat", "unlink", "utime", "with_name", "write_bytes", "write_text",
}  # fmt: skip
