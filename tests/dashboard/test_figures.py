"""Figures: what is drawn where, and that every axis says what it is."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.base.packed import packed
from dashboard.base.theme import ACTIVITY_SCALE
from dashboard.pages.run.panels.decoding import decoding_figure
from dashboard.pages.run.panels.information import information_figure
from dashboard.pages.run.panels.loss import loss_figure
from dashboard.pages.run.panels.sparsification import sparsification_figure
from dashboard.pages.run.place_axis import place_axis
from dashboard.runs.fits import FitCurve, Phases, phase_lines
from dashboard.runs.place_words import place_words
from dashboard.runs.thumbnail import as_image, thumbnail_svg
from dashboard.runs.time_axis import TimeAxis, compact, phase_spans, snapshot_axis
from simulation.config import TASKS
from tests.dashboard.figure_samples import (
    ALL_PHASES,
    CORRIDOR,
    CURVES,
    LINEAR,
    LOG,
    NO_PHASES,
    SNAPSHOTS,
    TRACK,
)


def time_figures(axis: TimeAxis) -> list[go.Figure]:
    fit = FitCurve("robust", np.array([0, 1_000]), np.array([1.0, 0.3]))
    return [
        loss_figure(CURVES, axis, ALL_PHASES),
        sparsification_figure(CURVES, axis, ALL_PHASES, [fit]),
        information_figure(CURVES, axis, ALL_PHASES),
        decoding_figure(SNAPSHOTS, axis, ALL_PHASES, TRACK),
    ]


def test_a_log_axis_has_a_place_for_step_0_and_says_so() -> None:
    assert LOG.place([0, 1, 1_000]).tolist() == pytest.approx([1 / 3, 1, 1_000])
    assert 0 < LOG.fraction([0])[0] < LOG.fraction([1])[0] < LOG.fraction([1_000])[0] < 1
    figure = loss_figure(CURVES, LOG, NO_PHASES)
    assert [note.text for note in figure.layout.annotations] == ["0"]
    assert figure.layout.meta == {"zero": pytest.approx(1 / 3)}


def test_a_linear_axis_is_untouched() -> None:
    assert LINEAR.place([0, 1, 1_000]).tolist() == [0, 1, 1_000]
    assert LINEAR.fraction([500])[0] == pytest.approx(0.5)


def test_an_axis_without_a_recording_still_has_an_extent() -> None:
    axis = TimeAxis.over("log", [], 0)
    assert axis.bounds[0] < axis.bounds[1]


@pytest.mark.parametrize("axis", [LOG, LINEAR])
def test_every_figure_over_time_names_its_axes_and_shades_the_phases(axis: TimeAxis) -> None:
    for figure in time_figures(axis):
        assert figure.layout.xaxis.title.text == "training step"
        assert figure.layout.yaxis.title.text
        shades = [(shape.x0, shape.x1) for shape in figure.layout.shapes]
        expected = [axis.place(span).tolist() for span in ([0, 10], [10, 500], [500, 1_000])]
        assert shades == [tuple(span) for span in expected]
        assert figure.layout.uirevision


def test_phases_end_where_they_are_not_known() -> None:
    assert phase_spans(NO_PHASES, 900) == []
    assert phase_spans(Phases(10, None, "", {}), 900) == [
        ("learning", 0, 10),
        ("directed", 10, 900),
    ]


def test_a_phase_too_narrow_for_its_name_is_shaded_without_it() -> None:
    names = [note.text for note in loss_figure(CURVES, LINEAR, ALL_PHASES).layout.annotations]
    assert names == ["Directed drift", "Null drift"]


def test_one_recording_is_a_point() -> None:
    assert loss_figure(CURVES.head(1), LOG, NO_PHASES).data[0].mode == "markers"


@pytest.mark.parametrize(
    ("step", "text"), [(0, "0"), (950, "950"), (12_000, "12k"), (1_500_000, "1.5M")]
)
def test_steps_in_few_characters(step: int, text: str) -> None:
    assert compact(step) == text


def test_a_snapshot_axis_labels_some_cells() -> None:
    axis = snapshot_axis([0, 1, 10, 100, 1_000], count=3)
    assert (axis["tickvals"], axis["ticktext"]) == ([0, 2, 4], ["0", "10", "1k"])


@pytest.mark.parametrize(
    ("kind", "title", "labels"),
    [
        ("ring", "direction round the circle (rad)", ("0", "2π", "π")),
        ("grid_to_place", "position along the track (track lengths)", ("0", "8", "4")),
        ("abstract_predictive", "position round the ring (arena units)", ("0", "8", "4")),
    ],
)
def test_the_axis_of_places_is_called_what_the_task_calls_them(
    kind: str, title: str, labels: tuple[str, ...]
) -> None:
    places = CORRIDOR[:4]
    axis = place_axis(places, place_words(TASKS[kind]()))
    assert axis["title"]["text"] == title
    assert tuple(axis["ticktext"]) == labels


def test_byte_0_is_transparent() -> None:
    assert ACTIVITY_SCALE[0][1] == ACTIVITY_SCALE[1][1] == "rgba(0, 0, 0, 0)"
    assert ACTIVITY_SCALE[1][0] < 1 / 255
    assert ACTIVITY_SCALE[-1][0] == pytest.approx(1)


def test_packed_arrays_come_back() -> None:
    cells = np.arange(6, dtype=np.uint8).reshape(2, 3)
    spec = packed(cells)
    assert (spec["dtype"], spec["shape"]) == ("u1", "2, 3")
    assert base64.b64decode(spec["bdata"]) == cells.tobytes()
    values = np.array([0.5, np.nan])
    restored = np.frombuffer(base64.b64decode(packed(values)["bdata"]))
    np.testing.assert_array_equal(restored, values)


def test_a_thumbnail_is_a_drawing_of_both_curves() -> None:
    svg = thumbnail_svg([0, 1, 10], [0.0, -1.0, -2.0], [1.0, 0.5, float("nan")])
    lines = ET.fromstring(svg).findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [3, 2]
    assert as_image(svg).startswith("data:image/svg+xml;base64,")


def test_what_comes_after_drift_without_noise_is_rest() -> None:
    still = replace(ALL_PHASES, at_rest=True)
    for phases, name in ((ALL_PHASES, "Null drift"), (still, "At rest")):
        figure = loss_figure(CURVES, LINEAR, phases)
        assert name in [note.text for note in figure.layout.annotations]
        assert phase_lines(phases, 1_000)[-1][1] == name


@pytest.mark.parametrize("steps", [[], [0], [0, 5]])
def test_a_thumbnail_of_almost_nothing(steps: list[int]) -> None:
    ET.fromstring(thumbnail_svg(steps, [0.5] * len(steps), [1.0] * len(steps)))
