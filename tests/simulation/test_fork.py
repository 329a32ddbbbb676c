"""Runs that start from a snapshot of another: continued to the bit, forked, refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulation.archive import Archive, Run, Status
from simulation.config import RunConfig
from simulation.engines.kernels.stretches import STRETCH
from simulation.errors import ConfigError, DriftscapeError, NotRecorded, UnknownRun
from simulation.models import model_of
from simulation.models.feedforward import NetworkState
from simulation.models.memory import STEPS_SINCE_START, carried_shapes
from simulation.running.lineage import changes_in_words, continues, fork, parent_state
from simulation.running.run import execute
from tests.simulation.archive_helpers import small_config, write_run

WHOLE, FORK = 400, 200
FIELDS: dict[str, Any] = {
    "network.hidden_units": 10,
    "noise.update_scale": 0.05,
    "schedule.steps": WHOLE,
    "schedule.curve_points": 41,
    "schedule.curve_spacing": "linear",
    "schedule.snapshots": 3,
    "schedule.snapshot_spacing": "linear",
    "schedule.hessian_snapshots": 2,
}
NOISE_FREE = {"noise.update_scale": 0}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "archive", create=True)


def run_of(archive: Archive, **changes: Any) -> Run:
    """A run of these fields; names with __ for the dots."""
    fields = FIELDS | {name.replace("__", "."): value for name, value in changes.items()}
    return execute(RunConfig.parse(fields), archive)


def arrays(run: Run, step: int) -> list[np.ndarray]:
    state = run.weights(step)
    return [state.input_weights, state.biases, state.output_weights, *state.rule_state.values()]


@pytest.mark.parametrize(
    "changes",
    [
        {"precision": "float32"},
        {"precision": "float64"},
        {"noise__update_scale": 0, "noise__label_scale": 0.5, "noise__input_scale": 0.1},
        {"rule__kind": "adam", "noise__update_scale": 0},
        {"rule__kind": "rmsprop", "noise__update_scale": 0},
        {"rule__kind": "sed", "noise__update_scale": 0},
    ],
    ids=["float32", "float64", "labels and inputs", "Adam", "RMSprop", "SED"],
)
def test_a_continuation_is_the_run_that_never_stopped(
    archive: Archive, changes: dict[str, Any]
) -> None:
    whole = run_of(archive, **changes)
    short = run_of(archive, **changes, schedule__steps=FORK, schedule__snapshots=2)
    config = fork(short.config, short.run_id, FORK, {"schedule.steps": WHOLE})
    assert config.run_id not in (whole.run_id, short.run_id)
    continued = execute(config, archive)
    assert continued.status is Status.FINISHED
    for mine, theirs in zip(arrays(continued, WHOLE), arrays(whole, WHOLE), strict=True):
        np.testing.assert_array_equal(mine, theirs, strict=True)
    late = whole.curves().query(f"step >= {FORK}").set_index("step")
    again = continued.curves().set_index("step")
    shared = again.index.intersection(late.index)
    assert len(shared) > 10
    assert again.loc[shared, "loss"].equals(late.loc[shared, "loss"])
    assert archive.verify() == []


RING: dict[str, Any] = {"task.kind": "ring", "task.n_samples": 40, "network.hidden_units": 12}


def ring_run(archive: Archive, **changes: Any) -> Run:
    recorded = {path: value for path, value in FIELDS.items() if path.startswith("schedule.")}
    del recorded["schedule.hessian_snapshots"]
    fields = recorded | RING | {name.replace("__", "."): v for name, v in changes.items()}
    return execute(RunConfig.parse(fields), archive)


def test_a_continuation_of_similarity_matching(archive: Archive) -> None:
    whole = ring_run(archive)
    short = ring_run(archive, schedule__steps=FORK, schedule__snapshots=2)
    longer = {"schedule.steps": WHOLE}
    continued = execute(fork(short.config, short.run_id, FORK, longer), archive)
    mine, theirs = continued.weights(WHOLE), whole.weights(WHOLE)
    for name in ("feedforward_weights", "lateral_weights", "biases"):
        np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name), strict=True)
    assert continued.curves()["step"].iloc[0] == FORK


def test_a_fork_of_similarity_matching_has_its_own_dynamics(archive: Archive) -> None:
    parent = ring_run(archive)
    config = fork(parent.config, parent.run_id, FORK, {"network.threshold": 0.01})
    assert parent_state(model_of(config), archive).network == config.network


def test_a_child_is_recorded_from_the_snapshot_on(archive: Archive) -> None:
    parent = run_of(archive)
    child = execute(fork(parent.config, parent.run_id, FORK, NOISE_FREE), archive)
    steps = child.curves()["step"].to_numpy()
    assert (steps[0], steps[1], steps[-1], len(steps)) == (FORK, FORK + 5, WHOLE, 41)
    assert child.snapshot_steps().tolist() == [FORK, 300, WHOLE]
    assert child.spectrum_steps().tolist() == [FORK, WHOLE]
    record, first = child.record, child.curves().iloc[0]
    assert record["active_units_initial"] == first["active_units"]
    here, there = first["loss"], parent.curves().set_index("step").loc[FORK, "loss"]
    assert here == pytest.approx(there, rel=1e-5), "float32 then, float64 without noise"
    assert child.weights(FORK).biases.dtype == np.float64
    np.testing.assert_array_equal(child.weights(FORK).biases, parent.weights(FORK).biases)
    assert (parent.record["parent.run"], record["parent.run"]) == ("", parent.run_id)


def test_a_fork_of_a_fork(archive: Archive) -> None:
    parent = run_of(archive)
    child = execute(fork(parent.config, parent.run_id, FORK, NOISE_FREE), archive)
    longer = fork(child.config, child.run_id, WHOLE, {})
    assert (longer.parent.run, longer.schedule.steps) == (child.run_id, 2 * WHOLE)
    grandchild = execute(longer, archive)
    assert grandchild.curves()["step"].iloc[0] == WHOLE
    families = [archive.children(run.run_id) for run in (parent, child, grandchild)]
    assert [[run.run_id for run in family] for family in families] == [
        [child.run_id],
        [grandchild.run_id],
        [],
    ]


def test_children_in_progress_are_children(archive: Archive) -> None:
    parent = run_of(archive)
    done = execute(fork(parent.config, parent.run_id, FORK, NOISE_FREE), archive)
    config = fork(parent.config, parent.run_id, FORK, {"noise.update_scale": 0.1})
    writer = archive.writer(config, collection="live", name="")
    progress = archive.open_run(config.run_id).progress
    assert progress is not None
    assert (progress.first, progress.step, progress.share) == (FORK, FORK, 0)
    assert [run.run_id for run in archive.children(parent.run_id)] == [done.run_id, config.run_id]
    writer.finish(Status.CANCELLED)


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"parent.run": "0123456789ab"}, UnknownRun, "The parent run 0123456789ab is not in"),
        ({"parent.step": 250}, NotRecorded, "nearest snapshots are at step 200 and 400"),
        ({"parent.step": 700, "schedule.steps": 900}, NotRecorded, "snapshot is at step 400"),
        ({"task.input_dim": 7}, ConfigError, "task.input_dim: means 7 values in an input, but"),
        ({"task.output_dim": 7}, ConfigError, "task.output_dim: means 7"),
        ({"network.hidden_units": 11}, ConfigError, "network.hidden_units: means 11"),
        ({"network.activation": "tanh"}, ConfigError, "network.activation: 'tanh', but run"),
        ({"network.init": "lazy"}, ConfigError, "network.init: has no effect"),
        ({"task.kind": "ring"}, ConfigError, "model: is Similarity matching"),
    ],
)
def test_what_cannot_be_started_from_is_refused_before_anything_is_queued(
    archive: Archive, changes: dict[str, Any], error: type[DriftscapeError], said: str
) -> None:
    parent = run_of(archive)
    with pytest.raises(error, match=said) as refused:
        execute(fork(parent.config, parent.run_id, FORK, changes), archive)
    assert refused.value.subject
    assert archive.running() == []
    assert len(archive.runs(["run_id"])) == 1


def test_a_parent_without_any_snapshot_says_to_wait(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="live", name="")
    config = fork(writer.config, writer.run_id, 0, NOISE_FREE)
    with pytest.raises(NotRecorded, match="none yet"):
        execute(config, archive)
    writer.finish(Status.CANCELLED)


def test_a_rule_starts_with_what_its_own_kind_remembers(archive: Archive) -> None:
    adam = {"rule.kind": "adam", **NOISE_FREE}
    parent = execute(RunConfig.parse(FIELDS | adam), archive)
    remembered = parent.weights(FORK).rule_state
    assert any(np.any(array) for array in remembered.values())

    def start(changes: dict[str, Any]) -> dict[str, np.ndarray]:
        config = fork(parent.config, parent.run_id, FORK, changes)
        return dict(parent_state(model_of(config), archive).rule_state)

    same = start({"rule.learning_rate": 0.002})
    assert same.keys() == remembered.keys()
    assert all(np.array_equal(same[name], remembered[name]) for name in same)
    assert {array.dtype.name for array in start({"precision": "float32"}).values()} == {"float32"}
    assert start({"rule.kind": "rmsprop"}) == start({"rule.kind": "sgd"}) == {}


def test_the_start_of_a_stretch_comes_along_where_the_trajectory_goes_on(archive: Archive) -> None:
    assert FORK % STRETCH
    parent = run_of(archive)
    carried = parent.weights(FORK).rule_state
    assert list(carried) == list(carried_shapes(parent.config))
    assert carried[STEPS_SINCE_START] == FORK % STRETCH

    def start(changes: dict[str, Any]) -> NetworkState:
        forked = fork(parent.config, parent.run_id, FORK, changes)
        return parent_state(model_of(forked), archive)

    onward = start({"schedule.steps": 900})
    assert all((onward.rule_state[name] == carried[name]).all() for name in carried)
    for changes in (NOISE_FREE, {"seed": 5}, {"precision": "float64"}):
        forked = start(changes)
        assert forked.rule_state == {}
        assert (forked.biases == parent.weights(FORK).biases).all()


def test_weights_of_archives_from_before_rule_states(archive: Archive) -> None:
    run = write_run(archive, small_config(rule__kind="adam"))
    assert run.weights(10).rule_state == {}


def test_what_differs_in_words() -> None:
    parent = RunConfig.parse(FIELDS)

    def words(**changes: Any) -> list[str]:
        dotted = {name.replace("__", "."): value for name, value in changes.items()}
        return changes_in_words(parent, fork(parent, "0" * 12, FORK, dotted))

    assert words() == []
    assert words(noise__update_scale=0) == ["update noise s 0.05 → 0"]
    assert words(noise__update_scale=0, noise__label_scale=0.5, schedule__steps=1_000) == [
        "update noise s 0.05 → 0",
        "label noise 0 → 0.5",
    ]
    assert words(rule__kind="adam") == [
        "rule Gradient descent (SGD) → Adam",
        "learning rate 0.1 → 0.001",
    ]
    assert words(schedule__snapshots=9, schedule__curve_points=99) == []
    assert words(precision="float64") == ["precision float32 → float64"]


def test_the_length_in_words() -> None:
    assert "· 1 step ·" in RunConfig.parse({"schedule.steps": 1}).in_words()
    child = fork(RunConfig.parse(FIELDS), "0123456789ab", FORK, {})
    assert "· from step 200 of run 0123456789ab to step 400 ·" in child.in_words()


def test_only_length_and_recording_may_change_in_a_continuation() -> None:
    parent = RunConfig.parse(FIELDS)
    longer = {"schedule.steps": 900, "schedule.snapshots": 9}
    assert continues(parent, fork(parent, "0" * 12, FORK, longer))
    assert not continues(parent, fork(parent, "0" * 12, FORK, {"seed": 1}))


@pytest.mark.parametrize(("step", "steps"), [(0, 400), (200, 400), (201, 402), (400, 800)])
def test_a_fork_goes_on_at_least_as_long_as_its_parent_took(step: int, steps: int) -> None:
    assert fork(RunConfig.parse(FIELDS), "0" * 12, step, {}).schedule.steps == steps


@pytest.mark.parametrize("run_id", ["123456789012", "12345678e012", "000000000000"])
def test_an_id_that_looks_like_a_number_stays_an_id(run_id: str) -> None:
    config = fork(RunConfig.parse(FIELDS), run_id, FORK, {})
    assert config.parent.run == run_id
    assert config.with_values({"parent.run": run_id}) == config


def test_fits_of_a_child_count_time_from_the_fork(archive: Archive) -> None:
    """The same curve, once from step 0 and once from a fork: the same fit, steps apart."""
    recorded = {"schedule.steps": 1_000, "schedule.curve_points": 101}
    config = RunConfig.parse(FIELDS | recorded)
    late = fork(config, "0" * 12, 5_000, {"schedule.steps": 6_000})
    rows = []
    for own in (config, late):
        writer = archive.writer(own, collection="runs", name="")
        writer.start("compiled")
        time = np.linspace(0, 1_000, 101).round().astype(int)
        wiggle = 0.002 * np.sin(time)
        writer.append(
            "curves",
            step=time + own.parent.step,
            loss=np.full(101, 0.1),
            log10_normalized_loss=np.full(101, -1.0),
            active_fraction=0.1 + 0.8 * np.exp(-time / 100) + wiggle,
            active_units=0.1 + 0.8 * np.exp(-time / 100) + wiggle,
        )
        rows.append(writer.finish(Status.FINISHED).record)
    start, forked = rows
    for name in ("tau_steps", "log10_sparsification_rate", "fit_robust_floor"):
        assert forked[name] == pytest.approx(start[name])
    for name in ("fit_robust_onset_step", "fit_published_first_step", "fit_published_last_step"):
        assert forked[name] == pytest.approx(start[name] + 5_000)
    rate = 10 ** start["log10_sparsification_rate"]
    assert forked["fit_published_intercept"] == pytest.approx(
        start["fit_published_intercept"] + 5_000 * rate
    )
    assert start["learning_end_step"] is None
    assert forked["learning_end_step"] == 5_000, "it had learned before"
    assert 5_000 < forked["stationary_from_step"] < 6_000
