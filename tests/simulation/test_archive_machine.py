"""An archive through whatever happens to it, in any order, beside a plain dictionary.

Runs are queued, recorded, finished, killed, packed, deleted and exported, the index is made anew,
processes die at any change of the disk: what was recorded is there, once, and whole. The same on a
store that has only what an object store has.

    DRIFTSCAPE_EXAMPLES=800 python -m pytest -n 0 tests/simulation/test_archive_machine.py

tries a hundred times as long as the suite does.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from simulation.archive import Archive, Run, RunWriter, Status
from simulation.archive.export import export_run
from simulation.archive.layout import find_in, remove_files
from simulation.archive.marker import make_archive
from simulation.archive.packs import DRAFT, PACKS, find_packed
from simulation.archive.store import LocalStore, Place, Store
from simulation.errors import AlreadyRunning, UnknownRun
from tests.simulation.archive_helpers import small_config, write_run
from tests.simulation.bucket_store import Bucket, BucketStore, bucket_dying
from tests.simulation.dying import dying

CONFIGS = {config.run_id: config for config in (small_config(seed=seed) for seed in range(3))}
COLLECTIONS = ("a", "b")
run_ids = st.sampled_from(sorted(CONFIGS))
collections = st.sampled_from(COLLECTIONS)
endings = st.sampled_from([Status.FINISHED, Status.CANCELLED, Status.TIME_LIMIT])
deaths = st.none() | st.integers(0, 40)
"""After how many changes of the disk the process dies; None: it lives."""


class Kept(NamedTuple):
    """What is to be known of an archived run: its ending, and how often something was recorded."""

    status: Status
    recordings: int


@dataclass
class InProgress:
    """A run whose writer lives; in which collection, and what was flushed of it."""

    writer: RunWriter
    recordings: int = 0


def better(known: Kept | None, new: Kept) -> Kept:
    """Which of two runs of a configuration an archive keeps."""
    if known is None or new.status.settled:
        return new
    return new if not known.status.settled and new.recordings > known.recordings else known


def as_kept(row: dict[str, Any]) -> Kept:
    """The same from a row of the runs table."""
    reached = row["steps_reached"]
    return Kept(Status(row["status"]), 0 if reached is None else reached + 1)


def record(writer: RunWriter, number: int) -> None:
    """The values follow from the run and the number, as those of a trajectory do."""
    seed = writer.config.seed
    writer.append("curves", step=number, loss=seed + number / 8, active_units=0.5)
    writer.append("spectra", step=number, eigenvalues=[[seed, number]], exact_zeros=number)


def check(run: Run, kept: Kept) -> None:
    """All of it reads as it was recorded."""
    steps = list(range(kept.recordings))
    assert run.status is kept.status
    assert run.record["steps_reached"] == (steps[-1] if steps else None)
    check_rows(run, steps)


def check_rows(run: Run, steps: list[int]) -> None:
    curves, seed = run.curves(), run.config.seed
    assert curves["step"].tolist() == steps
    assert curves["loss"].tolist() == [seed + step / 8 for step in steps]
    assert run.spectrum_steps().tolist() == steps
    for step in steps:
        spectrum = run.spectrum(step)
        assert spectrum.eigenvalues.tolist() == [seed, step]
        assert spectrum.exact_zeros == step


class ArchiveMachine(RuleBasedStateMachine):
    """What happens to an archive, and what is known of it: `kept`, by run id."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.buckets: list[Bucket] = []
        self.archive = self.make("archive")
        self.other = self.make("other")
        self.writing: dict[str, InProgress] = {}
        self.dead: dict[str, InProgress] = {}
        self.kept: dict[str, Kept] = {}
        self.exported: dict[str, Kept] = {}
        self.opened: list[Run] = []

    def make(self, name: str) -> Archive:
        """An empty archive."""
        store = self.store(name)
        make_archive(Place(store))
        return Archive(store, self.folder / name)

    def store(self, name: str) -> Store:
        """Where it is kept: a folder."""
        store = LocalStore(self.folder / name)
        store.make()
        return store

    @contextmanager
    def mortal(self, changes: int | None) -> Iterator[list[bool]]:
        """The process may die in the block; whether it did comes into the list after it."""
        died: list[bool] = []
        with ExitStack() as stack:
            death = stack.enter_context(dying(changes))
            for bucket in self.buckets:
                stack.enter_context(bucket_dying(bucket, death))
            yield died
        died.append(death.happened)
        if death.happened:
            self.bury()
            self.archive = Archive(self.archive.root.store, self.folder / "archive")

    def bury(self) -> None:
        """Nobody writes runs any more but those who live."""
        for beat in self.folder.glob("*/*/.running/*/heartbeat"):
            if beat.parent.name not in self.writing:
                beat.unlink()

    def archive_the_dead(self) -> None:
        """What is known once somebody has looked."""
        for run_id in list(self.dead):
            self.archive_dead(run_id)

    @rule(run_id=run_ids, collection=collections)
    def queue(self, run_id: str, collection: str) -> None:
        if run_id in self.writing:
            with pytest.raises(AlreadyRunning):
                self.archive.writer(CONFIGS[run_id], collection=collection, name="")
            return
        if run_id in self.dead:
            self.archive.open_run(run_id)
            self.archive_dead(run_id)
        writer = self.archive.writer(CONFIGS[run_id], collection=collection, name="")
        writer.start("compiled")
        self.writing[run_id] = InProgress(writer)

    def archive_dead(self, run_id: str) -> None:
        interrupted = Kept(Status.INTERRUPTED, self.dead.pop(run_id).recordings)
        self.kept[run_id] = better(self.kept.get(run_id), interrupted)

    @precondition(lambda self: self.writing)
    @rule(data=st.data(), more=st.integers(1, 3))
    def record(self, data: st.DataObject, more: int) -> None:
        run = self.writing[data.draw(st.sampled_from(sorted(self.writing)))]
        for _ in range(min(more, 11 - run.recordings)):
            record(run.writer, run.recordings)
            run.writer.flush(force=True)
            run.recordings += 1

    @precondition(lambda self: self.writing)
    @rule(data=st.data(), status=endings, death=deaths)
    def finish(self, data: st.DataObject, status: Status, death: int | None) -> None:
        run_id = data.draw(st.sampled_from(sorted(self.writing)))
        run, known = self.writing.pop(run_id), self.kept.get(run_id)
        ended, cut = Kept(status, run.recordings), Kept(Status.INTERRUPTED, run.recordings)
        with self.mortal(death) as died:
            found = run.writer.finish(status)
        if not died[0]:
            self.kept[run_id] = better(known, ended)
            check(found, self.kept[run_id])
            return
        run.writer._heartbeat.stop()
        self.bury()
        in_table = self.archive.runs(["run_id"])["run_id"].tolist()
        assert in_table.count(run_id) <= 1
        found = self.archive.open_run(run_id)
        self.kept[run_id] = Kept(found.status, len(found.curves()))
        assert self.kept[run_id] in (better(known, ended), better(known, cut))
        check(found, self.kept[run_id])

    @precondition(lambda self: self.writing)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        run_id = data.draw(st.sampled_from(sorted(self.writing)))
        self.dead[run_id] = self.writing.pop(run_id)
        self.dead[run_id].writer.release()

    @rule(death=deaths)
    def look(self, death: int | None) -> None:
        with self.mortal(death) as died:
            found = self.archive.running()
        if died[0]:
            found = self.archive.running()
        self.archive_the_dead()
        assert {run.run_id for run in found} == self.writing.keys()
        for run in found:
            check_rows(run, list(range(self.writing[run.run_id].recordings)))

    @rule(collection=collections, death=deaths)
    def pack(self, collection: str, death: int | None) -> None:
        if collection not in self.archive.collections():
            return
        self.look(None)
        with self.mortal(death):
            packed = self.archive.pack(collection, lambda *_: None)
            assert packed.left == {}

    @rule(death=deaths)
    def reindex(self, death: int | None) -> None:
        with self.mortal(death):
            assert self.archive.reindex() == len(self.kept)

    @rule(run_id=run_ids, death=deaths)
    def delete(self, run_id: str, death: int | None) -> None:
        """As the remedies of errors say: the run's own files; from a pack nothing is deleted."""
        found = [find_in(place, run_id) for place in self.archive.root.folders()]
        own = [run for run in found if run is not None and run.pack is None]
        if not own:
            return
        (run,) = own
        packed = find_packed(run.collection, run_id)
        after = packed and as_kept(packed[1])
        with self.mortal(death) as died:
            remove_files(run.collection, run_id)
        if died[0]:
            known = {None, self.kept[run_id].status, after and after.status}
            assert self.runs().get(run_id) in known
            remove_files(run.collection, run_id)
        if after is None:
            del self.kept[run_id]
        else:
            self.kept[run_id] = after

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), death=deaths)
    def export(self, data: st.DataObject, death: int | None) -> None:
        run_id = data.draw(st.sampled_from(sorted(self.kept)))
        if run_id in self.writing or run_id in self.dead:
            return
        with self.mortal(death) as died:
            export_run(lambda: self.archive._archived(run_id), self.other.root)
        if died[0]:
            export_run(lambda: self.archive._archived(run_id), self.other.root)
        self.exported[run_id] = self.kept[run_id]

    @rule(collection=collections)
    def pack_the_other(self, collection: str) -> None:
        if collection in self.other.collections():
            self.other.pack(collection, lambda *_: None)

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def open(self, data: st.DataObject) -> None:
        """What is open already goes on reading, whatever has happened since."""
        run_id = data.draw(st.sampled_from(sorted(self.kept)))
        if run_id not in self.writing and run_id not in self.dead:
            run = self.archive.open_run(run_id)
            check(run, self.kept[run_id])
            self.opened.append(run)
        for run in self.opened:
            if run.run_id in self.kept and run.run_id not in self.dead:
                steps = run.spectrum_steps().tolist()
                assert steps == list(range(len(steps)))

    def runs(self) -> dict[str, Status]:
        rows = self.archive.runs(["run_id", "status"])
        assert rows["run_id"].is_unique
        return {row.run_id: Status(row.status) for row in rows.itertuples()}

    @invariant()
    def the_table_has_each_run_once(self) -> None:
        expected = {run_id: kept.status for run_id, kept in self.kept.items()}
        assert self.runs() == expected
        other = self.other.runs(["run_id", "status"])
        assert sorted(zip(other["run_id"], other["status"], strict=True)) == sorted(
            (run_id, kept.status.value) for run_id, kept in self.exported.items()
        )

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:  # else a rule has failed, which is to be told
                self.check_all()
        finally:
            shutil.rmtree(self.folder)

    def check_all(self) -> None:
        """Everything is read, and all is well once what was begun is completed."""
        for run_id in list(self.writing):
            self.dead[run_id] = self.writing.pop(run_id)
            self.dead[run_id].writer.release()
        self.look(None)
        for archive, expected in ((self.archive, self.kept), (self.other, self.exported)):
            for run_id in CONFIGS:
                if run_id in expected:
                    check(archive.open_run(run_id), expected[run_id])
                else:
                    with pytest.raises(UnknownRun):
                        archive.open_run(run_id)
            messages = {finding.message for finding in archive.verify()}
            assert messages <= {"a file that was to be packed", "a file without a run"}
            for name in archive.collections():
                archive.pack(name, lambda *_: None)
                packs = archive.root / name / PACKS
                assert not [each for each in packs.store.folders(packs.key) if DRAFT in each]
            for run_id, kept in expected.items():
                check(archive.open_run(run_id), kept)
            assert "a file that was to be packed" not in {
                finding.message for finding in archive.verify()
            }
        assert list(self.folder.glob("*/*/.running/[!.]*")) == []


class BucketMachine(ArchiveMachine):
    """The same, where nothing but runs in progress is on a disk."""

    def store(self, name: str) -> Store:
        (self.folder / name).mkdir()
        self.buckets.append(Bucket())
        return BucketStore(self.buckets[-1])


@pytest.mark.parametrize("machine", [ArchiveMachine, BucketMachine])
def test_whatever_happens(
    machine: type[ArchiveMachine], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power is cut here
    warm_up = Archive.open(tmp_path / "archive", create=True)  # what is loaded now counts no more
    write_run(warm_up)
    warm_up.pack("runs", lambda *_: None)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("DRIFTSCAPE_EXAMPLES", "8")),
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )
