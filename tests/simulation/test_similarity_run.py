"""Runs of the similarity-matching network: the three phases, and what is archived of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulation.archive import Archive, Run, Status
from simulation.config import SimilarityConfig
from simulation.config.schedule import MOST_CENTROIDS, centroid_steps, curve_steps, snapshot_steps
from simulation.metrics.similarity import similarity_mismatch
from simulation.metrics.spatial import places
from simulation.models.similarity import SimilarityState, initial_state, responses
from simulation.recipes import recipe
from simulation.recording.similarity import SOURCE, measured_inputs
from simulation.running import trainable_of
from simulation.running.run import execute
from simulation.tasks import make_dataset
from tests.simulation.similarity_helpers import arrays
from tests.small_runs import RING


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    archive = Archive.open(tmp_path_factory.mktemp("archive"), create=True)
    return execute(RING, archive)


def test_the_three_phases_come_out(run: Run) -> None:
    """Figure 4C: a quick fall of the mismatch, then of active units, then wandering tuning."""
    record, curves = run.record, run.curves().set_index("step")
    assert run.status is Status.FINISHED
    assert record["learning_end_step"] < 600
    assert record["learning_end_step"] < record["stationary_from_step"] < 4_000
    assert curves["active_units"].iloc[0] == 1
    assert curves["active_units"].loc[6_000:].mean() < 0.75
    late = curves["log10_normalized_loss"].loc[6_000:]
    assert late.mean() < curves["log10_normalized_loss"].iloc[0] - 0.02
    assert abs(late.loc[:9_000].mean() - late.loc[9_000:].mean()) < 0.01
    correlations = run.correlations().set_index(["step_a", "step_b"])
    first, last = run.snapshot_steps()[-3], run.snapshot_steps()[-1]
    assert correlations.loc[(first, last), "population_vector_correlation"] < 0.7
    assert record["centroid_diffusion_low"] > 0


def test_place_fields_from_grid_cells_go_through_them_too(tmp_path: Path) -> None:
    shorter = {"schedule.steps": 6_000, "schedule.curve_points": 200, "network.hidden_units": 100}
    run = execute(
        recipe("similarity_grid").config.with_values(shorter), Archive.open(tmp_path, create=True)
    )
    record = run.record
    assert record["learning_end_step"] < 100
    assert record["learning_end_step"] < record["stationary_from_step"] < 2_000
    assert record["active_units_initial"] > 0.85
    assert record["active_units_final"] < 0.8
    first, last = run.snapshot_steps()[-2:]
    alike = run.correlations().set_index(["step_a", "step_b"])["population_vector_correlation"]
    assert alike.loc[(first, last)] < 0.8
    assert record["centroid_diffusion_low"] > 0


def test_everything_is_recorded_at_its_steps(run: Run) -> None:
    schedule = run.config.schedule
    assert run.curves()["step"].tolist() == curve_steps(schedule).tolist()
    assert run.snapshot_steps().tolist() == snapshot_steps(schedule).tolist()
    centroids = run.centroids()
    assert centroids["step"].tolist() == centroid_steps(schedule).tolist()
    assert len(centroids) <= MOST_CENTROIDS
    assert set(centroids["step"]) <= set(run.curves()["step"])
    assert run.sources() == [SOURCE]
    assert run.rate_maps(0, SOURCE).maps.shape == (60, 100)
    assert run.spectrum_steps().tolist() == []


def test_curves_are_what_the_weights_say(run: Run) -> None:
    curves, inputs = run.curves().set_index("step"), make_dataset(run.config).inputs
    step = int(run.snapshot_steps()[-1])
    state = run.weights(step)
    assert isinstance(state, SimilarityState)
    activity = responses(state, inputs)
    row = curves.loc[step]
    assert row["loss"] == pytest.approx(similarity_mismatch(inputs, activity))
    assert row["active_fraction"] == pytest.approx((activity > 0).mean())
    assert row["active_units"] == pytest.approx((activity > 0).any(axis=1).mean())
    np.testing.assert_allclose(run.rate_maps(step, SOURCE).maps, activity, rtol=1e-6, atol=1e-7)
    where = np.array(run.centroids().set_index("step").loc[step, "centroids"])
    assert (np.isfinite(where) == (activity > 0).any(axis=1)).mean() > 0.95


def test_recording_leaves_no_trace_on_the_run(run: Run) -> None:
    config = run.config
    assert isinstance(config, SimilarityConfig)
    engine = trainable_of(config).engine("compiled", make_dataset(config))
    alone = engine.advance(initial_state(config), config.schedule.steps)
    recorded = run.weights(config.schedule.steps)
    for a, b in zip(arrays(recorded), arrays(alone), strict=True):
        np.testing.assert_array_equal(a, b, strict=True)


def test_a_snapshot_continues_bit_for_bit(run: Run) -> None:
    config = run.config
    engine = trainable_of(config).engine("compiled", make_dataset(config))
    middle, last = (int(step) for step in run.snapshot_steps()[-2:])
    continued = engine.advance(run.weights(middle), last - middle)
    for a, b in zip(arrays(continued), arrays(run.weights(last)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_fork_goes_on_with_its_own_dynamics(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, create=True)
    short = {"schedule.steps": 300, "schedule.curve_points": 20, "schedule.snapshots": 3}
    parent = execute(RING.with_values(short), archive)
    origin = {"parent.run": parent.run_id, "parent.step": 300, "schedule.steps": 600}
    longer = execute(RING.with_values(short | {"schedule.steps": 600}), archive)
    same = execute(parent.config.with_values(origin), archive)
    for a, b in zip(arrays(same.weights(600)), arrays(longer.weights(600)), strict=True):
        np.testing.assert_array_equal(a, b)
    raised = execute(parent.config.with_values(origin | {"network.threshold": 0.05}), archive)
    start = raised.curves().iloc[0]
    assert start["step"] == 300
    assert start["active_fraction"] < parent.curves()["active_fraction"].iloc[-1] - 0.05
    assert raised.weights(600).network.threshold == 0.05


def test_without_noise_units_fall_silent_no_further(tmp_path: Path) -> None:
    quiet = {"rule.feedforward_noise": 0, "rule.lateral_noise": 0, "schedule.steps": 400}
    config = RING.with_values(quiet | {"schedule.curve_points": 20, "schedule.snapshots": 2})
    assert config.precision == "float64"
    run = execute(config, Archive.open(tmp_path, create=True))
    assert run.status is Status.FINISHED
    assert run.weights(400).lateral_weights.dtype == np.float64


def test_a_cancelled_run_can_be_gone_on_from_where_it_stood(tmp_path: Path) -> None:
    asked = iter([None] * 20)
    run = execute(
        RING, Archive.open(tmp_path, create=True), stop=lambda: next(asked, Status.CANCELLED)
    )
    assert run.status is Status.CANCELLED
    assert run.snapshot_steps()[-1] == run.curves()["step"].max() == run.record["steps_reached"]


def test_inputs_are_measured_evenly() -> None:
    assert measured_inputs(7).tolist() == list(range(7))
    chosen = measured_inputs(628)
    assert len(chosen) == 200
    assert set(np.diff(chosen)) == {3, 4}
    walk = make_dataset(recipe("similarity_ring").config).walk
    assert walk is not None
    assert (np.bincount(places(walk.at(chosen)).index) == 2).all()


@pytest.mark.parametrize("name", ["similarity_ring", "similarity_grid"])
def test_recipes(name: str) -> None:
    config = recipe(name).config
    assert isinstance(config, SimilarityConfig)
    assert config.network.hidden_units == 200
