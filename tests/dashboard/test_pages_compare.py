"""Comparing runs: who is shown, what differs, what came of each, and the links."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dash import dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.compare.comparison import (
    CURSOR_STEPS,
    LETTERS,
    Member,
    cursor_steps,
    differences,
    differences_in_words,
    open_members,
)
from dashboard.pages.compare.figures import colour, dash, overlay_figure
from dashboard.pages.compare.layout import page_layout
from dashboard.pages.compare.outcomes import outcomes
from dashboard.pages.compare.panels import QUANTITIES
from dashboard.pages.compare.steering import FIGURES, growth
from dashboard.runs.header import run_header
from dashboard.runs.lineage import lineage
from dashboard.runs.store import RunStore
from dashboard.runs.time_axis import TimeAxis
from dashboard.urls import CompareView
from simulation.archive import Archive, Run, Status
from simulation.config import RunConfig
from simulation.running.run import execute
from tests.dashboard.page_helpers import components, text_of
from tests.small_runs import CORRIDOR, RANDOM, RING

BOTH = (CORRIDOR.run_id, RANDOM.run_id)


SHORT_RING = RING.with_values({"schedule.steps": 400})


@pytest.fixture(scope="module")
def rings(small_archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    """A corridor run and one of similarity matching."""
    archive = Archive.open(tmp_path_factory.mktemp("rings") / "archive", create=True)
    small_archive.export(CORRIDOR.run_id, archive.path)
    execute(SHORT_RING, archive, collection="paper", name="ring")
    return RunStore(archive)


def page(store: RunStore, *run_ids: str, **query: str) -> html.Div:
    return page_layout(store, {"runs": ",".join(run_ids), **query})


def links(root: html.Div) -> list[str]:
    return [part.href for part in components(root) if isinstance(part, dcc.Link)]


def members(store: RunStore, *run_ids: str) -> list[Member]:
    return open_members(store, run_ids)[0]


def test_a_view_and_its_link_say_the_same() -> None:
    url = urls.compare_url(BOTH, "linear", 200)
    assert url == f"/compare?runs={BOTH[0]},{BOTH[1]}&x=linear&t=200"
    read, notes = urls.read_compare_view({"runs": ",".join(BOTH), "x": "linear", "t": "200"})
    assert read == CompareView(BOTH, "linear", 200)
    assert notes == []
    assert urls.compare_url(BOTH) == f"/compare?runs={','.join(BOTH)}"
    assert urls.compare_url(()) == "/compare"


def test_of_a_link_too_long_the_first_twelve_are_kept_and_repeats_count_once() -> None:
    names = [f"{number:012x}" for number in range(15)]
    view, notes = urls.read_compare_view({"runs": ",".join([*names[:3], *names]), "t": "soon"})
    assert view.runs == tuple(names[:12])
    assert notes == [
        "the link names 15 runs; at most 12 are compared, the first",
        "step “soon” is not a whole number",
    ]
    assert urls.read_compare_view({"runs": [names[0], names[1]]})[0].runs == tuple(names[:2])


def test_no_two_of_twelve_lines_look_the_same() -> None:
    assert len({(colour(place), dash(place)) for place in range(urls.MOST_RUNS)}) == len(LETTERS)
    assert all(
        colour(place) != colour(place + 1) and dash(place) != dash(place + 1)
        for place in range(urls.MOST_RUNS - 1)
    )


def test_only_what_differs_is_listed_by_label_and_unit() -> None:
    quiet = RANDOM.with_values({"noise.update_scale": 0.0, "seed": 3})
    found = {item.path: item for item in differences([RANDOM, quiet])}
    assert found.keys() == {"noise.update_scale", "seed"}  # precision follows from the noise
    assert found["noise.update_scale"].label == "Update noise s"
    assert found["noise.update_scale"].unit == "gradient"
    assert found["noise.update_scale"].values == ("0.1", "0")
    assert differences_in_words(list(found.values())) == "They differ in update noise s and seed."
    assert differences([RANDOM, RANDOM]) == []


def test_a_precision_that_was_chosen_is_a_difference() -> None:
    chosen = RANDOM.with_values({"precision": "float64"})
    assert [item.path for item in differences([RANDOM, chosen])] == ["precision"]


def test_a_field_that_a_run_lacks_is_told_from_a_value() -> None:
    adam = RANDOM.with_values({"rule.kind": "adam", "noise.update_scale": 0.0})
    found = {item.path: item for item in differences([RANDOM, adam])}
    assert found["rule.kind"].values == ("Gradient descent (SGD)", "Adam")
    assert found["rule.beta1"].values == ("", "0.9")


def test_results_of_all_runs_with_the_reasons_for_what_is_missing(store: RunStore) -> None:
    rows, unknown = outcomes(members(store, *BOTH))
    found = {row.label: row.cells for row in rows}
    corridor, random = (store.open(run_id).record for run_id in BOTH)
    assert [cell.text for cell in found["Ending"]] == ["finished", "finished"]
    final = [record["active_units_final"] for record in (corridor, random)]
    assert [cell.text.split(" → ")[1] for cell in found["Active units"]] == [
        f"{value:.1%}" for value in final
    ]
    assert found["Spatial information"][1].note == "the task has no position"
    for record, cell in zip((corridor, random), found["Timescale τ"], strict=True):
        assert record["tau_verdict"] in ("identified", "not identifiable")
        assert cell.note.startswith("95 % interval") == (record["tau_verdict"] == "identified")
        assert cell.note
    assert set(unknown).isdisjoint(label.lower() for label in found)


def test_each_curve_is_drawn_with_its_letter(store: RunStore) -> None:
    both = members(store, *BOTH)
    loss = QUANTITIES[0]
    steps = [step for member in both for step in member.steps]
    figure = overlay_figure(loss, both, TimeAxis.over("linear", steps, max(steps)))
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [trace.meta for trace in lines] == [0, 1]
    for member, trace in zip(both, lines, strict=True):
        own = member.curves
        np.testing.assert_array_equal(trace.x, own["step"].to_numpy(np.float32))
        np.testing.assert_allclose(trace.y, own["log10_normalized_loss"], rtol=1e-6)
    letters = [trace.text[0] for trace in figure.data if trace.mode == "markers+text"]
    assert letters == ["A", "B"]


def test_one_recording_has_an_axis_with_few_round_numbers(archive: Archive) -> None:
    writer = archive.writer(RANDOM, collection="runs", name="One recording")
    writer.start("compiled")
    values = {"log10_normalized_loss": 0.2123456789, "active_units": 1.0, "hessian_trace": 3.4567}
    writer.append("curves", step=0, loss=0.4, active_fraction=0.3, **values)
    run_id = writer.finish(Status.CANCELLED).run_id
    members, _ = open_members(RunStore(archive), [run_id])
    ranges = {
        quantity.key: overlay_figure(quantity, members, TimeAxis.over("log", [0], 1)).layout.yaxis
        for quantity in QUANTITIES
    }
    assert ranges["loss"].range == pytest.approx((0.0123, 0.4123), abs=1e-3)
    assert ranges["active-units"].range == pytest.approx((0, 1.1))
    assert ranges["trace"].range == pytest.approx((-0.1, 1.1))


def test_a_panel_that_none_has_says_why_and_one_that_some_have_is_drawn(rings: RunStore) -> None:
    ring = SHORT_RING.run_id
    shown = page(rings, ring)
    said = text_of(shown)
    assert "Hessian trace" in said
    assert "this network descends no loss" in said
    assert "each input is a place of its own" in said
    facts = by_id(page(rings, CORRIDOR.run_id, ring))[ids.COMPARE_FACTS].data
    assert "trace" in facts["drawn"]
    assert facts["panels"]["trace"]["missing"] == ["", "this network descends no loss"]


def test_every_figure_is_there_whatever_is_drawn(store: RunStore, rings: RunStore) -> None:
    for shown in (page(store, *BOTH), page(rings, SHORT_RING.run_id)):
        assert set(FIGURES) <= set(by_id(shown))


def by_id(root: html.Div) -> dict[str, Any]:
    """Components by their id, those of a pattern left out."""
    named = (part for part in components(root) if isinstance(getattr(part, "id", None), str))
    return {part.id: part for part in named}


def test_unknown_runs_are_named_and_the_others_shown(store: RunStore) -> None:
    shown = page(store, "f" * 12, CORRIDOR.run_id, "../etc")
    said = text_of(shown)
    assert f"No run {'f' * 12} in" in said
    assert "Check the id" in said
    assert "'../etc' is not a run id." in said
    assert urls.run_url(CORRIDOR.run_id) in links(shown)
    assert by_id(shown)[ids.COMPARE_FACTS].data["runs"] == [CORRIDOR.run_id]


def test_without_runs_there_is_a_way_to_begin(store: RunStore) -> None:
    shown = page_layout(store, {})
    assert "Nothing to compare yet" in text_of(shown)
    offered = by_id(shown)[ids.COMPARE_ADD].data
    assert any(CORRIDOR.run_id in label and "small corridor" in label for label in offered)


def test_runs_that_are_compared_are_not_offered_again(store: RunStore) -> None:
    offered = by_id(page(store, CORRIDOR.run_id))[ids.COMPARE_ADD].data
    assert not any(CORRIDOR.run_id in label for label in offered)
    assert any(RANDOM.run_id in label for label in offered)


@pytest.mark.parametrize("log", [True, False])
def test_the_cursor_stands_at_recorded_steps_from_first_to_last(store: RunStore, log: bool) -> None:
    both = members(store, *BOTH)
    recorded = {step for member in both for step in member.steps}
    steps = cursor_steps(both, log)
    assert set(steps) <= recorded
    assert (steps[0], steps[-1]) == (min(recorded), max(recorded))
    assert len(steps) <= CURSOR_STEPS + 1
    assert steps == sorted(set(steps))


def test_the_cursor_starts_nearest_to_the_links_step(store: RunStore) -> None:
    shown = by_id(page(store, *BOTH, t="3999"))
    steps = shown[ids.COMPARE_FACTS].data["steps"]
    here = steps[shown[ids.COMPARE_CURSOR].value]
    assert abs(here - 3999) == min(abs(step - 3999) for step in steps)


def test_a_run_in_progress_is_shown_and_grows(archive: Archive) -> None:
    execute(RANDOM, archive, collection="runs", name="done")
    config: RunConfig = RANDOM.with_values({"seed": 1})
    writer = archive.writer(config, collection="runs", name="on its way")
    writer.start("compiled")
    store = RunStore(archive)
    shown = page(store, RANDOM.run_id, config.run_id)
    parts = by_id(shown)
    assert "B is in progress" in text_of(shown)
    assert parts[ids.COMPARE_TICK].disabled is False
    facts = parts[ids.COMPARE_FACTS].data
    assert facts["rows"][1] == 0

    writer.append("curves", step=[0, 10], loss=[1.0, 0.5], log10_normalized_loss=[0.0, -0.3],
                  active_fraction=[0.5, 0.4], active_units=[1.0, 0.9])  # fmt: skip
    writer.flush(force=True)
    _, *figures, _, _, news, ended = growth(store, facts)
    assert news["rows"][1] == 2
    assert [trace.meta for trace in figures[0].data if trace.mode == "lines"] == [0, 1]
    assert ended is False


def test_run_page_and_relatives_lead_here(store: RunStore, corridor: Run) -> None:
    assert urls.compare_url([corridor.run_id]) in links(html.Div(run_header(corridor)))
    child = store.open(RANDOM.run_id)
    family = html.Div(lineage(corridor, None, [child]))
    assert urls.compare_url([corridor.run_id, child.run_id]) in links(family)
