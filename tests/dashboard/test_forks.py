"""Forks as the dashboard offers and shows them: the menu, its links, the lineage, the figures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from dash import html

from dashboard import urls
from dashboard.base import ids
from dashboard.jobs.forks import forks_of, free_link, run_title
from dashboard.pages.live.start import read_start
from dashboard.pages.run.forking import offers, start
from dashboard.pages.run.layout import page_layout
from dashboard.pages.run.look import Look
from dashboard.pages.run.panels import loss
from dashboard.pages.run.sections import SECTIONS
from dashboard.runs import fits, queries
from dashboard.runs.fits import Phases, phase_lines
from dashboard.runs.lineage import lineage
from dashboard.runs.store import RunStore
from dashboard.runs.time_axis import TimeAxis, phase_spans
from dashboard.services import Services
from dashboard.settings import read_settings
from simulation.archive import Archive, Run, Status
from simulation.config import RunConfig
from simulation.errors import NotRecorded, UnknownRun
from simulation.running.lineage import fork
from simulation.running.run import execute
from tests.dashboard.fakes import FakeLauncher
from tests.dashboard.page_helpers import by_id, components, text_of
from tests.small_runs import CORRIDOR

SETTINGS = read_settings({})
SHORT = {
    "schedule.snapshots": 4,
    "schedule.snapshot_spacing": "linear",
    "schedule.curve_points": 40,
    "schedule.hessian_snapshots": 0,
}


@dataclass
class Launched(FakeLauncher):
    """Remembers what it was asked to launch."""

    runs: list[tuple[RunConfig, str]] = field(default_factory=list)

    def launch(self, config: RunConfig, name: str) -> str:  # type: ignore[override]
        self.runs.append((config, name))
        return config.run_id


@pytest.fixture
def family(archive: Archive) -> tuple[RunStore, Run, Run]:
    """A corridor run, and what came of it once its noise was switched off half-way."""
    config = CORRIDOR.with_values({**SHORT, "schedule.steps": 2_000})
    parent = execute(config, archive, name="noisy corridor")
    step = int(parent.snapshot_steps()[-2])
    silent = fork(parent.config, parent.run_id, step, {"noise.update_scale": 0})
    child = execute(silent, archive, name="quiet corridor")
    return RunStore(archive), parent, child


def offered(config: RunConfig, archive: Archive) -> dict[str, dict[str, Any]]:
    """What each fork offered for a run of `config` changes, by its key."""
    writer = archive.writer(config, collection="runs", name="")
    run = writer.finish(Status.FINISHED)
    base = config.values()
    return {
        fork.key: {
            path: value
            for path, value in fork.config.values().items()
            if base.get(path) != value and not path.startswith(("parent", "schedule", "precision"))
        }
        for fork in forks_of(run, 100, SETTINGS)
    }


def test_what_is_offered_depends_on_the_noise_there_is(archive: Archive) -> None:
    noisy = RunConfig.parse({"noise.update_scale": 0.04, "noise.input_scale": 0.2})
    assert offered(noisy, archive) == {
        "off": {"noise.update_scale": 0, "noise.input_scale": 0},
        "half": {"noise.update_scale": 0.02, "noise.input_scale": 0.1},
        "label": {"noise.update_scale": 0, "noise.input_scale": 0, "noise.label_scale": 0.5},
        "longer": {},
    }
    assert offered(RunConfig.parse({"rule.kind": "adam"}), archive) == {
        "label": {"noise.label_scale": 0.5},
        "update": {"noise.update_scale": 0.03},
        "longer": {},
    }
    off = {"rule.feedforward_noise": 0, "rule.lateral_noise": 0}
    assert offered(RunConfig.parse({"task.kind": "ring"}), archive)["off"] == off
    assert set(offered(RunConfig.parse({"task.kind": "ring", **off}), archive)) == {
        "noise",
        "longer",
    }


def test_the_link_of_a_fork_fills_in_the_form(family: tuple[RunStore, Run, Run]) -> None:
    store, parent, _ = family
    for choice in forks_of(parent, 100, SETTINGS):
        start = read_start(dict(parse_qsl(urlsplit(choice.link).query)), store.archive)
        assert start.config == choice.config, choice.key
        assert start.parent is not None
        assert start.parent.run_id == parent.run_id
        assert not start.notes
    free = read_start(
        dict(parse_qsl(urlsplit(free_link(parent, 100, SETTINGS)).query)), store.archive
    )
    assert free.config == fork(parent.config, parent.run_id, 100, {})


def test_a_parent_that_is_not_here_is_noted_by_the_form(archive: Archive) -> None:
    link = urls.fork_url("0123456789ab", 100, {"seed": 3})
    start = read_start(dict(parse_qsl(urlsplit(link).query)), archive)
    assert start.parent is None
    assert (start.config.parent.run, start.config.seed) == ("0123456789ab", 3)
    assert any("No run 0123456789ab" in note for note in start.notes)


def test_forks_are_recorded_and_as_long_as_the_site_allows(
    family: tuple[RunStore, Run, Run],
) -> None:
    _, parent, _ = family
    site = replace(SETTINGS, max_live_snapshots=3, max_live_steps=500)
    forks = {fork.key: fork.config for fork in forks_of(parent, 1_000, site)}
    assert {config.schedule.snapshots for config in forks.values()} == {3}
    assert {config.schedule.steps for config in forks.values()} == {1_500}


def test_no_fork_counts_beyond_the_last_step_there_is(archive: Archive) -> None:
    endless = RunConfig.parse({"schedule.steps": 10**9, "noise.update_scale": 0.1})
    run = archive.writer(endless, collection="runs", name="").finish(Status.CANCELLED)
    site = replace(SETTINGS, max_live_steps=10**9)
    assert {fork.config.schedule.steps for fork in forks_of(run, 6 * 10**8, site)} == {10**9}
    assert forks_of(run, 10**9, site) == []


def test_the_menu_says_what_a_click_does_and_does_it(family: tuple[RunStore, Run, Run]) -> None:
    store, parent, child = family
    launcher = Launched()
    services = Services(SETTINGS, store.archive, launcher)
    step = child.config.parent.step
    menu = html.Div(offers(store, services, parent.run_id, step))
    assert "Update noise s 0.1 → 0 · to step 2,666 · in the archive already" in text_of(menu)
    buttons = [key for key in map(dict, (key for key in ids_of(menu))) if "fork" in key]
    assert {button["fork"] for button in buttons} == {"off", "half", "label", "longer"}
    assert {(button["run"], button["step"]) for button in buttons} == {(parent.run_id, step)}
    run_id = start(store, services, parent.run_id, step, "off")
    assert run_id == child.run_id
    assert launcher.runs[0][1] == f"Noise off from step {step:,} of noisy corridor"
    with pytest.raises(NotRecorded):
        start(store, services, parent.run_id, step, "colder")


def ids_of(root: Any) -> list[dict[str, Any]]:
    found = (getattr(part, "id", None) for part in components(root))
    return [key for key in found if isinstance(key, dict) and key["type"] == ids.FORK_LAUNCH]


def test_a_read_only_archive_and_a_run_that_is_too_large_offer_the_form_alone(
    family: tuple[RunStore, Run, Run],
) -> None:
    store, parent, _ = family
    small = Services(replace(SETTINGS, max_live_parameters=10), store.archive, Launched())
    menu = html.Div(offers(store, small, parent.run_id, None))
    assert ids_of(menu) == []
    assert "more than this site allows" in text_of(menu)
    store.archive.writable = False
    menu = html.Div(
        offers(store, Services(SETTINGS, store.archive, Launched()), parent.run_id, None)
    )
    assert ids_of(menu) == []
    assert "read-only" in text_of(menu)


def test_a_title_is_cut_to_what_a_name_can_hold(family: tuple[RunStore, Run, Run]) -> None:
    _, parent, _ = family
    parent.name = "a very long name " * 20
    assert len(run_title(forks_of(parent, 100, SETTINGS)[0], parent)) <= 80


def test_parent_and_child_are_linked_both_ways(family: tuple[RunStore, Run, Run]) -> None:
    store, parent, child = family
    step = child.config.parent.step
    up = page_layout(store, child, {})
    text = " ".join(text_of(up).split())
    assert f"Forked from noisy corridor at its step {step:,}: update noise s 0.1 → 0 ." in text
    assert f"/runs/{parent.run_id}?t={step}" in links(up)
    down = page_layout(store, parent, {})
    assert f"step {step:,}: update noise s 0.1 → 0" in text_of(down)
    assert f"/runs/{child.run_id}" in links(down)


def links(root: Any) -> set[str]:
    return {part.href for part in components(root) if getattr(part, "href", None)}


def test_a_parent_that_is_not_here_is_said(
    family: tuple[RunStore, Run, Run], tmp_path: Path
) -> None:
    store, parent, child = family
    store.archive.export(child.run_id, tmp_path / "other")
    other = RunStore(Archive.open(tmp_path / "other"))
    with pytest.raises(UnknownRun):
        other.open(parent.run_id)
    page = page_layout(other, other.open(child.run_id), {})
    assert "That run is not in this archive" in text_of(page)
    figure = by_id(page)[loss.PANEL.id].figure
    assert [trace.name for trace in figure.data] == ["this run"]
    assert figure.layout.xaxis.range[0] > 0, "the axis starts at the fork"
    assert "fork" in {note.text for note in figure.layout.annotations}


def test_many_children_are_folded(family: tuple[RunStore, Run, Run]) -> None:
    _, parent, child = family
    (shown,) = lineage(parent, None, [child] * 7)
    assert "7 runs start from here" in text_of(shown)
    assert "3 more" in text_of(shown)
    assert lineage(parent, None, []) == []


def test_both_curves_are_drawn_over_the_time_of_both(family: tuple[RunStore, Run, Run]) -> None:
    store, _, child = family
    step = child.config.parent.step
    for kind in ("log", "linear"):
        look = Look(store, child, queries.limits(child), urls.RunView(x=kind))
        assert look.time.axis.first == 0
        over_training, *_ = SECTIONS
        for figure in (panel.figure(look) for panel in over_training.panels):
            parents = [trace for trace in figure.data if trace.name == "parent"]
            assert parents
            assert figure.data[0].name != "parent", "growth patches the run's own, which come first"
            assert [trace.showlegend for trace in parents] == [True, *[False] * (len(parents) - 1)]
            assert max(parents[0].x) == 2_000
            marks = [shape for shape in figure.layout.shapes if shape.type == "line"]
            assert [shape.x0 for shape in marks] == [step]
        own = loss.PANEL.figure(look).data[0]
        assert min(own.x) == step


def test_a_child_opens_on_a_linear_axis(family: tuple[RunStore, Run, Run]) -> None:
    _, parent, child = family
    assert queries.limits(parent).default_view().x == "log"
    assert queries.limits(child).default_view().x == "linear"


def test_phases_of_a_child_start_at_the_fork() -> None:
    phases = Phases(500, 900, "", {}, first=500, last=1_000)
    assert phase_spans(phases, 5_000) == [
        ("learning", 500, 500),
        ("directed", 500, 900),
        ("null", 900, 1_000),
    ]
    places = [place for _, _, place in phase_lines(phases, 1_000)]
    assert places == ["over before step 500", "step 500 to 900", "from step 900 to 1,000"]
    at_once = Phases(500, 500, "", {}, first=500, last=1_000)
    assert phase_lines(at_once, 1_000)[1][2] == "none"


def test_fits_of_a_child_are_drawn_from_the_fork_on(family: tuple[RunStore, Run, Run]) -> None:
    _, parent, child = family
    drawn = fits.phases(child)
    assert (drawn.first, drawn.last) == (child.config.parent.step, child.config.schedule.steps)
    assert (drawn.name("null"), fits.phases(parent).name("null")) == ("At rest", "Null drift")
    for curve in fits.fit_curves(child):
        assert curve.steps.min() >= child.config.parent.step


@pytest.mark.parametrize("kind", ["log", "linear"])
def test_an_axis_without_step_0_starts_at_its_first(kind: str) -> None:
    axis = TimeAxis.over(kind, [500, 600, 1_000], 1_000)
    low, high = axis.bounds
    shown = np.log10([500, 1_000]) if kind == "log" else np.array([500, 1_000])
    assert low < shown[0] < shown[1] < high
    assert shown[0] - low < 0.1 * (high - low)
    one = TimeAxis.over(kind, [500], 500)
    assert one.bounds[0] < one.bounds[1]
