"""From the archive to tables: exact on what is recorded, and bounded in size."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.runs import fits, queries
from dashboard.runs.frames import build_frame
from dashboard.runs.store import RunStore
from dashboard.runs.tuning import MapTrack
from simulation.archive import Archive, RateMaps, Run, Status
from simulation.errors import UnknownRun
from tests.simulation.archive_helpers import small_config, write_run


def test_limits_of_a_run_with_a_position(corridor: Run) -> None:
    limits = queries.limits(corridor)
    assert limits.steps == corridor.snapshot_steps().tolist()
    assert limits.sources == ["evaluation", "training"]
    assert limits.units == 24


def test_limits_of_a_run_without_a_position(random_run: Run) -> None:
    assert queries.limits(random_run).sources == ["samples"]
    assert queries.track(random_run, "samples") == MapTrack(0)


def test_the_corridor_is_a_two_way_track(corridor: Run) -> None:
    assert queries.track(corridor, "evaluation") == MapTrack(2, circular=False)
    assert queries.track(corridor, "training") == MapTrack(2, circular=False)


def test_a_frame_tells_how_active_each_unit_is() -> None:
    maps = np.array([[0, 2, np.nan, 4], [0, 0, np.nan, 0]], np.float32)
    information = np.array([0.5, np.nan])
    built = build_frame(RateMaps(7, "evaluation", maps, information), MapTrack(0))
    np.testing.assert_allclose(built.mean_activity, [2, 0])
    np.testing.assert_allclose(built.active_share, [2 / 3, 0], rtol=1e-6)
    np.testing.assert_array_equal(built.peak, [4, np.nan])
    np.testing.assert_array_equal(built.information, information)


def test_long_curves_are_thinned_with_both_ends(
    corridor: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MAX_CURVE_POINTS", 10)
    steps = queries.curves(corridor)["step"]
    assert len(steps) == 10
    assert (steps.iloc[0], steps.iloc[-1]) == (0, 20_000)


def test_fitted_curves_follow_the_record(archive: Archive) -> None:
    run = write_run(archive)
    run.record.update(
        tau_steps=100.0,
        tau_verdict="identified",
        fit_robust_onset_step=50.0,
        fit_robust_floor=0.2,
        fit_robust_amplitude=0.6,
        log10_sparsification_rate=-2.0,
        fit_published_intercept=0.0,
        fit_published_floor=0.1,
        fit_published_first_step=0,
        fit_published_last_step=200,
        steps_reached=1_000,
    )
    robust, published = fits.fit_curves(run)
    expected = 0.2 + 0.6 * np.exp(-np.maximum(robust.steps - 50, 0) / 100)
    np.testing.assert_allclose(robust.values, expected)
    np.testing.assert_allclose(published.values, 0.1 + np.exp(-published.steps / 100))
    assert (robust.steps[[0, -1]].tolist(), published.steps[[0, -1]].tolist()) == (
        [0, 1_000],
        [0, 200],
    )


def test_without_fits_there_is_no_curve(archive: Archive) -> None:
    run = write_run(archive)
    assert run.record["tau_steps"] is None
    assert fits.fit_curves(run) == []


def test_a_settled_run_is_opened_once_and_a_cut_one_anew(archive: Archive) -> None:
    store = RunStore(archive)
    done = write_run(archive, small_config(seed=1))
    cut = write_run(archive, small_config(seed=2), status=Status.CANCELLED)
    assert store.open(done.run_id) is store.open(done.run_id)
    assert store.open(cut.run_id) is not store.open(cut.run_id)


def test_an_unknown_run_is_named(store: RunStore) -> None:
    with pytest.raises(UnknownRun, match="0123456789ab"):
        store.open("0123456789ab")
