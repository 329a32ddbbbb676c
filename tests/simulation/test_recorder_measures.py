"""What is recorded of other activations, of several arenas, and of changed scenery."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.archive import Archive, Run, Status
from simulation.config import FeedforwardConfig, RunConfig
from simulation.config.schedule import centroid_steps
from simulation.metrics.centroids import centroids, track_of
from simulation.metrics.loss import log10_normalized_loss, mean_squared_error
from simulation.metrics.population import population_vector_correlation, rate_map_correlation
from simulation.metrics.spatial import tuned_units
from simulation.models.activations import ACTIVATIONS
from simulation.models.feedforward import hidden_activity, initial_state
from simulation.recording.probe import Probe
from simulation.recording.sources import walk_sources
from simulation.running.run import execute
from simulation.tasks import make_dataset, make_evaluation, make_morphed

CORRIDOR: dict[str, Any] = {
    "task.kind": "corridor",
    "task.n_samples": 30,
    "network.hidden_units": 12,
    "noise.update_scale": 0.05,
    "schedule.steps": 60,
    "schedule.curve_points": 12,
    "schedule.snapshots": 3,
    "schedule.hessian_snapshots": 2,
}
TWO = CORRIDOR | {"task.environments": 2}
PROBED = TWO | {"probe.morphs": 2}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return Archive.open(tmp_path_factory.mktemp("archive"), create=True)


def run_of(archive: Archive, fields: dict[str, Any]) -> Run:
    run = execute(RunConfig.parse(fields), archive)
    assert run.status is Status.FINISHED
    return run


def of_units(run: Run, units: str) -> pd.DataFrame:
    """What was probed of these units: all or trained."""
    rows = run.probes()
    return rows[rows["units"] == units]


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("kind", ["corridor", "smoothed_random"])
def test_activity_by_the_activations_own_definition(
    archive: Archive, activation: str, kind: str
) -> None:
    run = run_of(archive, CORRIDOR | {"task.kind": kind, "network.activation": activation})
    inputs, curves = make_dataset(run.config).inputs, run.curves().set_index("step")
    sigma = ACTIVATIONS[activation]
    for step in (0, 60):
        state = run.weights(step)
        assert state.activation == activation
        active = sigma.active(hidden_activity(state, inputs))
        assert curves.loc[step, "active_fraction"] == active.mean()
        assert curves.loc[step, "active_units"] == active.any(axis=1).mean()
    assert run.record["hessian_trace_ratio"] is not None
    maps, first = run.rate_maps(60, run.sources()[0]), run.correlations().iloc[-1]
    informative = kind == "corridor" and not sigma.can_be_negative
    assert np.isfinite(maps.spatial_information).any() == informative
    assert curves["tuned_units"].notna().all() == informative
    tuned = tuned_units(maps.spatial_information)
    expected = tuned if informative else sigma.active(maps.maps).any(axis=1)
    assert first["tuned_both"] == expected.sum()
    if kind == "corridor" and not informative:
        assert "can be negative" in run.reasons["mean_spatial_information_final"]


def test_a_quiet_network_of_another_activation_goes_on(archive: Archive) -> None:
    """Below its threshold a sigmoid still contributes and learns: the run has not ended."""
    fields = {"task.kind": "random", "task.input_dim": 1, "task.n_samples": 1, "seed": 21}
    quiet = {"network.activation": "sigmoid", "network.hidden_units": 1, "schedule.steps": 3}
    run = run_of(archive, CORRIDOR | fields | quiet)
    assert (run.curves()["active_units"] == 0).all()
    rectified = execute(run.config.with_values({"network.activation": "relu"}), archive)
    assert rectified.status is Status.ALL_UNITS_SILENT


def test_maps_of_every_arena(archive: Archive) -> None:
    run = run_of(archive, TWO)
    assert run.sources() == ["evaluation-1", "evaluation-2", "training-1", "training-2"]
    for source in run.sources():
        assert run.places(source)["occupancy"].sum() == pytest.approx(1)
        assert run.rate_maps(0, source).maps.shape == (12, 200)
    correlations = run.correlations()
    assert set(correlations["source"]) == {"evaluation-1", "evaluation-2"}
    assert len(correlations) == 2 * 6
    steps, curves = run.snapshot_steps(), run.curves().set_index("step")
    for step in np.intersect1d(steps, curves.index):
        maps = [run.rate_maps(step, f"evaluation-{n}") for n in (1, 2)]
        information = np.concatenate([one.spatial_information for one in maps])
        tuned = tuned_units(information)
        assert curves.loc[step, "tuned_units"] == pytest.approx(tuned.mean())
        mean = information[tuned].mean()
        assert curves.loc[step, "mean_spatial_information_bits"] == pytest.approx(mean)
        across = rate_map_correlation(
            maps[0].maps, maps[1].maps, *(tuned_units(one.spatial_information) for one in maps)
        )
        row = run.snapshots().set_index("step").loc[step]
        assert row["across_arenas_correlation"] == pytest.approx(across)
        assert 0 < row["position_error"] < 14
    assert run.probes().empty


def test_centroids_of_tuned_units_in_every_arena(archive: Archive) -> None:
    run = run_of(archive, TWO)
    rows, track = run.centroids(), track_of(run.config.task)
    assert track is not None
    steps = centroid_steps(run.config.schedule).tolist()
    assert rows["step"].tolist() == [step for step in steps for _ in range(2)]
    sources = walk_sources("evaluation", run.config, make_evaluation(run.config))
    for row in rows[rows["step"].isin(run.snapshot_steps())].itertuples():
        source = next(one for one in sources if one.name == row.source)
        recorded = run.rate_maps(row.step, row.source)
        expected = centroids(recorded.maps, source.at, track)
        expected[~tuned_units(recorded.spatial_information)] = np.nan
        np.testing.assert_allclose(row.centroids, expected.ravel(), rtol=1e-6)


def test_one_arena_is_not_compared_with_itself(archive: Archive) -> None:
    run = run_of(archive, CORRIDOR)
    assert run.snapshots()["across_arenas_correlation"].isna().all()
    assert run.sources() == ["evaluation", "training"]


@pytest.mark.parametrize(
    "fields", [PROBED, CORRIDOR | {"task.kind": "abstract_predictive", "probe.morphs": 2}]
)
def test_changed_scenery(archive: Archive, fields: dict[str, Any]) -> None:
    run = run_of(archive, fields)
    probes = of_units(run, "all").set_index(["step", "morph"])
    steps = run.snapshot_steps().tolist()
    assert probes.index.tolist() == [(step, morph) for step in steps for morph in (0, 0.5, 1)]
    state, evaluation = run.weights(steps[-1]), make_evaluation(run.config)
    assert evaluation is not None
    familiar = probes.loc[(steps[-1], 0)]
    assert familiar["loss"] == pytest.approx(mean_squared_error(state, evaluation))
    assert familiar["rate_map_correlation"] == pytest.approx(1)
    assert familiar["population_vector_correlation"] == pytest.approx(1)
    morphed = make_morphed(run.config, 1.0)
    changed, loss = probes.loc[(steps[-1], 1)], mean_squared_error(state, morphed)
    assert changed["loss"] == pytest.approx(loss)
    expected = log10_normalized_loss(loss, morphed.targets)
    assert changed["log10_normalized_loss"] == pytest.approx(expected)
    assert (probes["rate_map_correlation"].xs(1, level="morph") < 0.999).all()
    assert (probes["tuned_both"] <= 12 * run.config.arenas).all()


def test_units_that_training_does_not_shape_are_told_apart() -> None:
    """Half of the units are silent on the training samples, and fire elsewhere."""
    fields = CORRIDOR | {"probe.morphs": 1, "network.hidden_units": 12}
    config = RunConfig.parse(fields)
    assert isinstance(config, FeedforwardConfig)
    dataset, evaluation = make_dataset(config), make_evaluation(config)
    assert evaluation is not None
    state = initial_state(config)
    drive = (state.input_weights @ dataset.inputs.T).max(axis=1)
    biases = np.where(np.arange(12) % 2 == 0, -drive - 1e-3, state.biases)
    state = replace(state, biases=biases.astype(state.biases.dtype))
    silent = ~(hidden_activity(state, dataset.inputs) > 0).any(axis=1)
    assert 6 <= silent.sum() < 12
    rows = pd.DataFrame(Probe(config, dataset).measure(state))
    assert rows["units"].tolist() == ["all", "all", "trained", "trained"]
    cut = replace(state, output_weights=np.where(silent, 0, state.output_weights))
    losses = [mean_squared_error(one, evaluation) for one in (state, cut)]
    assert losses[0] != losses[1]
    np.testing.assert_allclose(rows[rows["morph"] == 0]["loss"], losses, rtol=1e-5)
    nothing = replace(state, biases=np.full_like(state.biases, -1e3))
    assert Probe(config, dataset).measure(nothing)["units"] == ["all", "all"]


def test_probing_leaves_no_trace_on_the_run(archive: Archive) -> None:
    probed, plain = run_of(archive, PROBED), run_of(archive, TWO)
    assert probed.curves().equals(plain.curves())
    assert probed.correlations().equals(plain.correlations())
    for name in ("input_weights", "biases", "output_weights"):
        a, b = (getattr(run.weights(60), name) for run in (probed, plain))
        np.testing.assert_array_equal(a, b, strict=True)


def test_remapping_grows_with_the_change_of_scenery(tmp_path: Path) -> None:
    fields = CORRIDOR | {"schedule.steps": 3_000, "noise.update_scale": 0.01, "probe.morphs": 4}
    run = run_of(Archive.open(tmp_path, create=True), fields)
    probes = of_units(run, "trained")
    last = probes[probes["step"] == 3_000]
    for column in ("rate_map_correlation", "population_vector_correlation"):
        assert (np.diff(last[column]) < 0).all()
    assert (np.diff(last["loss"]) > 0).all()


def test_an_archive_without_probes_says_so_with_an_empty_table() -> None:
    """Runs of earlier versions have neither the table nor the newer columns."""
    old = Archive.open("data/archive").open_run("e0a959685c6b")
    assert old.probes().empty
    assert old.probes().columns.tolist()[:2] == ["step", "morph"]
    assert {"hessian_trace", "hessian_largest"} <= set(old.curves().columns)


def test_arenas_are_averaged_place_by_place(archive: Archive) -> None:
    run = run_of(archive, PROBED)
    state, step = run.weights(60), 60
    evaluation, morphed = make_evaluation(run.config), make_morphed(run.config, 0.5)
    assert evaluation is not None
    pairs = zip(
        walk_sources("evaluation", run.config, evaluation),
        walk_sources("evaluation", run.config, morphed),
        strict=True,
    )
    each = [population_vector_correlation(a.maps(state), b.maps(state)) for a, b in pairs]
    probes = of_units(run, "all").set_index(["step", "morph"])
    got = probes.loc[(step, 0.5), "population_vector_correlation"]
    assert got == pytest.approx(np.mean(each))
