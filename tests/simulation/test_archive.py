"""Writing runs and reading them back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simulation.archive import Archive, Status
from simulation.archive.schema import DATA_TABLES, TABLES
from simulation.archive.store import LocalStore
from simulation.errors import (
    AlreadyRunning,
    ArchiveError,
    NotRecorded,
    SchemaVersionError,
    UnknownRun,
)
from tests.simulation.archive_helpers import (
    SAMPLES,
    UNITS,
    rate_map,
    record,
    small_config,
    write_run,
)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "archive", create=True)


def test_a_run_reads_back_as_written(archive: Archive) -> None:
    config = small_config()
    run = write_run(archive, config, name="A name")
    assert (run.run_id, run.name, run.collection) == (config.run_id, "A name", "runs")
    assert run.config == config
    assert run.status is Status.FINISHED
    assert run.progress is None
    assert run.curves()["step"].tolist() == [0, 1, 10]
    assert run.curves(["active_units"])["active_units"].tolist() == [1, 1 / 2, 1 / 11]
    assert run.curves()["tuned_units"].isna().all()
    assert run.snapshot_steps().tolist() == run.spectrum_steps().tolist() == [0, 1, 10]
    assert run.sources() == ["samples"]
    assert len(run.places("samples")) == SAMPLES
    maps = run.rate_maps(10, "samples")
    np.testing.assert_array_equal(maps.maps, rate_map(10))
    assert np.isnan(maps.spatial_information).all()
    spectrum = run.spectrum(1)
    assert (spectrum.eigenvalues.tolist(), spectrum.exact_zeros) == ([1, 3], 7)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_weights_come_back_bit_for_bit(archive: Archive, precision: str) -> None:
    config = small_config(precision=precision)
    random = np.random.default_rng(0)
    shapes = {"input_weights": (UNITS, 20), "biases": (UNITS,), "output_weights": (5, UNITS)}
    weights = {name: random.normal(size=shape).astype(precision) for name, shape in shapes.items()}
    writer = archive.writer(config, collection="runs", name="")
    writer.append("weights", step=4, **{k: v.reshape(1, -1) for k, v in weights.items()})
    state = writer.finish(Status.CANCELLED).weights(4)
    assert state.step == 4
    for name, expected in weights.items():
        np.testing.assert_array_equal(getattr(state, name), expected, strict=True)


def test_a_place_never_visited_stays_nan_in_a_rate_map(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    maps = np.array([[1, np.nan], [np.nan, 2]], np.float32)
    writer.append("rate_maps", step=0, source="training", unit=[0, 1], rate_map=maps)
    run = writer.finish(Status.CANCELLED)
    np.testing.assert_array_equal(run.rate_maps(0, "training").maps, maps)


def test_what_was_not_recorded_says_so(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    writer.append("snapshots", step=3, hessian_note="the matrix is too large")
    run = writer.finish(Status.CANCELLED)
    with pytest.raises(NotRecorded, match=r"step 3 .* too large"):
        run.spectrum(3)
    with pytest.raises(NotRecorded, match="step 5"):
        run.weights(5)
    with pytest.raises(NotRecorded, match="training"):
        run.rate_maps(3, "training")
    assert run.curves().empty
    assert run.snapshot_steps().tolist() == []


def test_a_run_in_progress_is_read_as_it_grows(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    run = archive.open_run(writer.run_id)
    assert run.status is Status.QUEUED
    assert run.progress is not None
    assert run.progress.stage == "queued"
    writer.start("compiled")
    assert run.status is Status.RUNNING
    assert run.record["engine"] == "compiled"
    for step in (0, 1, 2):
        record(writer, step)
        writer.flush(force=True)
        assert run.curves()["step"].tolist() == list(range(step + 1))
        assert run.snapshot_steps().tolist() == list(range(step + 1))
        np.testing.assert_array_equal(run.rate_maps(step, "samples").maps, rate_map(step))
    assert [other.run_id for other in archive.running()] == [writer.run_id]
    writer.finish(Status.FINISHED)
    assert run.status is Status.FINISHED
    assert run.curves()["step"].tolist() == [0, 1, 2]
    assert archive.running() == []


def test_reading_on_opens_new_segments_only(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    record(writer, 0)
    writer.flush(force=True)
    run = archive.open_run(writer.run_id)
    assert len(run.curves()) == 1
    opened: list[str] = []
    read = LocalStore.open

    def note(store: LocalStore, key: str) -> object:
        if key.endswith(".parquet"):
            opened.append(key)
        return read(store, key)

    monkeypatch.setattr(LocalStore, "open", note)
    record(writer, 1)
    writer.flush(force=True)
    assert len(run.curves()) == 2
    assert len(run.curves()) == 2
    assert len(opened) == 1
    writer.release()


def test_flushes_are_spaced_out(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    run = archive.open_run(writer.run_id)
    record(writer, 0)
    writer.flush(force=True)
    record(writer, 1)
    writer.flush()
    assert len(run.curves()) == 1
    writer.release()


def test_one_writer_a_run(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    for collection in ("runs", "other"):
        with pytest.raises(AlreadyRunning, match=writer.run_id):
            archive.writer(small_config(), collection=collection, name="")
    writer.finish(Status.CANCELLED)
    archive.writer(small_config(), collection="runs", name="").finish(Status.CANCELLED)


def test_a_queued_run_is_handed_over(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="live", name="")
    writer.hand_over()
    heir = archive.adopt(writer.run_id)
    record(heir, 0)
    run = heir.finish(Status.FINISHED)
    assert (run.collection, len(run.curves())) == ("live", 1)
    with pytest.raises(UnknownRun):
        archive.adopt(writer.run_id)


def test_adopting_a_run_keeps_its_segments(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="live", name="")
    record(writer, 0)
    writer.flush(force=True)
    writer.hand_over()
    heir = archive.adopt(writer.run_id)
    record(heir, 1)
    assert heir.finish(Status.CANCELLED).curves()["step"].tolist() == [0, 1]


def test_cancel_is_a_flag(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    assert not writer.cancel_requested()
    archive.request_cancel(writer.run_id)
    assert writer.cancel_requested()
    run = writer.finish(Status.CANCELLED)
    assert run.status is Status.CANCELLED
    archive.request_cancel(writer.run_id)  # has ended: nothing to do
    with pytest.raises(UnknownRun):
        archive.request_cancel("0" * 12)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ((Status.CANCELLED, 5), (Status.FINISHED, 10), Status.FINISHED),
        ((Status.CANCELLED, 2), (Status.TIME_LIMIT, 5), Status.TIME_LIMIT),
        ((Status.CANCELLED, 5), (Status.TIME_LIMIT, 2), Status.CANCELLED),
        ((Status.DIVERGED, 2), (Status.CANCELLED, 5), Status.DIVERGED),
    ],
)
def test_the_run_that_says_more_is_kept(
    archive: Archive,
    first: tuple[Status, int],
    second: tuple[Status, int],
    kept: Status,
) -> None:
    for collection, (status, step) in zip(("one", "two"), (first, second), strict=True):
        write_run(archive, collection=collection, steps=(0, step), status=status)
    assert archive.runs(["status"])["status"].tolist() == [kept.value]
    assert archive.open_run(small_config().run_id).status is kept
    assert archive.verify() == []


@pytest.mark.parametrize("run_id", ["", "0" * 11, "0" * 13, "../../etc/pw", "ABCDEF012345", "a/b"])
def test_a_malformed_run_id_never_reaches_the_disk(archive: Archive, run_id: str) -> None:
    for use in (archive.open_run, archive.request_cancel, archive.adopt):
        with pytest.raises(ArchiveError, match="is not a run id") as caught:
            use(run_id)
        assert not isinstance(caught.value, UnknownRun)


def test_an_unknown_run_says_where_it_was_looked_for(archive: Archive) -> None:
    with pytest.raises(UnknownRun, match="No run 0123456789ab in"):
        archive.open_run("0123456789ab")


@pytest.mark.parametrize("name", ["../up", ".hidden", "", "a b", "x" * 65])
def test_a_collection_stays_inside_the_archive(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match="name of a collection"):
        archive.writer(small_config(), collection=name, name="")


def test_opening_what_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="not an archive"):
        Archive.open(tmp_path)
    with pytest.raises(ArchiveError, match="not an archive"):
        Archive.open(tmp_path / "missing")
    (tmp_path / "archive.json").write_text("{}")
    with pytest.raises(ArchiveError, match="does not describe"):
        Archive.open(tmp_path)
    (tmp_path / "archive.json").write_text("{")
    with pytest.raises(ArchiveError, match="damaged"):
        Archive.open(tmp_path)


def test_another_schema_version_is_named(archive: Archive) -> None:
    marker = archive.path / "archive.json"
    marker.write_text(json.dumps({"format": "driftscape-archive", "schema_version": 99}))
    with pytest.raises(SchemaVersionError, match=r"version 99; .* version 1") as caught:
        Archive.open(archive.path)
    assert caught.value.remedy


def test_pandas_reads_the_tables_plainly(archive: Archive) -> None:
    runs = [write_run(archive, small_config(seed=seed)) for seed in range(3)]
    folder = archive.path / "runs"
    curves = pd.read_parquet(folder / "curves" / f"{runs[0].run_id}.parquet")
    assert curves["step"].tolist() == [0, 1, 10]
    assert set(curves["run_id"]) == {runs[0].run_id}
    rows = pd.read_parquet(folder / "runs")
    assert sorted(rows["run_id"]) == sorted(run.run_id for run in runs)
    assert set(rows["task.kind"]) == {"smoothed_random"}
    assert len(pd.read_parquet(folder / "curves")) == 9


def test_every_column_explains_itself(archive: Archive) -> None:
    run = write_run(archive)
    for table in (*DATA_TABLES, "runs"):
        assert TABLES[table].columns[0].name == "run_id"
        path = archive.path / "runs" / table / f"{run.run_id}.parquet"
        if not path.exists():
            continue
        schema = pq.read_schema(path)
        assert schema.names == [column.name for column in TABLES[table].columns]
        if table == "runs":
            archive.runs()
            files = sorted((archive.path / "runs" / "index").glob("*.parquet"))
            schema = pa.unify_schemas([pq.read_schema(file) for file in files])
        for column in TABLES[table].columns:
            assert schema.field(column.name).metadata == {
                b"unit": column.unit.encode(),
                b"meaning": column.meaning.encode(),
            }


def test_a_read_only_archive_is_read(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    run = write_run(archive)
    shipped = Archive.open(archive.path)
    monkeypatch.setattr(shipped, "writable", False)
    assert shipped.open_run(run.run_id).status is Status.FINISHED
    assert shipped.runs(["run_id"])["run_id"].tolist() == [run.run_id]


def test_export_makes_an_archive_of_its_own(archive: Archive, tmp_path: Path) -> None:
    run = write_run(archive, name="Sent")
    write_run(archive, small_config(seed=1))
    place = archive.export(run.run_id, tmp_path / "elsewhere")
    other = Archive.open(place)
    copy = other.open_run(run.run_id)
    assert (copy.name, copy.status) == ("Sent", Status.FINISHED)
    np.testing.assert_array_equal(copy.rate_maps(10, "samples").maps, rate_map(10))
    assert len(other.runs()) == 1
    assert other.verify() == []
    writer = archive.writer(small_config(seed=2), collection="runs", name="")
    with pytest.raises(ArchiveError, match="still in progress"):
        archive.export(writer.run_id, place)
    writer.release()


def test_the_record_holds_the_configuration_as_columns(archive: Archive) -> None:
    record = write_run(archive).record
    assert record["network.hidden_units"] == UNITS
    assert (record["task.input_dim"], record["task.output_dim"]) == (20, 5)
    assert record["parameter_count"] == UNITS * 26
    assert record["task.rays"] is None
    assert record["steps_reached"] == 10
    assert record["engine"] == "compiled"
    assert record["numba_version"]
    assert record["torch_version"] is None
    assert record["thumbnail_step"] == [0, 1, 10]


def test_thumbnails_have_at_most_a_hundred_points(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    steps = np.arange(1_000)
    writer.append("curves", step=steps, active_units=np.linspace(1, 0, 1_000))
    record = writer.finish(Status.CANCELLED).record
    assert len(record["thumbnail_step"]) == len(record["thumbnail_active_units"]) == 100
    assert (record["thumbnail_step"][0], record["thumbnail_step"][-1]) == (0, 999)


def test_a_run_with_a_missing_file_is_not_exported(archive: Archive, tmp_path: Path) -> None:
    run = write_run(archive)
    (archive.path / "runs" / "curves" / f"{run.run_id}.parquet").unlink()
    with pytest.raises(ArchiveError, match=r"curves.*is missing") as caught:
        archive.export(run.run_id, tmp_path / "elsewhere")
    assert caught.value.remedy
