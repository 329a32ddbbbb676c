"""The overview: the picture, the cards, and an archive without runs."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from dash import html

from dashboard.base import ids
from dashboard.pages.overview import page_layout
from dashboard.pages.overview.hero import hero
from dashboard.pages.overview.hero_frames import COLUMNS, FRAMES, ROWS, hero_frames, pick_run
from dashboard.runs.store import RunStore
from dashboard.sweeps.table import SweepStore
from dashboard.urls import sweep_url
from simulation.archive import Archive, Run, Status
from simulation.recipes import recipe
from simulation.sweeps import keep_plan, read_plan
from tests.dashboard.page_helpers import by_id, components, text_of
from tests.simulation.archive_helpers import small_config, write_run


def page(archive: Archive) -> html.Div:
    return page_layout(RunStore(archive), SweepStore(archive))


def test_an_empty_archive_says_how_to_fill_it(archive: Archive) -> None:
    said = text_of(page(archive))
    assert "No runs here yet" in said
    assert "python -m simulation run" in said


def test_every_run_has_a_card_that_links_to_it(small_archive: Archive) -> None:
    runs = small_archive.runs(["run_id", "name"])
    links = {
        part.href
        for part in components(page(small_archive))
        if getattr(part, "className", None) == "card"
    }
    assert links == {f"/runs/{run_id}" for run_id in runs["run_id"]}
    assert all(name in text_of(page(small_archive)) for name in runs["name"])


def test_the_picture_is_the_run_with_a_position(small_archive: Archive, corridor: Run) -> None:
    frames = by_id(page(small_archive))[ids.HERO_FRAMES].data
    assert frames["steps"] == corridor.snapshot_steps().tolist()
    assert frames["words"][0].startswith("step 0 · ")


def test_the_paper_run_is_preferred(archive: Archive) -> None:
    corridor = {"task__kind": "corridor", "task__n_samples": 5}
    write_run(archive, small_config(**corridor), steps=(0, 1, 10))
    paper = recipe("corridor_phases").config
    writer = archive.writer(paper, collection="paper", name="Figure 2")
    writer.start("compiled")
    writer.append("curves", step=1, loss=0.1, log10_normalized_loss=-1.0, active_units=1.0)
    writer.finish(Status.CANCELLED)
    chosen = pick_run(RunStore(archive))
    assert chosen is not None
    assert chosen.run_id == paper.run_id


def test_without_a_run_with_a_position_there_is_no_picture(archive: Archive) -> None:
    write_run(archive)
    assert ids.HERO_FRAMES not in by_id(page(archive))


def test_the_frames_are_few_and_small(store: RunStore, corridor: Run) -> None:
    frames = hero_frames(store, corridor)
    assert len(frames.steps) <= FRAMES
    assert all(cells.dtype == np.uint8 for cells in frames.cells)
    assert all(cells.shape <= (ROWS, COLUMNS) for cells in frames.cells)
    sent = by_id(html.Div(hero(store, corridor)))[ids.HERO_FRAMES].data
    restored = np.frombuffer(base64.b64decode(sent["cells"][0]), np.uint8)
    np.testing.assert_array_equal(restored, frames.cells[0].ravel())


def test_survivors_are_on_top_in_the_order_of_their_final_peaks(
    store: RunStore, corridor: Run
) -> None:
    frames = hero_frames(store, corridor)
    last = frames.cells[-1]
    peaks = last[: frames.survivors].argmax(axis=1)
    assert (np.diff(peaks) >= 0).all()
    assert (last[frames.survivors :] == 0).all()


@pytest.mark.parametrize("status", list(Status))
def test_runs_in_every_state_are_listed(archive: Archive, status: Status) -> None:
    if status.in_progress:
        writer = archive.writer(small_config(), collection="live", name="going on")
        assert "going on" in text_of(page(archive))
        assert "Running now" in text_of(page(archive))
        writer.release()
    else:
        write_run(archive, collection="live", name="ended", status=status)
        assert status.value.replace("_", " ") in text_of(page(archive))


def test_a_collection_made_from_a_plan_is_one_card(archive: Archive) -> None:
    for seed in (0, 1):
        write_run(archive, small_config(seed=seed), collection="sed_random")
    keep_plan(archive, "sed_random", read_plan("sed_random"))
    links = [
        part.href
        for part in components(page(archive))
        if getattr(part, "className", None) == "card"
    ]
    assert links == [sweep_url("sed_random")]
    said = text_of(page(archive))
    assert "Stochastic error descent, random draws" in said
    assert "What varies: seed." in said
