"""Whatever goes wrong, what was flushed stays readable, and the error names thing and remedy."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from simulation.archive import Archive, RunWriter, Status, commit, files, liveness
from simulation.errors import ArchiveError, StorageFull
from tests.simulation.archive_helpers import record, small_config, write_run


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "archive", create=True)


def abandoned(archive: Archive, *, steps: tuple[int, ...] = (0, 1)) -> RunWriter:
    """A run whose writer has let go of it without an ending."""
    writer = archive.writer(small_config(), collection="runs", name="")
    writer.start("compiled")
    for step in steps:
        record(writer, step)
    writer.flush(force=True)
    writer.release()
    return writer


def spool_of(archive: Archive, run_id: str) -> Path:
    return archive.path / "runs" / ".running" / run_id


LOOKS: dict[str, Callable[[Archive], object]] = {
    "open_run": lambda archive: archive.open_run(small_config().run_id),
    "running": lambda archive: archive.running(),
    "verify": lambda archive: archive.verify(),
    "writer": lambda archive: archive.writer(small_config(), collection="runs", name="").finish(
        Status.CANCELLED
    ),
}


@pytest.mark.parametrize("look", LOOKS)
def test_whoever_looks_archives_a_dead_run(archive: Archive, look: str) -> None:
    writer = abandoned(archive)
    LOOKS[look](archive)
    run = archive.open_run(writer.run_id)
    assert run.status is Status.INTERRUPTED
    assert run.curves()["step"].tolist() == [0, 1]
    assert run.record["active_units_initial"] == 1
    assert list(spool_of(archive, writer.run_id).parent.iterdir()) == []
    assert archive.verify() == []


def test_a_reader_of_a_dying_run_is_told(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    record(writer, 0)
    writer.flush(force=True)
    run = archive.open_run(writer.run_id)
    assert run.status is Status.QUEUED
    writer.release()
    assert run.status is Status.INTERRUPTED
    assert run.progress is None
    assert len(run.curves()) == 1


def silence(folder: Path, owner: dict[str, object]) -> bool:
    """Whether a run of that owner is dead after an hour without a heartbeat."""
    heartbeat = folder / "heartbeat"
    heartbeat.touch()
    past = time.time() - 3_600
    os.utime(heartbeat, (past, past))
    return liveness.is_dead(heartbeat, owner)


def test_who_counts_as_dead(tmp_path: Path) -> None:
    us = liveness.owner()
    ended = psutil.Popen(["true"])
    other = {"pid": ended.pid, "process_started": ended.create_time()}
    ended.wait()
    assert silence(tmp_path, us | other)
    assert silence(tmp_path, us | {"process_started": 0.0}), "another process with that id"
    assert silence(tmp_path, us | {"host": "elsewhere"})
    assert not silence(tmp_path, us), "a computer that slept does not kill its runs"
    (tmp_path / "heartbeat").touch()
    assert not liveness.is_dead(tmp_path / "heartbeat", us | other)
    (tmp_path / "heartbeat").unlink()
    assert liveness.is_dead(tmp_path / "heartbeat", us)


@pytest.mark.parametrize("step", ["after a table", "before the row", "before the spool goes"])
def test_a_writer_killed_while_archiving(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    place = {
        "after a table": (files, "sha256"),
        "before the row": (commit, "_row"),
        "before the spool goes": (commit.Spool, "remove"),
    }[step]
    writer = archive.writer(small_config(), collection="runs", name="")
    writer.start("compiled")
    for number in (0, 1, 10):
        record(writer, number)
    with monkeypatch.context() as patch:
        patch.setattr(*place, die)
        with pytest.raises(Killed):
            writer.finish(Status.FINISHED)
    run = archive.open_run(writer.run_id)
    archived = step == "before the spool goes"
    assert run.status is (Status.FINISHED if archived else Status.INTERRUPTED)
    assert run.curves()["step"].tolist() == [0, 1, 10]
    assert archive.verify() == []
    assert archive.running() == []


def test_a_recovery_that_dies_is_recovered(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = abandoned(archive)

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("simulation.archive.ending.commit", die)
        with pytest.raises(Killed):
            archive.open_run(writer.run_id)
    (taken,) = (archive.path / "runs" / ".running").iterdir()
    assert taken.name.startswith(f".taken-{writer.run_id}")
    assert archive.open_run(writer.run_id).status is Status.RUNNING, "its recoverer may be alive"
    (taken / "heartbeat").unlink()
    assert archive.open_run(writer.run_id).status is Status.INTERRUPTED
    assert archive.verify() == []


def test_leftovers_of_dead_writers_are_swept_up(archive: Archive) -> None:
    write_run(archive)
    running = archive.path / "runs" / ".running"
    past = time.time() - 3_600
    for name in (".new-0123456789ab-aa", ".leaving-aa"):
        (running / name).mkdir()
        os.utime(running / name, (past, past))
    assert archive.verify() == []
    assert list(running.iterdir()) == []


def test_a_damaged_segment_costs_what_came_after_it(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    for step in (0, 1, 2):
        record(writer, step)
        writer.flush(force=True)
    segment = sorted(spool_of(archive, writer.run_id).glob("curves-*.parquet"))[1]
    segment.write_bytes(b"")
    writer.release()
    run = archive.open_run(writer.run_id)
    assert run.curves()["step"].tolist() == [0]
    assert "lost" in run.record["status_reason"]
    assert archive.verify() == []


def test_a_full_disk_says_so_and_keeps_the_run(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    writer.start("compiled")
    record(writer, 0)
    writer.flush(force=True)
    record(writer, 1)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(StorageFull, match="No room left") as caught:
            writer.finish(Status.FINISHED)
        assert "Free some space" in caught.value.remedy
        run = archive.open_run(writer.run_id)
        assert run.status is Status.INTERRUPTED
        assert run.curves()["step"].tolist() == [0]
    run = archive.open_run(writer.run_id)
    assert run.status is Status.INTERRUPTED
    assert len(run.curves()) == 1
    assert archive.verify() == []


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def swap(path: Path) -> None:
    path.write_bytes(path.with_name("other.parquet").read_bytes())


@pytest.mark.parametrize("table", ["curves", "rate_maps", "weights", "spectra"])
@pytest.mark.parametrize(
    ("harm", "message"), [(damage, "digest differs"), (Path.unlink, "missing")]
)
def test_verify_names_the_file(
    archive: Archive, table: str, harm: Callable[[Path], None], message: str
) -> None:
    run = write_run(archive)
    path = archive.path / "runs" / table / f"{run.run_id}.parquet"
    harm(path)
    (finding,) = archive.verify()
    assert (finding.run_id, finding.path) == (run.run_id, path)
    assert message in finding.message
    assert finding.remedy
    broken = archive.open_run(run.run_id)
    reads = {
        "curves": broken.curves,
        "rate_maps": lambda: broken.rate_maps(0, "samples"),
        "weights": lambda: broken.weights(0),
        "spectra": lambda: broken.spectrum(0),
    }
    with pytest.raises(ArchiveError, match=f"{table}.*{run.run_id}") as caught:
        reads[table]()
    assert caught.value.remedy


def test_verify_finds_an_id_that_is_not_the_configurations(archive: Archive) -> None:
    run = write_run(archive)
    for path in archive.path.glob(f"runs/*/{run.run_id}.parquet"):
        path.rename(path.with_name("0123456789ab.parquet"))
    findings = archive.verify()
    assert any("the id does not belong" in finding.message for finding in findings)


def test_verify_finds_a_file_without_a_run(archive: Archive) -> None:
    run = write_run(archive)
    (archive.path / "runs" / "runs" / f"{run.run_id}.parquet").unlink()
    messages = {finding.message for finding in archive.verify()}
    assert messages == {"a file without a run"}
    writer = archive.writer(small_config(), collection="runs", name="")
    assert archive.verify() == [], "the run may just be about to be archived"
    writer.release()


def test_a_run_in_progress_without_a_readable_record(archive: Archive) -> None:
    write_run(archive, small_config(seed=1))
    writer = archive.writer(small_config(), collection="runs", name="")
    writer.release()
    (spool_of(archive, writer.run_id) / "record.json").write_text("")
    assert archive.running() == []
    with pytest.raises(ArchiveError, match=r"record\.json is damaged"):
        archive.open_run(writer.run_id)
    assert len(archive.runs()) == 1
    (finding,) = archive.verify()
    assert finding.path == spool_of(archive, writer.run_id)


def test_the_record_on_disk_is_json(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="n")
    content = json.loads((spool_of(archive, writer.run_id) / "record.json").read_text())
    assert content["run_id"] == writer.run_id
    writer.finish(Status.CANCELLED)
