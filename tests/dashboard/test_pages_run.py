"""The run page: laid out in the view of its link, answering with nothing but what changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dash import Dash, Patch, html, no_update

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.run import download
from dashboard.pages.run.growth import GROWING, growth
from dashboard.pages.run.layout import page_body, page_layout, page_state, standing
from dashboard.pages.run.look import Look
from dashboard.pages.run.panels import correlation, loss, maps, population, spectrum, unit
from dashboard.pages.run.scrubbing import OUTPUTS, answer
from dashboard.runs import queries
from dashboard.runs.store import RunStore
from simulation.archive import Archive, Run, Status
from simulation.errors import ArchiveError
from tests.dashboard.page_helpers import by_id, components, text_of
from tests.simulation.archive_helpers import record, small_config, write_run
from tests.small_runs import CORRIDOR

ANSWERED = [*(name for name, _ in OUTPUTS), ids.SHOWN]
TIME_FIGURES = {panel.id for panel in GROWING}


def look_at(store: RunStore, run: Run) -> Look:
    limits = queries.limits(run)
    return Look(store, run, limits, limits.default_view())


def lay_out(store: RunStore, run: Run, **query: Any) -> html.Div:
    return page_layout(store, run, query)


def asking(run: Run, before: urls.RunView, after: urls.RunView, seq: int = 1) -> dict[str, Any]:
    return {
        "seq": seq,
        "run": run.run_id,
        "view": asdict(after),
        "before": asdict(before),
        "snapshots_before": len(run.snapshot_steps()),
    }


def changes(store: RunStore, request: dict[str, Any]) -> dict[str, Any]:
    answered = dict(zip(ANSWERED, answer(store, request), strict=True))
    return {name: value for name, value in answered.items() if value is not no_update}


def test_every_id_is_unique(store: RunStore, corridor: Run) -> None:
    page = lay_out(store, corridor)
    named = [part.id for part in components(page) if getattr(part, "id", None)]
    assert len(named) == len(set(named))


def test_everything_callbacks_address_is_there(
    store: RunStore, corridor: Run, random_run: Run
) -> None:
    addressed = {*ANSWERED, ids.CURSOR, ids.VIEW, ids.FACTS, ids.GROWN, ids.GROW_ASK}
    for run in (corridor, random_run):
        assert addressed <= by_id(lay_out(store, run)).keys()


def test_the_page_is_laid_out_in_the_view_of_its_link(store: RunStore, corridor: Run) -> None:
    step = int(corridor.snapshot_steps()[4])
    query = {"t": str(step), "unit": "3", "sort": "now", "x": "linear", "corr": "population"}
    page = by_id(lay_out(store, corridor, **query))
    expected = urls.RunView(t=step, unit=3, sort="now", x="linear", corr="population")
    assert page[ids.VIEW].data == page[ids.SHOWN].data["view"] == asdict(expected)
    assert page[ids.CURSOR].value == 4
    assert page[ids.TIME_AXIS].value == "linear"
    assert page[maps.SORT].value == "now"
    assert page[unit.CHOICE].value == 3
    assert page[loss.PANEL.id].figure.layout.xaxis.type == "linear"
    assert f"step {step:,}" in page[unit.PANEL.words_id].children


def test_a_link_with_mistakes_shows_the_rest_and_says_so(store: RunStore, corridor: Run) -> None:
    page = lay_out(store, corridor, t="soon", unit="3")
    assert by_id(page)[ids.VIEW].data["unit"] == 3
    assert "Step “soon” is not a whole number." in text_of(page)
    assert "could not be used" not in text_of(lay_out(store, corridor, unit="3"))


def test_the_page_tells_tau_or_why_there_is_none(store: RunStore, corridor: Run) -> None:
    said = text_of(lay_out(store, corridor))
    tau = corridor.record["tau_steps"]
    assert ("timescale of τ =" in said) if tau else (corridor.reasons["tau_steps"] in said)


def test_a_task_without_position_says_what_does_not_apply(store: RunStore, random_run: Run) -> None:
    page = lay_out(store, random_run)
    assert text_of(page).count("This task has no position") == 3
    assert by_id(page)[ids.VIEW].data["maps"] == "samples"
    assert "Activity by sample" in text_of(page)


def test_scrubbing_sends_patches_for_what_moved_and_nothing_else(
    store: RunStore, corridor: Run
) -> None:
    before = queries.limits(corridor).default_view()
    after = replace(before, t=int(corridor.snapshot_steps()[3]))
    sent = changes(store, asking(corridor, before, after, seq=8))
    assert sent.keys() == {
        maps.PANEL.id,
        maps.PANEL.words_id,
        population.PANEL.id,
        population.PANEL.words_id,
        spectrum.PANEL.id,
        spectrum.PANEL.words_id,
        unit.PANEL.words_id,
        ids.SHOWN,
    }
    assert all(
        isinstance(sent[name], Patch)
        for name in (maps.PANEL.id, population.PANEL.id, spectrum.PANEL.id)
    )
    assert sent[ids.SHOWN] == {
        "seq": 8,
        "view": asdict(after),
        "snapshots": len(corridor.snapshot_steps()),
    }


@pytest.mark.parametrize(
    ("change", "redrawn"),
    [
        ({"x": "linear"}, TIME_FIGURES),
        ({"corr": "population"}, {correlation.PANEL.id}),
        ({"view": "grid"}, {maps.PANEL.id, maps.PANEL.words_id}),
        ({"rows": "all"}, {maps.PANEL.id, maps.PANEL.words_id}),
        (
            {"unit": 2},
            {
                maps.PANEL.id,
                maps.PANEL.words_id,
                population.PANEL.id,
                population.PANEL.words_id,
                unit.PANEL.id,
                unit.PANEL.words_id,
            },
        ),
    ],
)
def test_a_choice_redraws_what_depends_on_it(
    store: RunStore, corridor: Run, change: dict[str, Any], redrawn: set[str]
) -> None:
    before = queries.limits(corridor).default_view()
    sent = changes(store, asking(corridor, before, replace(before, **change)))
    assert sent.keys() == redrawn | {ids.SHOWN}


def test_scrubbing_ends_where_a_fresh_page_starts(store: RunStore, corridor: Run) -> None:
    before = replace(queries.limits(corridor).default_view(), sort="now", unit=1)
    step = int(corridor.snapshot_steps()[2])
    sent = changes(store, asking(corridor, before, replace(before, t=step)))
    fresh = by_id(lay_out(store, corridor, t=str(step), sort="now", unit="1"))
    for words in (
        maps.PANEL.words_id,
        population.PANEL.words_id,
        spectrum.PANEL.words_id,
        unit.PANEL.words_id,
    ):
        assert sent[words] == fresh[words].children
    operations = {
        tuple(operation["location"]): operation["params"]["value"]
        for operation in sent[maps.PANEL.id].to_plotly_json()["operations"]
    }
    figure = fresh[maps.PANEL.id].figure.to_plotly_json()
    assert operations["data", 0, "z"] == figure["data"][0]["z"]
    assert operations["data", 0, "y"] == figure["data"][0]["y"]


def test_a_view_that_nobody_could_choose_is_answered_all_the_same(
    store: RunStore, corridor: Run
) -> None:
    before = queries.limits(corridor).default_view()
    request = asking(corridor, before, replace(before, t=-3, unit=10**6, view="<b>", sort="x"))
    assert changes(store, request).keys() == {ids.SHOWN}


def test_a_run_with_one_snapshot_and_one_recording(archive: Archive) -> None:
    run = write_run(archive, steps=(0,))
    page = lay_out(RunStore(archive), run)
    assert by_id(page)[ids.CURSOR].disabled
    assert "it takes two to compare" in text_of(page)
    assert by_id(page)[loss.PANEL.id].figure.data[0].mode == "markers"


def test_a_run_that_ended_before_anything_was_recorded(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    writer.start("compiled")
    run = writer.finish(Status.CANCELLED)
    page = lay_out(RunStore(archive), run)
    assert "Nothing was recorded." in text_of(page)
    assert "ended before its first snapshot" in text_of(page)
    assert {*ANSWERED, ids.CURSOR} <= by_id(page).keys()


def test_a_run_whose_units_all_fell_silent(archive: Archive) -> None:
    writer = archive.writer(small_config(), collection="runs", name="")
    writer.start("compiled")
    for step in (0, 1):
        record(writer, step)
    writer.append("places", source="samples", bin=np.arange(5), occupancy=0.2)
    writer.append(
        "rate_maps",
        step=10,
        source="samples",
        unit=np.arange(3),
        rate_map=np.zeros((3, 5), np.float32),
        spatial_information_bits=np.full(3, np.nan),
    )
    writer.append(
        "weights",
        step=10,
        input_weights=np.zeros((1, 60), np.float32),
        biases=np.zeros((1, 3), np.float32),
        output_weights=np.zeros((1, 15), np.float32),
    )
    run = writer.finish(Status.ALL_UNITS_SILENT)
    store = RunStore(archive)
    assert "0 of 3 units active" in text_of(lay_out(store, run))
    assert "No unit is active" in text_of(lay_out(store, run, view="grid"))


@pytest.fixture
def growing(archive: Archive) -> Iterator[tuple[RunStore, Any]]:
    writer = archive.writer(small_config(), collection="live", name="")
    writer.start("compiled")
    writer.append("places", source="samples", bin=np.arange(5), occupancy=0.2)
    record(writer, 0)
    record(writer, 1)
    writer.flush(force=True)
    yield RunStore(archive), writer
    writer.release()


def state_of(store: RunStore, run: Run) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    state = by_id(html.Div(page_state(look_at(store, run))))
    return state[ids.VIEW].data, state[ids.GROWN].data, state[ids.FACTS].data


def test_a_growing_run_adds_points_and_snapshots_without_a_new_page(
    growing: tuple[RunStore, Any],
) -> None:
    store, writer = growing
    run = store.open(writer.run_id)
    view, grown, known = state_of(store, run)
    ask = {"seq": 1, "run": run.run_id}
    page, *_, news, answered = growth(store, ask, view, grown, known)
    assert page is news is no_update
    assert answered["seq"] == 1

    record(writer, 4)
    writer.flush(force=True)
    page, loss, sparsification, trace, information, decoding, news, answered = growth(
        store, ask, view, grown, known
    )
    assert page is no_update
    assert isinstance(loss, Patch)
    assert isinstance(sparsification, Patch)
    assert trace is no_update  # none is recorded
    assert information is decoding is no_update  # the task has no position
    assert news["steps"] == [0, 1, 4]
    assert answered["rows"] == 3


def test_the_cursor_follows_a_growing_run_while_it_is_at_the_end(
    growing: tuple[RunStore, Any],
) -> None:
    store, writer = growing
    run = store.open(writer.run_id)
    view = queries.limits(run).default_view()
    assert view.t is None
    request = asking(run, view, view)
    record(writer, 4)
    writer.flush(force=True)
    sent = changes(store, request)
    assert sent[maps.PANEL.words_id].startswith("Step 4:")
    assert {correlation.PANEL.id, population.PANEL.id, spectrum.PANEL.id} <= sent.keys()


def test_the_page_becomes_the_finished_one_when_the_run_ends(
    growing: tuple[RunStore, Any],
) -> None:
    store, writer = growing
    run = store.open(writer.run_id)
    view, grown, known = state_of(store, run)
    writer.finish(Status.FINISHED)
    page, *rest = growth(store, {"seq": 1, "run": run.run_id}, view, grown, known)
    assert "Download" in text_of(html.Div(page))
    assert by_id(html.Div(page))[ids.GROW_TICK].disabled
    assert all(part is no_update for part in rest)


def test_the_page_is_laid_out_anew_when_another_panel_has_something_to_show(
    archive: Archive,
) -> None:
    store = RunStore(archive)
    writer = archive.writer(small_config(), collection="live", name="")
    writer.start("compiled")
    run = store.open(writer.run_id)
    before = standing(look_at(store, run))
    body = page_body(look_at(store, run))
    assert "appear with the first snapshot" in text_of(html.Div(body))
    writer.append("places", source="samples", bin=np.arange(5), occupancy=0.2)
    record(writer, 0)
    writer.flush(force=True)
    assert standing(look_at(store, run)) != before
    writer.release()


def test_the_download_is_an_archive_with_this_run(small_archive: Archive, tmp_path: Path) -> None:
    app = Dash("test")
    app.layout = html.Div()
    download.register(app, small_archive)
    run_id = str(small_archive.runs(["run_id"])["run_id"].iloc[0])
    response = app.server.test_client().get(urls.download_url(run_id))
    assert response.status_code == 200, response.text
    assert response.headers["Content-Disposition"].endswith(f"driftscape-{run_id}.zip")
    zipfile.ZipFile(io.BytesIO(response.data)).extractall(tmp_path)
    copy = Archive.open(tmp_path)
    assert copy.verify() == []
    assert copy.runs(["run_id"])["run_id"].tolist() == [run_id]
    assert (tmp_path / "config.json").exists()


@pytest.mark.parametrize("table", ["curves", "rate_maps", "spectra", "snapshots", "correlations"])
def test_a_damaged_file_is_an_error_that_names_it(
    small_archive: Archive, tmp_path: Path, table: str
) -> None:
    run_id = CORRIDOR.run_id
    copy = Archive.open(small_archive.export(run_id, tmp_path / "copy"))
    damaged = copy.path / "paper" / table / f"{run_id}.parquet"
    damaged.write_bytes(damaged.read_bytes()[:200])
    store = RunStore(copy)
    with pytest.raises(ArchiveError, match=f"{run_id}"):
        lay_out(store, store.open(run_id))
