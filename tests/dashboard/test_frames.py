"""A snapshot ready to be drawn: what counts as active, and activity that is negative."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.pages.run.panels.maps import maps_shown
from dashboard.pages.run.panels.population import (
    PopulationRange,
    population_figure,
    population_points,
    population_words,
)
from dashboard.runs.card import run_card
from dashboard.runs.frames import Frame, build_frame
from dashboard.runs.tuning import MapTrack, silent
from simulation.archive import Archive, RateMaps
from tests.dashboard.page_helpers import text_of
from tests.simulation.archive_helpers import small_config, write_run

NO_TRACK = MapTrack(0)


def frame_of(maps: list[list[float]], activation: str, source: str = "evaluation") -> Frame:
    recorded = np.array(maps, np.float32)
    information = np.full(len(recorded), np.nan if activation == "tanh" else 0.5)
    return build_frame(RateMaps(7, source, recorded, information), NO_TRACK, activation)


def test_a_rectified_unit_is_active_above_0() -> None:
    frame = frame_of([[0, 0.01, np.nan], [0, 0, np.nan]], "relu")
    assert silent(frame.shown).tolist() == [False, True]
    assert frame.active_share.tolist() == [0.5, 0]
    assert np.isnan(frame.peak[1])
    assert "1 of 2 units active (activity > 0)" in population_words(frame)


def test_a_sigmoid_below_its_threshold_is_silent() -> None:
    frame = frame_of([[0.01, 0.04, 0.02], [0.01, 0.5, 0.25]], "sigmoid")
    assert silent(frame.shown).tolist() == [True, False]
    np.testing.assert_allclose(frame.shown[1], [0.02, 1, 0.5])
    assert "(activity > 0.05)" in maps_shown(frame, 7, 2)
    assert population_points(frame)["customdata"] == [1]


def test_the_magnitude_of_negative_activity_is_shown() -> None:
    frame = frame_of([[-1.0, 0.5, 0], [0.01, -0.04, 0]], "tanh")
    np.testing.assert_allclose(frame.shown[0], [1, 0.5, 0])
    assert silent(frame.shown).tolist() == [False, True]
    assert frame.active_share[0] == pytest.approx(2 / 3)
    assert not frame.informative
    for said in (population_words(frame), maps_shown(frame, 7, 2)):
        assert "|activity| > 0.05" in said
        assert "magnitude" in said
    axes = PopulationRange.over([frame])
    figure = population_figure(frame, axes, None)
    assert figure.layout.xaxis.title.text == "mean magnitude of activity"
    assert figure.layout.yaxis.title.text == "share of places"
    assert figure.data[0].y[0] == pytest.approx(2 / 3)


def test_words_name_the_arena() -> None:
    said = population_words(frame_of([[1.0, 0.0]], "relu", "evaluation-2"))
    assert "somewhere on the long walk in arena 2" in said
    assert "in arena" not in population_words(frame_of([[1.0, 0.0]], "relu"))


@pytest.mark.parametrize(
    ("activation", "text"),
    [("relu", "Active units 90% → 10%"), ("tanh", "Active units (|activity| > 0.05) 90% → 10%")],
)
def test_a_card_says_what_active_means(archive: Archive, activation: str, text: str) -> None:
    run = write_run(archive, small_config(network__activation=activation))
    row = dict(run.record) | {"active_units_initial": 0.9, "active_units_final": 0.1}
    assert text in text_of(run_card(row, run.config))
