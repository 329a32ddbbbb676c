"""What is recorded, when, and that recording leaves no trace on the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulation.archive import Archive, Run
from simulation.config import RunConfig
from simulation.config.schedule import (
    curve_steps,
    even_curve_steps,
    first_and_last_tenth,
    hessian_steps,
    snapshot_steps,
)
from simulation.errors import NotRecorded
from simulation.metrics.population import population_vector_correlation, rate_map_correlation
from simulation.metrics.spatial import tuned_units
from simulation.models.feedforward import initial_state
from simulation.recording import map_history
from simulation.running import trainable_of
from simulation.running.run import execute
from simulation.tasks import make_dataset

CORRIDOR: dict[str, Any] = {
    "task.kind": "corridor",
    "task.n_samples": 30,
    "network.hidden_units": 12,
    "noise.update_scale": 0.05,
    "schedule.steps": 300,
    "schedule.curve_points": 20,
    "schedule.snapshots": 6,
    "schedule.hessian_snapshots": 3,
}
SAMPLES = CORRIDOR | {"task.kind": "smoothed_random", "task.n_samples": 5}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    archive = Archive.open(tmp_path_factory.mktemp("archive"), create=True)
    configs = {"corridor": CORRIDOR, "samples": SAMPLES}
    return {name: execute(RunConfig.parse(fields), archive) for name, fields in configs.items()}


@pytest.fixture(params=["corridor", "samples"])
def run(request: pytest.FixtureRequest, runs: dict[str, Run]) -> Run:
    return runs[request.param]


def test_everything_is_recorded_at_its_steps(run: Run) -> None:
    schedule = run.config.schedule
    assert run.curves()["step"].tolist() == curve_steps(schedule).tolist()
    assert run.snapshot_steps().tolist() == snapshot_steps(schedule).tolist()
    assert run.snapshots()["step"].tolist() == snapshot_steps(schedule).tolist()
    assert run.spectrum_steps().tolist() == hessian_steps(schedule).tolist()
    for step in run.snapshot_steps():
        for source in run.sources():
            maps = run.rate_maps(step, source)
            places = len(run.places(source))
            assert maps.maps.shape == (run.config.network.hidden_units, places)


def test_sources(runs: dict[str, Run]) -> None:
    assert runs["corridor"].sources() == ["evaluation", "training"]
    assert runs["samples"].sources() == ["samples"]
    assert len(runs["corridor"].places("evaluation")) == 200
    assert runs["corridor"].places("evaluation")["occupancy"].sum() == pytest.approx(1)
    assert len(runs["samples"].places("samples")) == 5


def test_recording_leaves_no_trace_on_the_run(run: Run) -> None:
    config = run.config
    engine = trainable_of(config).engine("compiled", make_dataset(config))
    alone = engine.advance(initial_state(config), config.schedule.steps)
    recorded = run.weights(config.schedule.steps)
    for name in ("input_weights", "biases", "output_weights"):
        np.testing.assert_array_equal(getattr(recorded, name), getattr(alone, name), strict=True)


def test_a_snapshot_is_enough_to_continue_bit_for_bit(run: Run) -> None:
    config = run.config
    engine = trainable_of(config).engine("compiled", make_dataset(config))
    middle, last = run.snapshot_steps()[-2:]
    continued = engine.advance(run.weights(middle), int(last - middle))
    np.testing.assert_array_equal(continued.input_weights, run.weights(last).input_weights)


def test_curves_and_snapshots_agree(runs: dict[str, Run]) -> None:
    run = runs["corridor"]
    curves = run.curves().set_index("step")
    for step in np.intersect1d(curves.index, run.snapshot_steps()):
        information = run.rate_maps(step, "evaluation").spatial_information
        tuned = tuned_units(information)
        assert curves.loc[step, "tuned_units"] == pytest.approx(tuned.mean())
        mean = information[tuned].mean()
        assert curves.loc[step, "mean_spatial_information_bits"] == pytest.approx(mean)
    assert run.snapshots()["position_error"].between(0, 14).all()


def test_a_task_without_a_position_has_no_spatial_numbers(runs: dict[str, Run]) -> None:
    run = runs["samples"]
    assert run.curves()[["tuned_units", "mean_spatial_information_bits"]].isna().all(axis=None)
    assert run.snapshots()["position_error"].isna().all()
    maps = run.rate_maps(0, "samples")
    active = (maps.maps > 0).any(axis=1).mean()
    assert run.curves()["active_units"].iloc[0] == pytest.approx(active)


def test_every_pair_of_snapshots_is_correlated(run: Run) -> None:
    steps = run.snapshot_steps()
    correlations = run.correlations()
    assert len(correlations) == len(steps) * (len(steps) + 1) // 2
    same = correlations[correlations["step_a"] == correlations["step_b"]]
    assert same["rate_map_correlation"].to_numpy() == pytest.approx(1)
    source = run.sources()[0]
    for row in correlations.itertuples():
        a, b = (run.rate_maps(step, source) for step in (row.step_a, row.step_b))
        assert row.population_vector_correlation == pytest.approx(
            population_vector_correlation(a.maps, b.maps)
        )
        if source == "evaluation":
            tuned = [tuned_units(maps.spatial_information) for maps in (a, b)]
            assert row.rate_map_correlation == pytest.approx(
                rate_map_correlation(a.maps, b.maps, *tuned)
            )
            assert row.tuned_both == (tuned[0] & tuned[1]).sum()


def test_spectra_and_their_numbers_agree(run: Run) -> None:
    snapshots = run.snapshots().set_index("step")
    for step in run.snapshot_steps():
        row = snapshots.loc[step]
        if step not in run.spectrum_steps():
            assert np.isnan(row["hessian_trace"])
            with pytest.raises(NotRecorded, match="3 of the snapshots only"):
                run.spectrum(step)
            continue
        spectrum = run.spectrum(step)
        assert len(spectrum.eigenvalues) + spectrum.exact_zeros == run.config.parameter_count
        assert row["hessian_trace"] == pytest.approx(spectrum.eigenvalues.sum())
        assert row["hessian_largest"] == pytest.approx(spectrum.eigenvalues[-1])
        assert row["hessian_exact_zeros"] == spectrum.exact_zeros


def test_the_trace_is_recorded_with_the_curves(run: Run) -> None:
    curves = run.curves().set_index("step")
    snapshots = run.snapshots().set_index("step").loc[run.spectrum_steps()]
    assert curves["hessian_trace"].notna().all()
    both = np.intersect1d(curves.index, snapshots.index)
    assert len(both) >= 2
    for step in both:
        trace = snapshots.loc[step, "hessian_trace"]
        assert curves.loc[step, "hessian_trace"] == pytest.approx(trace, rel=1e-12)
    recorded = curves["hessian_largest"].dropna()
    published = first_and_last_tenth(even_curve_steps(run.config.schedule))
    assert recorded.index.tolist() == sorted({*published[0].tolist(), *published[1].tolist()})
    assert recorded[0] == pytest.approx(snapshots.loc[0, "hessian_largest"], rel=1e-9)


def test_an_oversized_hessian_keeps_trace_and_largest(tmp_path: Path) -> None:
    config = RunConfig.parse(SAMPLES | {"schedule.hessian_limit": 2})
    run = execute(config, Archive.open(tmp_path, create=True))
    assert run.snapshots()["hessian_trace"].notna().sum() == 3
    assert run.spectrum_steps().tolist() == []
    assert "over the limit" in run.reasons["positive_eigenvalue_fraction"]
    assert run.record["hessian_trace_ratio"] is not None


def test_maps_beyond_the_memory_limit_wait_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: dict[str, Run]
) -> None:
    monkeypatch.setattr(map_history, "EARLIER_MAPS_BYTES", 0)
    run = execute(RunConfig.parse(CORRIDOR), Archive.open(tmp_path, create=True))
    expected = runs["corridor"].correlations()
    assert run.correlations().equals(expected)


def test_at_most_a_thousand_samples_are_shown(tmp_path: Path) -> None:
    fields = SAMPLES | {"task.n_samples": 2_500, "schedule.steps": 2, "schedule.snapshots": 2}
    config = RunConfig.parse(fields | {"schedule.hessian_snapshots": 0})
    run = execute(config, Archive.open(tmp_path, create=True))
    assert run.rate_maps(0, "samples").maps.shape == (12, 1_000)
    assert run.places("samples")["bin"].tolist() == list(range(1_000))
