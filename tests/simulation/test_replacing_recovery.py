"""A run that takes the place of an earlier one may die at any change of the disk: one is there."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import pytest

from simulation.archive import Archive, Status
from simulation.errors import ArchiveError
from tests.simulation.archive_helpers import record, small_config, write_run
from tests.simulation.dying import dying

STEPS = (0, 5)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "archive", create=True)


def check(archive: Archive, *endings: Status) -> Status:
    """The run is there once and whole, with one of these endings; which."""
    rows = archive.runs(["run_id", "status"])
    assert rows["run_id"].tolist() == [small_config().run_id]
    run = archive.open_run(small_config().run_id)
    assert run.status in endings
    assert rows["status"].tolist() == [run.status.value]
    assert run.record["steps_reached"] == run.curves()["step"].iloc[-1] == STEPS[-1]
    assert run.snapshot_steps().tolist() == list(STEPS)
    assert archive.verify() == []
    return run.status


@pytest.mark.parametrize("collection", ["one", "two"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_replacement_that_dies_anywhere(
    archive: Archive, tmp_path: Path, collection: str, is_packed: bool
) -> None:
    write_run(archive, collection="one", steps=STEPS, status=Status.CANCELLED)
    if is_packed:
        archive.pack("one", lambda *_: None)
    found = set()
    for changes in count():
        place = tmp_path / str(changes)
        copy = Archive(Path(shutil.copytree(archive.path, place)))
        writer = copy.writer(small_config(), collection=collection, name="")
        for step in STEPS:
            record(writer, step)
        with dying(changes) as death:
            writer.finish(Status.FINISHED)
        if death.happened:
            writer.release()
            for beat in copy.path.glob("*/.running/*/heartbeat"):
                beat.unlink()
            assert len(copy.runs(["run_id"])) <= 1, "not even before anybody has looked"
        copy.running()
        found.add(check(copy, Status.CANCELLED, Status.FINISHED))
        if not death.happened:
            break
        shutil.rmtree(place)
    assert changes > 12
    assert found == {Status.CANCELLED, Status.FINISHED}
    assert check(copy, Status.FINISHED)


def test_a_copy_takes_the_place_of_an_earlier_one(archive: Archive, tmp_path: Path) -> None:
    first = write_run(archive, collection="one", steps=(0, 1), status=Status.CANCELLED)
    other = Archive.open(archive.export(first.run_id, tmp_path / "other"))
    packed = Archive.open(archive.export(first.run_id, tmp_path / "packed"))
    packed.pack("one", lambda *_: None)
    write_run(archive, collection="two", steps=STEPS)
    for target in (other, packed):
        archive.export(first.run_id, target.path)
        check(target, Status.FINISHED)
    assert other.counts() == {"one": 0, "two": 1}
    assert packed.counts() == {"one": 1}, "where it was packed"


def test_a_copy_that_dies_anywhere(archive: Archive, tmp_path: Path) -> None:
    first = write_run(archive, collection="one", steps=STEPS, status=Status.CANCELLED)
    other = Archive.open(archive.export(first.run_id, tmp_path / "other"))
    write_run(archive, collection="two", steps=STEPS)
    for changes in count():
        copy = Archive(Path(shutil.copytree(other.path, tmp_path / str(changes))))
        with dying(changes) as death:
            archive.export(first.run_id, copy.path)
        found = copy.runs(["run_id"])
        assert len(found) <= 1
        assert {each.message for each in copy.verify()} <= {"a file without a run"}
        archive.export(first.run_id, copy.path)
        for stray in copy.verify():
            assert stray.message == "a file without a run"
            Path(stray.path).unlink()
        check(copy, Status.FINISHED)
        if not death.happened:
            break
    assert changes > 12


def test_a_run_with_a_missing_file_leaves_the_copy_alone(archive: Archive, tmp_path: Path) -> None:
    run = write_run(archive, collection="one", steps=STEPS)
    other = Archive.open(archive.export(run.run_id, tmp_path / "other"))
    (archive.path / "one" / "spectra" / f"{run.run_id}.parquet").unlink()
    with pytest.raises(ArchiveError, match=r"spectra.*is missing"):
        archive.export(run.run_id, other.path)
    check(other, Status.FINISHED)


def test_a_copy_onto_itself(archive: Archive) -> None:
    run = write_run(archive, collection="one", steps=STEPS)
    assert archive.export(run.run_id, archive.path / ".." / archive.path.name).exists()
    check(archive, Status.FINISHED)
