"""Several arenas and changed scenery on the run page."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dash import no_update

from dashboard import urls
from dashboard.base.words import minus
from dashboard.pages.run.layout import page_layout
from dashboard.pages.run.look import Look
from dashboard.pages.run.panels import flatness, remapping
from dashboard.pages.run.panels.correlation import correlation_matrix
from dashboard.pages.run.panels.flatness import flatness_figure
from dashboard.pages.run.panels.maps import source_label
from dashboard.pages.run.panels.remapping import early_and_late, untrained
from dashboard.pages.run.probe_rows import by_units
from dashboard.pages.run.scrubbing import OUTPUTS, answer
from dashboard.runs import queries
from dashboard.runs.store import RunStore
from simulation.archive import Archive, Run, Status
from simulation.running.run import execute
from tests.dashboard.page_helpers import by_id, components, text_of
from tests.small_runs import ARENAS


@pytest.fixture(scope="module")
def arenas_store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    archive = Archive.open(tmp_path_factory.mktemp("arenas") / "archive", create=True)
    execute(ARENAS, archive)
    execute(ARENAS.with_values({"network.activation": "tanh", "probe.morphs": 0}), archive)
    return RunStore(archive)


@pytest.fixture
def arenas(arenas_store: RunStore) -> Run:
    return arenas_store.open(ARENAS.run_id)


def look_at(store: RunStore, run: Run) -> Look:
    return Look(store, run, queries.limits(run), urls.RunView(maps="evaluation-1", x="log"))


def redrawn(store: RunStore, run: Run, kind: str) -> dict[tuple[str, str], Any]:
    """What is sent once the time axis has become `kind`, and there is another snapshot."""
    limits = queries.limits(run)
    view = asdict(limits.default_view())
    request = {
        "seq": 1,
        "run": run.run_id,
        "view": view | {"x": kind},
        "before": view,
        "snapshots_before": len(limits.steps) - 1,
    }
    *answers, _ = answer(store, request)
    return dict(zip(OUTPUTS, answers, strict=True))


def test_sources_are_in_order_and_named(arenas: Run) -> None:
    sources = queries.limits(arenas).sources
    assert sources == ["evaluation-1", "evaluation-2", "training-1", "training-2"]
    assert [source_label(source) for source in sources] == [
        "arena 1, long walk",
        "arena 2, long walk",
        "arena 1, training",
        "arena 2, training",
    ]
    assert source_label("evaluation") == "long walk"
    view, notes = urls.read_run_view({"maps": "training-2"}, queries.limits(arenas))
    assert (view.maps, notes) == ("training-2", [])
    view, notes = urls.read_run_view({"maps": "evaluation"}, queries.limits(arenas))
    assert view.maps == "evaluation-1"
    assert len(notes) == 1


def test_correlations_are_those_of_the_arena_that_is_shown(arenas: Run) -> None:
    rows = arenas.correlations()
    for source, arena in (("evaluation-2", 2), ("training-2", 2), ("evaluation-1", 1)):
        matrix = correlation_matrix(arenas, "maps", source)
        expected = rows[rows["source"] == f"evaluation-{arena}"]
        last = expected[expected["step_b"] == matrix.steps[-1]]["rate_map_correlation"]
        np.testing.assert_array_equal(matrix.values[:, -1], last.to_numpy())


def test_a_line_a_grade(arenas_store: RunStore, arenas: Run) -> None:
    figure = remapping.PANEL.figure(look_at(arenas_store, arenas))
    above = [line for line in figure.data if line.yaxis != "y2"]
    below = [line for line in figure.data if line.yaxis == "y2"]
    assert [line.name for line in above] == ["0.5", "1"]
    assert [line.name for line in below] == ["0", "0.5", "1"]
    assert [line.name for line in figure.data if line.showlegend] == ["0", "0.5", "1"]
    probes = arenas.probes()
    half = probes[(probes["morph"] == 0.5) & (probes["units"] == "trained")]
    np.testing.assert_array_equal(above[0].y, half["rate_map_correlation"])
    assert "scenery changed by 0.5 (correlates 0.71)" in above[0].hovertemplate


def test_many_grades_are_named_sparsely() -> None:
    grades = np.linspace(0, 1, 21)
    probes = pd.DataFrame(
        {"step": 0, "morph": grades, "rate_map_correlation": 0.5, "hessian_trace": 1.0}
    )
    assert sum(line.showlegend for line in flatness_figure(probes).data) == 6


def test_the_trace_is_that_of_the_nearest_recording(arenas_store: RunStore, arenas: Run) -> None:
    figure = flatness.PANEL.figure(look_at(arenas_store, arenas))
    curves = arenas.curves().set_index("step")["hessian_trace"]
    for step, trace in zip(figure.data[0].customdata, figure.data[0].x, strict=True):
        assert trace == curves.iloc[np.abs(curves.index - step).argmin()]


def test_the_page_shows_the_probe(arenas_store: RunStore, arenas: Run) -> None:
    page = page_layout(arenas_store, arenas, {})
    assert "Scenery changed by 0.5" in by_id(page)[remapping.PANEL.words_id].children
    sent = redrawn(arenas_store, arenas, "linear")
    figure = sent[remapping.PANEL.id, "figure"]
    scatter = sent[flatness.PANEL.id, "figure"]
    said = sent[remapping.PANEL.words_id, "children"]
    assert "Counted are units that are active on a training sample." in said
    assert figure.layout.xaxis.type == "linear"
    assert len(scatter.data) == 2
    assert said == by_id(page)[remapping.PANEL.words_id].children


def test_the_page_compares_arenas_at_one_moment(
    arenas_store: RunStore, arenas: Run, store: RunStore, corridor: Run
) -> None:
    last = arenas.snapshots()["across_arenas_correlation"].iloc[-1]
    said = f"{minus(last, 2)} at step 4,000"
    assert said in text_of(page_layout(arenas_store, arenas, {}))
    assert "Between arenas" not in text_of(page_layout(store, corridor, {}))


def test_a_page_without_a_probe_says_how_to_get_it(
    store: RunStore, corridor: Run, random_run: Run
) -> None:
    page = page_layout(store, corridor, {})
    links = [getattr(part, "href", "") or "" for part in components(page)]
    assert urls.live_url(corridor.run_id, {"probe.morphs": 5}) in links
    assert {remapping.PANEL.id, flatness.PANEL.id, remapping.PANEL.words_id} <= set(by_id(page))
    assert "no scenery to change" in text_of(page_layout(store, random_run, {}))
    sent = redrawn(store, corridor, "linear")
    for panel in (remapping.PANEL, flatness.PANEL):
        assert all(sent[output] is no_update for output in panel.outputs), "nothing is drawn"


def test_a_page_whose_activity_is_negative_says_so(arenas_store: RunStore) -> None:
    config = ARENAS.with_values({"network.activation": "tanh", "probe.morphs": 0})
    page = page_layout(arenas_store, arenas_store.open(config.run_id), {})
    text = text_of(page)
    assert "Active means here: |activity| > 0.05" in text
    assert "tanh units can be negative" in text
    assert "its magnitude is shown" in text


def test_remapping_in_words() -> None:
    rows = pd.DataFrame(
        {
            "step": [10, 2_000],
            "morph": 0.6,
            "rate_map_correlation": [0.5, 0.25],
            "log10_normalized_loss": [-1.0, 0.5],
            "hessian_trace": [100.0, 50.0],
        }
    )
    said = early_and_late(rows, None)
    assert said == (
        "Scenery changed by 0.6, step 10 to 2,000: maps correlate with the familiar ones from 0.50 "
        "to 0.25, log₁₀ loss goes from −1.00 to 0.50, the Hessian's trace from 100.0 to 50.0."
    )
    assert "−0.80 (the flatter, the less remapping)" in early_and_late(rows, -0.8)
    assert "0.80 (the flatter, the more remapping)" in early_and_late(rows, 0.8)
    assert "0.10 (no clear relation)" in early_and_late(rows, 0.1)


def test_probes_of_earlier_versions_are_drawn_as_they_are() -> None:
    rows = pd.DataFrame({"step": [0, 0], "morph": [0.0, 1.0], "units": [None, None]})
    drawn, whole = by_units(rows)
    assert drawn.equals(rows)
    assert whole.empty
    assert untrained(drawn, whole) == ""


def test_a_run_that_was_stopped_at_once(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, create=True)
    writer = archive.writer(ARENAS, collection="runs", name="")
    writer.start("compiled")
    page = page_layout(RunStore(archive), writer.finish(Status.CANCELLED), {})
    assert "Nothing was recorded." in text_of(page)
