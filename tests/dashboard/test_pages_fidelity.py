"""The fidelity page: what it compares, says and links to."""

from __future__ import annotations

import numpy as np
import pytest
from dash import dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.fidelity.figures import strips_figure, sweep_figure
from dashboard.pages.fidelity.layout import page_layout
from dashboard.pages.fidelity.reports import WORDS, of_name, reports
from dashboard.runs.store import RunStore
from simulation.archive import Archive
from simulation.fidelity.report import RATE, StratumReport
from simulation.fidelity.strata import STRATA
from simulation.fidelity.stratum import Stratum
from tests.dashboard.page_helpers import by_id, components, text_of
from tests.fidelity_runs import STRATUM, make_fidelity_archive


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[StratumReport]:
    archive = make_fidelity_archive(tmp_path_factory.mktemp("fidelity") / "archive")
    return reports(RunStore(archive))


def page(found: list[StratumReport], **query: str) -> html.Div:
    return page_layout(found, query)


def links(root: html.Div) -> list[str]:
    return [part.href for part in components(root) if isinstance(part, dcc.Link | html.A)]


def test_every_run_is_linked_in_figure_and_table(found: list[StratumReport]) -> None:
    about = of_name(found, STRATUM)
    finished = about.runs[about.runs["active_units_ratio"].notna()]
    drawn = strips_figure(about, "active_units_ratio")
    ours = next(trace for trace in drawn.data if trace.name == "ours")
    assert list(ours.customdata) == [urls.run_url(run_id) for run_id in finished["run_id"]]
    np.testing.assert_allclose(ours.x, finished["active_units_ratio"])
    assert len(finished) == len(about.runs) - 1
    assert {urls.run_url(run_id) for run_id in about.runs["run_id"]} <= set(links(page(found)))


def test_the_verdict_is_told_with_what_was_left_out(found: list[StratumReport]) -> None:
    said = text_of(by_id(page(found))[ids.FIDELITY_WORDS])
    assert "Published: median 0.144" in said
    assert "Agrees: our median lies within the published interquartile range" in said
    assert "1 run of ours ended with “all units silent” and is left out" in said
    assert "all units silent" in text_of(page(found))


@pytest.mark.parametrize("stratum", STRATA, ids=lambda stratum: stratum.name)
def test_every_view_has_a_link_and_a_figure(found: list[StratumReport], stratum: Stratum) -> None:
    about = of_name(found, stratum.name)
    for metric in about.stratum.metrics:
        shown = page(found, stratum=about.stratum.name, metric=metric)
        assert about.stratum.about in text_of(shown)
        assert WORDS[metric].about.split(".")[0] in text_of(shown)
        assert urls.fidelity_url(about.stratum.name, metric) in links(shown)
        assert {ids.FIDELITY_STRIPS, ids.FIDELITY_SWEEP, ids.FIDELITY_GO} <= set(by_id(shown))


def test_a_link_to_something_unknown_says_so(found: list[StratumReport]) -> None:
    said = text_of(page(found, stratum="adamm", metric="x" * 200))
    assert "stratum “adamm” is not one of sgd_update, sgd_label" in said
    assert "metric “xxxxxxxxxxxxxxxxxxxxxxxx…” is not one of active_units_ratio" in said
    both, notes = urls.read_fidelity_view({"stratum": ["a", "b"]}, {"one": ["m"]})
    assert (both.stratum, both.metric) == ("one", "m")
    assert notes == ["stratum given more than once is not one of one"]


def test_the_sweep_shows_the_published_line_and_theory(found: list[StratumReport]) -> None:
    figure = sweep_figure(of_name(found, "noise_sweep"))
    lines = {trace.name: trace for trace in figure.data if trace.mode == "lines"}
    assert set(lines) == {"published, slope 2.06", "slope 2, theory"}
    theory = lines["slope 2, theory"]
    slope = (theory.y[1] - theory.y[0]) / np.log10(theory.x[1] / theory.x[0])
    assert slope == pytest.approx(2)


def test_an_empty_archive_shows_the_published_and_the_command(archive: Archive) -> None:
    found = reports(RunStore(archive))
    shown = page_layout(found, {"stratum": "control"})
    said = text_of(shown)
    assert "python -m simulation fidelity" in said
    assert "nothing was published, and no run is here" in said
    assert "not run yet" in said
    assert "Published: median −5.38" in text_of(page_layout(found, {"metric": RATE}))


def test_a_run_that_is_added_changes_the_report(archive: Archive) -> None:
    store = RunStore(archive)
    before = of_name(reports(store), STRATUM)
    assert reports(store)[0] is before
    make_fidelity_archive(archive.path)
    assert before.finished == 0
    assert of_name(reports(store), STRATUM).finished == len(before.runs) - 1
