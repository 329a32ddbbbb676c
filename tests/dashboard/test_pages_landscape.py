"""The toy landscape's page: links, figures, sentences, and controls for every part of the view."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.landscape import read_view, sentences
from dashboard.pages.landscape.contours import landscape_figure
from dashboard.pages.landscape.controls import CONTROLS
from dashboard.pages.landscape.data import WALKERS, LandscapeData
from dashboard.pages.landscape.layout import drawn, page_layout
from dashboard.pages.landscape.presets import PRESETS
from dashboard.pages.landscape.regulariser import START, regulariser_figure
from dashboard.pages.landscape.valley import drift_figure, spread_figure
from dashboard.urls import LANDSCAPE_RANGES, LandscapeView
from tests.dashboard.page_helpers import by_id, text_of

QUICK = LandscapeView(steps=100)
DIVERGED = LandscapeView(lr=0.3, steps=100, x=2.6, y=0.6)


def decimals(key: str, digits: int = 3) -> st.SearchStrategy[float]:
    low, high = LANDSCAPE_RANGES[key]
    return st.floats(low, high).map(lambda value: round(value, digits))


views = st.builds(
    LandscapeView,
    noise=st.sampled_from(["update", "label"]),
    scale=decimals("scale"),
    lr=decimals("lr"),
    steps=st.integers(20, 2000),
    x=decimals("x"),
    y=decimals("y"),
    seed=st.integers(0, 2**31 - 1),
    axis=st.sampled_from(["log", "linear"]),
)


@given(views)
def test_a_view_survives_its_link(view: LandscapeView) -> None:
    parts = urlsplit(urls.landscape_url(view))
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    assert parts.path == "/landscape"
    assert urls.read_landscape_view(query) == (view, [])


@given(views)
def test_a_view_survives_the_browser(view: LandscapeView) -> None:
    assert read_view(json.loads(json.dumps(asdict(view)))) == view


def test_the_standard_view_has_no_query() -> None:
    assert urls.landscape_url() == urls.landscape_url(LandscapeView()) == "/landscape"
    assert urls.read_landscape_view({"utm_source": "mail"}) == (LandscapeView(), [])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"noise": "loud"}, "noise “loud” is not one of update, label"),
        ({"scale": "nan"}, "noise scale “nan” is not a number from 0 to 2"),
        ({"scale": "1e-3"}, "noise scale “1e-3” is not a number from 0 to 2"),
        ({"lr": "0"}, "learning rate “0” is not a number from 0.01 to 0.5"),
        ({"steps": "10.5"}, "number of steps “10.5” is not a whole number from 20 to 2,000"),
        ({"steps": "9" * 30}, f"number of steps “{'9' * 24}…” is not a whole number from 20 to "),
        ({"x": "-3.01"}, "start x “-3.01” is not a number from -3 to 3"),
        ({"y": ["1", "2"]}, "the link names start y more than once"),
        ({"seed": "-1"}, "seed “-1” is not a whole number from 0 to 2,147,483,647"),
        ({"axis": "cubic"}, "eigenvalue axis “cubic” is not one of log, linear"),
    ],
)
def test_a_bad_value_is_left_out_and_said(query: dict[str, Any], said: str) -> None:
    view, notes = urls.read_landscape_view(query)
    assert view == LandscapeView()
    (note,) = notes
    assert note.startswith(said)


def test_the_page_says_what_of_its_link_was_not_used() -> None:
    page = page_layout({"lr": "fast", "steps": "100"})
    assert "Learning rate “fast” is not a number from 0.01 to 0.5." in text_of(page)
    assert by_id(page)[ids.LANDSCAPE_VIEW].data == asdict(QUICK)


def test_every_part_of_the_view_has_a_control_that_holds_it() -> None:
    view = LandscapeView("label", 0.3, 0.1, 60, -1.0, 0.5, 7, "linear")
    parts = by_id(page_layout({key: str(value) for key, value in asdict(view).items()}))
    assert set(CONTROLS) == set(asdict(view))
    for key, value in asdict(view).items():
        assert parts[ids.landscape_control(key)].value == value


def test_presets_are_views_that_their_links_give() -> None:
    for preset in PRESETS:
        query = parse_qs(urlsplit(urls.landscape_url(preset.view)).query)
        read = urls.read_landscape_view({key: values[0] for key, values in query.items()})
        assert read == (preset.view, [])


def trace(figure: go.Figure, name: str) -> Any:
    (found,) = (item for item in figure.data if item.name == name)
    return found


def axes(figure: go.Figure) -> list[Any]:
    layout = figure.layout
    return [layout[key] for key in layout if key.startswith(("xaxis", "yaxis"))]


@pytest.mark.parametrize("view", [QUICK, replace(QUICK, noise="label"), replace(QUICK, scale=0)])
def test_figures_say_what_their_axes_are_and_hold_finite_numbers(view: LandscapeView) -> None:
    above, _, drift, _, spread, _ = drawn(LandscapeData(view))
    for figure in (above, drift, spread):
        assert all(axis.title.text for axis in axes(figure))
        for axis in axes(figure):
            assert np.isfinite(np.asarray(axis.range, float)).all()
            assert axis.range[0] < axis.range[1]
    assert np.isfinite(np.asarray(trace(drift, "measured").y)).all()


def test_the_map_draws_the_walker_from_its_start() -> None:
    data = LandscapeData(QUICK)
    figure = landscape_figure(data.excursion, (QUICK.x, QUICK.y))
    path = trace(figure, "with noise")
    assert (path.x[0], path.y[0]) == (np.float32(2.4), 1.5)
    assert len(path.x) == QUICK.steps + 1
    hills = trace(figure, "loss")
    assert hills.z.shape == (len(hills.y), len(hills.x))
    column = int(np.abs(np.asarray(hills.x) - 2).argmin())
    row = int(np.abs(np.asarray(hills.y) + 1).argmin())
    loss = (float(hills.x[column]) * float(hills.y[row])) ** 2
    assert hills.z[row][column] == pytest.approx(np.log10(loss), abs=1e-4)


def test_the_histogram_counts_every_walker_once() -> None:
    data = LandscapeData(QUICK)
    figure = spread_figure(data.excursion.displacements, data.excursion.distance, np.nan)
    (bars,) = (item for item in figure.data if item.type == "bar")
    assert sum(bars.y) == WALKERS
    assert trace(figure, "mean").x[0] == pytest.approx(data.excursion.displacements.mean())
    assert not [item for item in figure.data if item.name == "predicted"]


def test_the_drift_figure_shades_where_the_prediction_is_not_trusted() -> None:
    data = LandscapeData(replace(QUICK, lr=0.1))
    shaded = drift_figure(data.profile, data.descent).layout.shapes
    assert [shape.x0 for shape in shaded] == [0, pytest.approx(np.sqrt(0.5 / 0.1), abs=0.02)]
    assert shaded[0].x1 == pytest.approx((5 * 0.1 * 0.5**2) ** 0.25, abs=0.02)


@pytest.mark.parametrize("axis", ["log", "linear"])
def test_the_regulariser_figure_has_each_eigenvalue_under_both(axis: str) -> None:
    figure = regulariser_figure(axis)
    assert len(figure.data) == 2 * len(START)
    firsts = [item.y[0] for item in figure.data]
    assert np.allclose(firsts, [*START, *START])
    assert figure.layout.yaxis.type == figure.layout.yaxis2.type == axis


def test_a_walker_that_runs_away_is_said_in_words_and_no_number_is_missing() -> None:
    data = LandscapeData(DIVERGED)
    figures = drawn(data)
    said = " ".join(part for part in figures if isinstance(part, str))
    assert "ran away at step" in said
    assert "Lower the learning rate" in said
    assert "Even without noise the walker runs away" in said
    assert "nan" not in said.lower()


@pytest.mark.parametrize(
    "view",
    [
        replace(QUICK, scale=0),
        replace(QUICK, x=0, y=0),
        replace(QUICK, x=2, y=2),
        replace(QUICK, scale=2, lr=0.5),
        replace(QUICK, noise="label", scale=2, lr=0.5),
        replace(QUICK, noise="label", scale=2, lr=0.3, x=0.5, y=0.2),
        replace(QUICK, steps=20, lr=0.01),
    ],
)
def test_the_extremes_are_drawn_and_said_without_nan(view: LandscapeView) -> None:
    texts = [part for part in drawn(LandscapeData(view)) if isinstance(part, str)]
    assert len(texts) == 3
    assert not [text for text in texts if "nan" in text.lower() or "inf" in text.lower()]


def test_sentences_name_the_ends_of_the_prediction() -> None:
    still = LandscapeData(replace(QUICK, scale=0))
    assert sentences.drift(still) == "Without noise nothing moves along the valley."
    wild = LandscapeData(replace(QUICK, scale=2, lr=0.5))
    assert "trusted at no place" in sentences.drift(wild)
    slow = LandscapeData(replace(QUICK, x=2, y=2))
    assert "still falling" in sentences.walker(slow)
    assert "no prediction, because the walkers are still falling" in sentences.spread(slow)
    near = LandscapeData(replace(QUICK, lr=0.1))
    assert "below |x| = 0.6" in sentences.drift(near)
    assert "above 2.2" in sentences.drift(near)


def test_with_nearly_all_walkers_gone_no_mean_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    data = LandscapeData(QUICK)
    end = data.excursion.end
    diverged_at = np.where(np.arange(WALKERS) == 3, -1, 5)
    lone = replace(data.excursion, end=replace(end, diverged_at=diverged_at))
    monkeypatch.setitem(data.__dict__, "excursion", lone)
    assert "ran away" in drawn(data)[-1]
    assert "nan" not in drawn(data)[-1]
