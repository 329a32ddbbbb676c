"""Figures: what is drawn where, and that every axis says what it is."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.base.packed import packed
from dashboard.base.theme import ACTIVITY_SCALE
from dashboard.pages.run.panels import population, rate_maps
from dashboard.pages.run.panels.correlation import correlation_figure
from dashboard.pages.run.panels.decoding import decoding_figure
from dashboard.pages.run.panels.information import information_figure
from dashboard.pages.run.panels.loss import loss_figure
from dashboard.pages.run.panels.sparsification import sparsification_figure
from dashboard.pages.run.panels.spectrum import SpectrumBins, spectrum_figure
from dashboard.pages.run.panels.unit import unit_figure
from dashboard.runs.fits import FitCurve, Phases, phase_lines
from dashboard.runs.frames import build_frame
from dashboard.runs.over_time import Origin
from dashboard.runs.place_words import place_words
from dashboard.runs.queries import Matrix, Spectrum
from dashboard.runs.store import UnitHistory
from dashboard.runs.thumbnail import as_image, thumbnail_svg
from dashboard.runs.time_axis import TimeAxis, compact, phase_spans, snapshot_axis
from dashboard.runs.tuning import MapTrack, sorted_grid
from simulation.archive import RateMaps
from simulation.config import TASKS

TRACK = place_words(TASKS["corridor"]())
ALL_PHASES = Phases(10, 500, "a rule", {})
NO_PHASES = Phases(None, None, "", {})
CURVES = pd.DataFrame(
    {
        "step": [0, 1, 10, 100, 1_000],
        "log10_normalized_loss": [0.1, 0.0, -1.0, -2.0, -2.1],
        "active_units": [1.0, 1.0, 0.9, 0.5, 0.3],
        "active_fraction": [0.5, 0.5, 0.4, 0.2, 0.1],
        "tuned_units": [1.0, 1.0, 0.9, 0.5, 0.3],
        "mean_spatial_information_bits": [0.1, 0.1, 0.3, 0.8, 1.0],
    }
)
SNAPSHOTS = pd.DataFrame({"step": [0, 10, 1_000], "position_error": [3.0, 1.0, 1.1]})
LOG = TimeAxis.over("log", CURVES["step"].to_numpy(), 1_000)
LINEAR = TimeAxis.over("linear", CURVES["step"].to_numpy(), 1_000)
CORRIDOR = pd.DataFrame(
    {
        "bin": range(8),
        "position": [1.0, 3.0, 5.0, 7.0] * 2,
        "direction": [0] * 4 + [1] * 4,
        "occupancy": [0.125] * 8,
    }
)
SAMPLES = pd.DataFrame({"bin": range(3), "position": np.nan, "direction": np.nan})


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


def test_sparsification_draws_what_is_recorded_and_every_fit() -> None:
    figure = time_figures(LOG)[1]
    assert [trace.name for trace in figure.data] == [
        "active units",
        "active fraction",
        "robust fit",
    ]
    np.testing.assert_array_equal(figure.data[0].y, CURVES["active_units"])


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


def test_rate_maps_mark_the_followed_unit_and_the_border_between_directions() -> None:
    order = np.array([2, 0, 1])
    figure = rate_maps.rate_map_figure(np.zeros((3, 8), np.uint8), order, CORRIDOR, 0, TRACK)
    assert list(figure.data[0].y) == ["unit 2", "unit 0", "unit 1"]
    border, frame = figure.layout.shapes
    assert (border.x0, border.x1) == (3.5, 3.5)
    assert (frame.y0, frame.y1) == (0.5, 1.5)
    assert figure.layout.xaxis.ticktext == ("0", "8 | 0", "8", "4", "4")
    assert figure.layout.xaxis.tickvals == (-0.5, 3.5, 7.5, 1.5, 5.5)
    assert figure.layout.xaxis.title.text == "position along the track (arena units)"


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
    axis = rate_maps.place_axis(places, place_words(TASKS[kind]()))
    assert axis["title"]["text"] == title
    assert tuple(axis["ticktext"]) == labels


def test_activity_by_sample_has_no_direction() -> None:
    cells, order = np.zeros((1, 3), np.uint8), np.array([0])
    figure = rate_maps.rate_map_figure(cells, order, SAMPLES, None, TRACK)
    assert figure.layout.xaxis.title.text == "training sample"
    assert figure.layout.shapes == ()


def test_every_row_of_the_square_has_a_name_of_its_own() -> None:
    maps = np.eye(3, dtype=np.float32)
    grid = sorted_grid([maps, maps[::-1].copy()])
    figure = rate_maps.sorted_grid_figure(grid, [10, 20], unit=1)
    names = list(figure.data[0].y)
    assert len(set(names)) == len(names) == len(grid.cells)
    assert [name.strip("\u200b ") for name in names][:3] == ["unit 0", "unit 1", "unit 2"]
    assert figure.layout.xaxis.ticktext == ("at 10", "at 20")
    assert figure.layout.yaxis.ticktext == ("by 10", "by 20")
    assert len(figure.layout.shapes) == 2


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


def test_the_correlation_matrix_reaches_down_to_negative_values() -> None:
    values = np.array([[1.0, -0.2], [-0.2, 1.0]])
    figure = correlation_figure(Matrix([0, 1_000], values))
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-0.2, 1)
    assert list(figure.data[0].x) == ["step 0", "step 1,000"]


def spectrum(step: int, *log10: float) -> Spectrum:
    return Spectrum(step, np.array(log10), negative=1, exact_zeros=2, rounded_zeros=0)


def test_one_set_of_bins_holds_all_spectra() -> None:
    spectra = [spectrum(0, -3.0, 0.0, 0.1), spectrum(9, -30.0, -2.0)]
    bins = SpectrumBins.over(spectra)
    assert [int(bins.counts(item).sum()) for item in spectra] == [3, 2]
    assert bins.counts(spectra[1])[0] == 1
    assert bins.counts(None).sum() == 0
    figure = spectrum_figure(bins, spectra[0], None)
    assert "eigenvalue" in figure.layout.xaxis.title.text
    assert figure.layout.yaxis.title.text == "positive eigenvalues"


def test_bins_of_spectra_without_a_positive_eigenvalue() -> None:
    bins = SpectrumBins.over([spectrum(0)])
    assert bins.counts(spectrum(0)).sum() == 0


def test_the_population_leaves_silent_units_out() -> None:
    maps = np.array([[1, 1], [0, 0], [4, 0]], np.float32)
    frame = build_frame(RateMaps(3, "evaluation", maps, np.array([0.0, np.nan, 1.0])), MapTrack(0))
    points = population.population_points(frame)
    assert points == {"x": [1.0, 2.0], "y": [0.0, 1.0], "customdata": [0, 2]}
    assert population.followed_point(frame, 2)["x"] == [2.0]
    assert population.followed_point(frame, 1)["x"] == []
    axes = population.PopulationRange.over([frame])
    assert axes.log_low < 0 < np.log10(2) < axes.log_high
    assert axes.highest > 1


def test_a_silent_population_has_axes_too() -> None:
    maps = np.zeros((2, 2), np.float32)
    frame = build_frame(RateMaps(3, "samples", maps, np.full(2, np.nan)), MapTrack(0))
    axes = population.PopulationRange.over([frame])
    figure = population.population_figure(frame, axes, unit=1)
    assert figure.data[0].x == figure.data[1].x == ()
    assert figure.layout.yaxis.title.text == "share of samples"


def test_one_unit_is_drawn_on_one_scale_with_gaps_where_it_is_silent() -> None:
    maps = np.array([[1.0, 0, 0, 0] * 2, [np.nan] * 8, [0, 2.0, 0, 0] * 2], np.float32)
    history = UnitHistory([0, 10, 100], maps, np.array([1.0, np.nan, 1.0]))
    cells = np.asarray(unit_figure(history, CORRIDOR, TRACK).data[0].z)
    assert cells.shape == (8, 3)
    assert (cells[:, 1] == 0).all()
    assert (cells[0, 0], cells[1, 2]) == (128, 255)


def test_a_thumbnail_is_a_drawing_of_both_curves() -> None:
    svg = thumbnail_svg([0, 1, 10], [0.0, -1.0, -2.0], [1.0, 0.5, float("nan")])
    lines = ET.fromstring(svg).findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [3, 2]
    assert as_image(svg).startswith("data:image/svg+xml;base64,")


def test_the_axis_of_the_loss_holds_the_parent_however_deep_its_child_falls() -> None:
    deep = CURVES.assign(log10_normalized_loss=[-1.0, -5.0, -20.0, -30.0, -30.4])
    figure = loss_figure(deep, LOG, ALL_PHASES, Origin(10, CURVES))
    assert figure.layout.yaxis.autorangeoptions.clipmin == pytest.approx(-2.1 - 2.2)
    texts = [note.text for note in figure.layout.annotations]
    assert "this run goes on down to −30" in texts
    alike = loss_figure(CURVES, LOG, ALL_PHASES, Origin(10, CURVES))
    assert not any("down to" in (note.text or "") for note in alike.layout.annotations)
    assert loss_figure(deep, LOG, ALL_PHASES).layout.yaxis.autorangeoptions.clipmin is None


def test_a_fit_is_drawn_where_it_can_be_a_share_of_units() -> None:
    fit = FitCurve("published", np.array([0, 10, 100]), np.array([1.2, 1.0005, 0.4]))
    figure = sparsification_figure(CURVES, LOG, ALL_PHASES, [fit])
    np.testing.assert_array_equal(figure.data[2].y, [np.nan, 1.0005, 0.4])


def test_what_comes_after_drift_without_noise_is_rest() -> None:
    still = replace(ALL_PHASES, at_rest=True)
    for phases, name in ((ALL_PHASES, "Null drift"), (still, "At rest")):
        figure = loss_figure(CURVES, LINEAR, phases)
        assert name in [note.text for note in figure.layout.annotations]
        assert phase_lines(phases, 1_000)[-1][1] == name


@pytest.mark.parametrize("steps", [[], [0], [0, 5]])
def test_a_thumbnail_of_almost_nothing(steps: list[int]) -> None:
    ET.fromstring(thumbnail_svg(steps, [0.5] * len(steps), [1.0] * len(steps)))
