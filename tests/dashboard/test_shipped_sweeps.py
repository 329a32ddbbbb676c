"""The sweeps that are shipped: complete, and readable from beginning to end."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from dashboard.pages.sweeps.layout import page_layout
from dashboard.pages.sweeps.paper.data import sweep_runs
from dashboard.pages.sweeps.paper.views import FIGURES
from dashboard.sweeps.table import SweepStore
from dashboard.urls import FigureView
from simulation.archive import Archive, Status
from simulation.sweeps import kept_plan, plan_names, read_plan

ARCHIVE = Path(__file__).resolve().parents[2] / "data" / "archive"
NOT_GIVEN = {
    "activations": {"noise", "kinds"},
    "figure4_noise": {"kinds"},
    "sed_random": {"noise", "kinds"},
    "figure5_update_vs_label": {"noise"},
}
"""Figures of the paper that a sweep does not give."""


@pytest.fixture(scope="module")
def store() -> SweepStore:
    return SweepStore(Archive.open(ARCHIVE))


@pytest.mark.parametrize("name", plan_names())
def test_every_planned_run_is_there_once_and_has_ended(store: SweepStore, name: str) -> None:
    plan = kept_plan(store.archive, name)
    assert plan is not None
    assert plan.text == read_plan(name).text
    runs = store.archive.runs(["run_id", "status"], name)
    assert Counter(runs["run_id"]) == Counter(config.run_id for config in plan.configs())
    assert all(Status(status).settled for status in runs["status"])


@pytest.mark.parametrize("name", plan_names())
def test_every_shipped_sweep_has_its_page_and_figures(store: SweepStore, name: str) -> None:
    assert page_layout(store, name, {}).children
    table = store.table(name)
    runs = sweep_runs(table, np.ones(len(table), np.bool_))
    hidden = {figure for figure in FIGURES if FIGURES[figure].why_not(runs)}
    assert hidden == NOT_GIVEN.get(name, set())
    for figure in FIGURES.keys() - hidden:
        drawing = FIGURES[figure].draw(runs, FigureView(figure), store.archive.thumbnails)
        assert drawing.said
        assert drawing.figure.data


@pytest.mark.parametrize("name", plan_names())
def test_a_run_of_a_pack_is_opened(store: SweepStore, name: str) -> None:
    run = store.archive.open_run(read_plan(name).configs()[-1].run_id)
    curves = run.curves()
    assert curves["step"].is_monotonic_increasing
    assert run.weights(run.snapshot_steps()[-1]).step == run.snapshot_steps()[-1]
