"""What every implementation of `Store` is tested by: a subclass says how to make and harm one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from itertools import count

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simulation.archive.store import Place, Store
from simulation.errors import ArchiveError
from tests.simulation.dying import Death

SAYS = [b"first", b"and then", b""]


def put(store: Store, key: str, content: bytes = b"content") -> None:
    with store.write(key, durable=True) as file:
        file.write(content)


def read(store: Store, key: str) -> bytes:
    return Place(store, key).read()


def names(store: Store, folder: str) -> set[str]:
    return {name for name, _ in store.files(folder)}


class StoreContract:
    """A subclass overrides the three methods below."""

    @pytest.fixture
    def store(self) -> Store:
        """An empty one."""
        raise NotImplementedError

    def dying(self, store: Store, changes: int) -> AbstractContextManager[Death]:
        """The block ends, with its process, before the change after so many."""
        raise NotImplementedError

    def make_old(self, store: Store, key: str, seconds: float) -> None:
        """As if a file had been written so much earlier."""
        raise NotImplementedError

    def test_what_was_written_is_read(self, store: Store) -> None:
        for content in SAYS:
            put(store, "a/b/file", content)
            assert read(store, "a/b/file") == content
            assert store.state("a/b/file").size == len(content)
        assert store.writable

    def test_what_is_not_there(self, store: Store) -> None:
        put(store, "a/file")
        for key in ("file", "a/other", "b/file"):
            assert not Place(store, key).exists()
            with pytest.raises(FileNotFoundError) as caught:
                store.open(key)
            assert str(caught.value.filename).endswith(key), "said to the reader"
            for ask in (store.state, store.age, store.touch):
                with pytest.raises(FileNotFoundError):
                    ask(key)
        store.delete("a/other")
        store.delete("b/other")
        store.withdraw("b")
        store.sweep("b")
        assert list(store.files("b")) == store.folders("b") == []

    def test_listing_goes_one_level_down(self, store: Store) -> None:
        for key in ("top", "a/one", "a/.two", "a/b/three", "ab/four"):
            put(store, key)
        assert names(store, "") == {"top"}
        assert names(store, "a") == {"one", ".two"}
        assert sorted(store.folders("")) == ["a", "ab"]
        assert store.folders("a") == ["b"]
        assert store.folders("a/b") == []
        store.delete("a/one")
        assert names(store, "a") == {".two"}

    def test_a_file_is_there_whole_or_not_at_all(self, store: Store) -> None:
        for known in (None, b"known"):
            if known is not None:
                put(store, "a/file", known)
            with suppress(ZeroDivisionError), store.write("a/file", durable=False) as file:
                file.write(b"a part")
                assert names(store, "a") == (set() if known is None else {"file"})
                raise ZeroDivisionError
            assert known == (read(store, "a/file") if names(store, "a") else None)

    def test_another_file_is_another_state(self, store: Store) -> None:
        put(store, "a/file", b"one")
        states = [store.state("a/file")]
        for content in (b"two", b"three"):
            put(store, "a/file", content)
            states.append(store.state("a/file"))
            assert states[-1] != states[-2]
            assert dict(store.files("a")) == {"file": states[-1].version}
        assert states[0].version != states[1].version, "which is enough for a single replacement"
        assert store.state("a/file") == states[-1]

    def test_reading_by_range(self, store: Store) -> None:
        put(store, "a/file", bytes(range(100)))
        with store.open("a/file") as file:
            assert file.size() == 100
            file.seek(40)
            assert file.read(3) == bytes([40, 41, 42])
        table = pa.table({"x": [1, 2, 3, 4]})
        with store.write("a/table", durable=False) as sink:
            pq.write_table(table, sink, row_group_size=2)
        with store.open("a/table") as file, pq.ParquetFile(file) as parquet:
            assert parquet.read_row_group(1)["x"].to_pylist() == [3, 4]

    def test_who_has_a_file_open_reads_it_to_the_end(self, store: Store) -> None:
        put(store, "a/file", b"known")
        put(store, "a/other", b"known")
        with store.open("a/file") as file, store.open("a/other") as other:
            put(store, "a/file", b"newer")
            store.delete("a/other")
            assert file.read() == other.read() == b"known"

    def test_age(self, store: Store) -> None:
        put(store, "a/file")
        before = store.state("a/file")
        assert 0 <= store.age("a/file") + 1 < 600
        self.make_old(store, "a/file", 3_600)
        assert store.age("a/file") > 3_000
        store.touch("a/file")
        assert store.age("a/file") < 600
        assert read(store, "a/file") == b"content"
        assert store.state("a/file").version == before.version

    def test_a_stamp_is_another_after_a_change(self, store: Store) -> None:
        changes: list[Callable[[], None]] = [
            lambda: put(store, "a/file"),
            lambda: put(store, "a/file", b"other"),
            lambda: put(store, "a/b/file"),
            lambda: store.publish("a/b", "a/c"),
            lambda: store.withdraw("a/c"),
            lambda: store.delete("a/file"),
        ]
        assert store.stamp("a") in (0, None)
        for change in changes:
            before = store.stamp("a")
            change()
            assert None in (before, store.stamp("a")) or before != store.stamp("a")

    def test_publishing(self, store: Store) -> None:
        for name in "xy":
            put(store, f"a/.new/{name}", name.encode())
        store.publish("a/.new", "a/pack")
        assert store.folders("a") == ["pack"]
        assert {name: read(store, f"a/pack/{name}") for name in "xy"} == {"x": b"x", "y": b"y"}
        put(store, "a/.new/x", b"other")
        with pytest.raises(ArchiveError):
            store.publish("a/.new", "a/pack")
        assert read(store, "a/pack/x") == b"x"
        store.withdraw("a/pack")
        assert store.folders("a") == [".new"]
        assert names(store, "a/pack") == set()
        store.publish("a/.new", "a/pack")
        assert read(store, "a/pack/x") == b"other"

    def test_one_at_a_time_has_a_lock(self, store: Store) -> None:
        at_once, most = 0, 0

        def work() -> None:
            nonlocal at_once, most
            for _ in range(20):
                with store.lock("a/.lock", wait=True):
                    at_once += 1
                    most = max(most, at_once)
                    put(store, "a/file")
                    at_once -= 1

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most == 1

    def test_a_lock_that_is_held(self, store: Store) -> None:
        with (
            store.lock("a/.lock", wait=False),
            store.lock("a/.other", wait=False),
            pytest.raises(BlockingIOError),
            store.lock("a/.lock", wait=False),
        ):
            raise AssertionError
        with suppress(ZeroDivisionError), store.lock("a/.lock", wait=False):
            raise ZeroDivisionError
        with self.dying(store, 1), store.lock("a/.lock", wait=False):
            put(store, "a/file")
        with store.lock("a/.lock", wait=False):
            pass

    def test_readers_meet_one_file_or_the_next(self, store: Store) -> None:
        contents = [bytes([number]) * 5_000 for number in range(60)]
        put(store, "a/file", contents[0])
        ended = threading.Event()

        def write() -> None:
            for content in contents:
                with store.write("a/file", durable=False) as file:
                    for start in range(0, len(content), 500):
                        file.write(content[start : start + 500])
            ended.set()

        writer = threading.Thread(target=write)
        writer.start()
        while not ended.is_set():
            assert read(store, "a/file") in contents
            assert names(store, "a") == {"file"}
        writer.join()

    @pytest.mark.parametrize("durable", [True, False])
    def test_death_while_writing(self, store: Store, durable: bool) -> None:
        put(store, "a/file", b"old")
        for changes in count():
            with self.dying(store, changes) as death, store.write("a/new", durable=durable) as file:
                file.write(b"new")
            with self.dying(store, changes) as other:
                put(store, "a/file", b"new")
            assert names(store, "a") in ({"file"}, {"file", "new"})
            assert read(store, "a/file") in (b"old", b"new")
            store.sweep("a", "file")
            store.sweep("a")
            if not (death.happened or other.happened):
                break
            store.delete("a/new")
        assert changes > 0
        assert (read(store, "a/new"), read(store, "a/file")) == (b"new", b"new")

    def test_death_while_publishing_and_withdrawing(self, store: Store) -> None:
        has_been = set()
        for changes in count():
            for name in "xyz":
                put(store, f"a/.new/{name}", name.encode())
            with self.dying(store, changes) as death:
                store.publish("a/.new", "a/pack")
            if is_there := "pack" in store.folders("a"):
                assert {name: read(store, f"a/pack/{name}") for name in "xyz"} == {
                    name: name.encode() for name in "xyz"
                }
            has_been.add(is_there)
            if is_there:
                with self.dying(store, changes) as other:
                    store.withdraw("a/pack")
                if "pack" in store.folders("a"):
                    assert names(store, "a/pack") == set("xyz")
                    store.withdraw("a/pack")
            store.withdraw("a/.new")
            store.sweep("a")
            assert store.folders("a") == []
            assert names(store, "a") == names(store, "a/pack") == set()
            if is_there and not (death.happened or other.happened):
                break
        assert has_been == {True, False}

    def test_only_old_leftovers_are_swept(self, store: Store) -> None:
        put(store, "a/file")
        with self.dying(store, 0):
            put(store, "a/file", b"new")
        store.sweep("a", seconds=3_600)
        store.sweep("a", "other")
        store.sweep("a")
        assert read(store, "a/file") == b"content"
