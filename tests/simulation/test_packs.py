"""Packed runs are read like any others, and cost less."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from simulation.archive import Archive, Status, pack_writer, packing
from simulation.archive.index import Index
from simulation.archive.locks import packing as held
from simulation.archive.packs import packs_of
from simulation.cli import main
from simulation.config import RunConfig
from simulation.errors import ArchiveError
from simulation.models.feedforward import NetworkState
from simulation.running.run import settled
from simulation.sweeps.order import missing
from tests.simulation.archive_helpers import UNITS, rate_map, small_config, write_run
from tests.simulation.pack_helpers import content, contents, own_files, tables, write_full


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "archive", create=True)


def pack(archive: Archive, collection: str = "runs") -> packing.Packed:
    return archive.pack(collection, lambda *_: None)


CONFIGS = [
    *(small_config(seed=seed) for seed in range(3)),
    *(small_config(seed=seed, precision="float64") for seed in range(2)),
    RunConfig.parse({"seed": 7, "model": "similarity_matching"}),
]


@pytest.mark.parametrize("group_bytes", [1, 3_000, 2**20])
def test_a_packed_run_is_the_same_to_the_last_bit(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, group_bytes: int
) -> None:
    monkeypatch.setattr(pack_writer, "GROUP_BYTES", group_bytes)
    monkeypatch.setattr(packing, "PACK_RUNS", 2)
    for config in CONFIGS:
        write_full(archive, config)
    write_run(archive, small_config(seed=9), steps=(), status=Status.CANCELLED)
    before, rows = contents(archive), archive.runs().drop(columns="files_json")
    packed = pack(archive)
    assert (packed.moved, packed.runs, packed.left) == (7, 7, {})
    assert packed.packs == 3, "those of another precision in one of their own"
    assert own_files(archive) == []
    assert contents(archive) == before
    assert archive.runs().drop(columns="files_json").equals(rows)
    assert archive.verify() == []


def test_arrays_of_packed_runs(archive: Archive) -> None:
    configs = [small_config(seed=seed, precision="float64") for seed in range(3)]
    for config in configs:
        write_run(archive, config)
    pack(archive)
    for config in configs:
        run = archive.open_run(config.run_id)
        for step in run.snapshot_steps():
            np.testing.assert_array_equal(run.rate_maps(step, "samples").maps, rate_map(step))
            assert run.spectrum(step).eigenvalues.tolist() == [1.0, 2.0 + step]
            state = run.weights(step)
            assert isinstance(state, NetworkState)
            expected = np.full((UNITS, config.task.input_dim), np.float32(step / 3), np.float64)
            np.testing.assert_array_equal(state.input_weights, expected, strict=True)
        assert run.curves()["step"].tolist() == [0, 1, 10]


def test_packing_again_does_nothing(archive: Archive) -> None:
    for seed in range(3):
        write_full(archive, small_config(seed=seed))
    assert pack(archive).bytes_after < archive.path.stat().st_size + 2**20
    kept = packs_of(archive.root / "runs")
    again = pack(archive)
    assert (again.moved, again.runs, again.packs) == (0, 3, 1)
    assert again.bytes_before == again.bytes_after
    assert packs_of(archive.root / "runs") == kept


def test_packing_saves_room(archive: Archive) -> None:
    for seed in range(8):
        write_full(archive, small_config(seed=seed))
    packed = pack(archive)
    assert packed.bytes_after < packed.bytes_before / 3


def test_small_packs_are_made_anew_and_large_ones_kept(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "PACK_RUNS", 3)
    sizes = []
    for seed in range(8):
        write_run(archive, small_config(seed=seed))
        pack(archive)
        found = packs_of(archive.root / "runs")
        sizes.append([len(each.run_ids()) for each in reversed(found)])
        assert all(each.run_ids() == sorted(each.run_ids()) for each in found)
    assert sizes == [[1], [2], [3], [3, 1], [3, 2], [3, 3], [3, 3, 1], [3, 3, 2]]
    assert sorted(archive.runs(["seed"])["seed"]) == list(range(8))


def test_a_run_made_again_counts_before_its_pack(archive: Archive) -> None:
    for seed in range(3):
        status = Status.CANCELLED if seed else Status.FINISHED
        write_run(archive, small_config(seed=seed), steps=(0, 1), status=status)
    pack(archive)
    again = write_run(archive, small_config(seed=1), collection="elsewhere")
    assert again.collection == "runs", "nothing is removed from a pack, so it stays there"
    assert again.status is Status.FINISHED
    assert archive.counts() == {"elsewhere": 0, "runs": 3}
    statuses = archive.runs(["seed", "status"]).set_index("seed")["status"].to_dict()
    assert statuses == {0: "finished", 1: "finished", 2: "cancelled"}
    shorter = write_run(archive, small_config(seed=2), steps=(0,), status=Status.CANCELLED)
    assert shorter.curves()["step"].tolist() == [0, 1], "it says less than the packed one"
    assert archive.verify() == []
    before = contents(archive)
    assert pack(archive).moved == 1
    assert contents(archive) == before
    assert own_files(archive) == []
    assert len(packs_of(archive.root / "runs")) == 1


def test_an_own_file_that_goes_uncovers_the_pack(archive: Archive) -> None:
    write_run(archive, small_config(), steps=(0, 1), status=Status.CANCELLED)
    pack(archive)
    run = write_run(archive, small_config())
    assert archive.runs(["status"])["status"].tolist() == ["finished"]
    for path in archive.path.glob(f"runs/*/{run.run_id}.parquet"):
        path.unlink()
    assert archive.runs(["status"])["status"].tolist() == ["cancelled"]
    assert archive.open_run(run.run_id).status is Status.CANCELLED


def test_a_reader_goes_on_while_runs_are_packed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "PACK_RUNS", 9)
    opened = [write_full(archive, small_config(seed=seed)) for seed in range(2)]
    before = [content(archive, run.run_id) for run in opened]
    for seed in (5, 6):  # the second replaces the pack that the readers are in by then
        pack(archive)
        for run, known in zip(opened, before, strict=True):
            assert run._read(tables).items() <= known.items()
        write_full(archive, small_config(seed=seed))
    fresh = archive.open_run(opened[0].run_id)
    pack(archive)
    assert fresh.snapshot_steps().tolist() == [0, 3, 10]


def test_packed_runs_are_not_made_again(archive: Archive) -> None:
    configs = [small_config(seed=seed) for seed in range(3)]
    write_run(archive, configs[0])
    write_run(archive, configs[1], steps=(0, 1), status=Status.CANCELLED)
    pack(archive)
    assert settled(archive, configs[0]) is not None
    assert missing(configs, archive) == configs[1:]


def test_relatives_of_packed_runs_are_found(archive: Archive) -> None:
    parent = write_run(archive)
    fork = {"parent__run": parent.run_id, "parent__step": 1, "seed": 1}
    child = write_run(archive, small_config(**fork))
    pack(archive)
    assert [run.run_id for run in archive.children(parent.run_id)] == [child.run_id]


def test_the_index_reads_new_packs_only(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PACK_RUNS", 2)
    for seed in range(4):
        write_run(archive, small_config(seed=seed))
    read: list[str] = []
    for name in ("_read_row", "_read_pack"):
        original = getattr(Index, name)

        def note(self: Index, what: str, original: object = original) -> object:
            read.append(what)
            return original(self, what)  # type: ignore[operator]

        monkeypatch.setattr(Index, name, note)

    def newly_read() -> list[str]:
        read.clear()
        assert archive.runs(["seed"])["seed"].tolist() == sorted(archive.runs(["seed"])["seed"])
        return sorted(read)

    assert len(newly_read()) == 4
    states = [archive.state()]
    pack(archive)
    folder = archive.path / "runs"
    assert newly_read() == sorted(each.folder.name for each in packs_of(archive.root / "runs"))
    assert archive.counts() == {"runs": 4}
    states.append(archive.state())
    assert newly_read() == []
    new = write_run(archive, small_config(seed=4))
    assert newly_read() == [new.run_id]
    states.append(archive.state())
    assert len(set(states)) == 3
    about = json.loads((folder / "index" / "contents.json").read_text())
    about["columns"].remove("_pack")  # made before there were packs
    (folder / "index" / "contents.json").write_text(json.dumps(about))
    assert len(newly_read()) == 3
    shutil.rmtree(folder / "index")
    assert sorted(archive.runs(["seed"])["seed"]) == list(range(5))


def test_export_gives_a_packed_run_files_of_its_own(archive: Archive, tmp_path: Path) -> None:
    for config in CONFIGS:
        write_full(archive, config)
    plain = Archive.open(archive.export(CONFIGS[0].run_id, tmp_path / "plain"))
    pack(archive)
    for config in CONFIGS:
        copy = Archive.open(archive.export(config.run_id, tmp_path / config.run_id))
        assert copy.verify() == []
        assert content(copy, config.run_id) == content(archive, config.run_id)
        assert packs_of(copy.root / "runs") == []
        assert contents(copy).keys() == {config.run_id}
    first = Archive.open(tmp_path / CONFIGS[0].run_id)
    assert own_files(first) == own_files(plain)
    assert contents(first) == contents(plain)


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def test_verify_names_the_runs_whose_rows_are_damaged(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_writer, "GROUP_BYTES", 1)
    run_ids = sorted(write_full(archive, small_config(seed=seed)).run_id for seed in range(3))
    pack(archive)
    (found,) = packs_of(archive.root / "runs")
    path = Path(found.place("curves").path)
    healthy = path.read_bytes()
    flip(path, 300)
    (finding,) = archive.verify()
    assert (finding.run_id, finding.path) == (run_ids[0], path)
    assert "digest differs" in finding.message
    assert finding.remedy
    flip(path, 300)
    flip(path, len(healthy) - 100)
    assert [finding.run_id for finding in archive.verify()] == run_ids
    path.unlink()
    assert {finding.message for finding in archive.verify()} == {"the file is missing"}
    with pytest.raises(ArchiveError, match=r"curves\.parquet is missing"):
        archive.open_run(run_ids[0]).curves()
    path.write_bytes(healthy)
    assert archive.verify() == []
    runs = Path(found.place("runs").path)
    flip(runs, 2_000)
    assert {finding.run_id for finding in archive.verify()} == set(run_ids)
    runs.write_bytes(b"not parquet")
    (finding,) = archive.verify()
    assert finding.path == runs
    with pytest.raises(ArchiveError, match="damaged"):
        archive.open_run(run_ids[0])


def test_a_damaged_run_is_left_as_it_is(archive: Archive) -> None:
    runs = [write_full(archive, small_config(seed=seed)) for seed in range(4)]
    flip(archive.path / "runs" / "curves" / f"{runs[1].run_id}.parquet", 100)
    (archive.path / "runs" / "runs" / f"{runs[2].run_id}.parquet").write_bytes(b"")
    packed = pack(archive)
    assert (packed.moved, packed.runs) == (2, 2)
    assert packed.left.keys() == {runs[1].run_id, runs[2].run_id}
    assert {finding.run_id for finding in archive.verify()} == packed.left.keys()


def test_pack_says_what_it_did(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    for seed in range(3):
        write_full(archive, small_config(seed=seed))
    where = ["--archive", str(archive.path)]
    assert main(["pack", "runs", *where]) == 0
    assert "runs: 3 runs packed, from 0." in capsys.readouterr().out
    assert main(["pack", "runs", *where]) == 0
    assert "nothing to pack, 3 runs in 1 pack" in capsys.readouterr().out
    write_full(archive, small_config(seed=3))
    assert main(["pack", "runs", *where, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["moved"], told["runs"], told["packs"], told["left"]) == (1, 4, 1, {})
    assert told["bytes_before"] > told["bytes_after"] > 0
    assert main(["list", *where]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert main(["verify", *where]) == 0


def test_what_cannot_be_packed_is_said(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_full(archive, small_config())
    where = ["--archive", str(archive.path)]
    assert main(["pack", "none", *where]) == 1
    assert "No collection 'none' in" in capsys.readouterr().err
    with held(archive.root / "runs"):
        assert main(["pack", "runs", *where]) == 1
    assert "being packed by another process" in capsys.readouterr().err
    monkeypatch.setattr(archive, "writable", False)
    with pytest.raises(ArchiveError, match="read-only"):
        pack(archive)
    flip(archive.path / "runs" / "curves" / f"{run.run_id}.parquet", 100)
    assert main(["pack", "runs", *where]) == 1
    assert f"left as it is: {run.run_id}" in capsys.readouterr().out
