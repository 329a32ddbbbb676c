"""One unit through time: in units of activity, on one scale."""

from __future__ import annotations

import numpy as np

from dashboard.pages.run.panels.unit import UnitHistory, unit_figure, unit_history
from dashboard.runs.store import RunStore
from simulation.archive import Run
from tests.dashboard.figure_samples import CORRIDOR, TRACK


def test_one_unit_through_time_is_in_units_of_activity(store: RunStore, random_run: Run) -> None:
    steps = random_run.snapshot_steps().tolist()
    frames = [store.frame(random_run, step, "samples") for step in steps]
    history = unit_history(frames, 3)
    recorded = np.array([random_run.rate_maps(step, "samples").maps[3] for step in steps])
    silent = (recorded == 0).all(axis=1)
    np.testing.assert_allclose(history.maps[~silent], recorded[~silent], rtol=1e-5)
    assert np.isnan(history.maps[silent]).all()


def test_one_unit_is_drawn_on_one_scale_with_gaps_where_it_is_silent() -> None:
    maps = np.array([[1.0, 0, 0, 0] * 2, [np.nan] * 8, [0, 2.0, 0, 0] * 2], np.float32)
    history = UnitHistory([0, 10, 100], maps, np.array([1.0, np.nan, 1.0]))
    cells = np.asarray(unit_figure(history, CORRIDOR, TRACK).data[0].z)
    assert cells.shape == (8, 3)
    assert (cells[:, 1] == 0).all()
    assert (cells[0, 0], cells[1, 2]) == (128, 255)
