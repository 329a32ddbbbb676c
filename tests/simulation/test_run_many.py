"""Runs made together are archived as they would be one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulation.archive import Archive, Run, Status
from simulation.errors import AlreadyRunning
from simulation.running.run import execute
from simulation.running.together import Ended, execute_together, lockstep_key
from tests.simulation.engine_helpers import configure

SHORT = {
    "noise__update_scale": 0.05,
    "precision": "float64",
    "schedule__steps": 200,
    "schedule__curve_points": 6,
    "schedule__snapshots": 2,
}


def config(seed: int, **values: Any) -> Any:
    return configure((5, 4, 3, 20), seed=seed, **{**SHORT, **values})


def test_runs_made_together_are_archived_as_by_the_reference_engine(tmp_path: Path) -> None:
    configs = [
        config(2),
        config(3, rule__learning_rate=10),
        config(4, rule__learning_rate=0.05),
        config(5, rule__learning_rate=10),  # with it half have ended: the others get a new batch
    ]
    archive = Archive.open(tmp_path / "together", create=True)
    told: list[tuple[int, Ended]] = []
    runs = execute_together(
        configs, archive, names=["a", "b", "c", "d"], on_end=lambda *end: told.append(end)
    )
    assert sorted(place for place, _ in told) == [0, 1, 2, 3]
    alone = Archive.open(tmp_path / "alone", create=True)
    for run, one in zip(runs, configs, strict=True):
        assert isinstance(run, Run)
        other = execute(one, alone, engine="reference")
        assert run.status == other.status
        assert (run.run_id, run.record["engine"]) == (other.run_id, "ensemble")
        here, there = run.curves(), other.curves()
        assert here["step"].tolist() == there["step"].tolist()
        before = np.isfinite(there["loss"].to_numpy())
        np.testing.assert_allclose(
            here["loss"].to_numpy()[before], there["loss"].to_numpy()[before], rtol=1e-9
        )
    assert [run.name for run in runs if isinstance(run, Run)] == ["a", "b", "c", "d"]
    assert [run.status for run in runs if isinstance(run, Run)] == [
        Status.FINISHED,
        Status.DIVERGED,
        Status.FINISHED,
        Status.DIVERGED,
    ]
    assert not archive.verify()


def test_settled_and_claimed_runs_are_left_alone(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, create=True)
    done, claimed, new = config(2), config(3), config(4)
    execute(done, archive)
    elsewhere = archive.writer(claimed, collection="runs", name="")
    ends = execute_together([done, claimed, new], archive)
    elsewhere.release()
    assert isinstance(ends[0], Run)
    assert ends[0].record["engine"] == "compiled"
    assert isinstance(ends[1], AlreadyRunning)
    assert isinstance(ends[2], Run)
    assert ends[2].status is Status.FINISHED


def test_a_cancelled_run_leaves_the_others_to_go_on(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, create=True)
    configs = [config(2), config(3)]
    looks = []

    def stop() -> None:
        if not looks:
            archive.request_cancel(configs[0].run_id)
        looks.append(1)

    first, second = execute_together(configs, archive, stop=stop)
    assert isinstance(first, Run)
    assert isinstance(second, Run)
    assert (first.status, second.status) == (Status.CANCELLED, Status.FINISHED)


def test_only_runs_of_one_key_are_made_together(tmp_path: Path) -> None:
    one, longer = config(2), config(2, schedule__steps=300)
    assert lockstep_key(one) == lockstep_key(config(9, noise__update_scale=0.1))
    assert lockstep_key(one) != lockstep_key(longer)
    assert lockstep_key(one.with_values({"task.kind": "ring"})) is None
    archive = Archive.open(tmp_path, create=True)
    with pytest.raises(ValueError, match="together"):
        execute_together([one, longer], archive)
    assert archive.running() == []
