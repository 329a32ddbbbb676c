"""Every unit as a point: which are there, and the axes that hold them."""

from __future__ import annotations

import numpy as np

from dashboard.pages.run.panels.population import (
    PopulationRange,
    followed_point,
    population_figure,
    population_points,
)
from dashboard.runs.frames import build_frame
from dashboard.runs.tuning import MapTrack
from simulation.archive import RateMaps


def test_the_population_leaves_silent_units_out() -> None:
    maps = np.array([[1, 1], [0, 0], [4, 0]], np.float32)
    frame = build_frame(RateMaps(3, "evaluation", maps, np.array([0.0, np.nan, 1.0])), MapTrack(0))
    points = population_points(frame)
    assert points == {"x": [1.0, 2.0], "y": [0.0, 1.0], "customdata": [0, 2]}
    assert followed_point(frame, 2)["x"] == [2.0]
    assert followed_point(frame, 1)["x"] == []
    axes = PopulationRange.over([frame])
    assert axes.log_low < 0 < np.log10(2) < axes.log_high
    assert axes.highest > 1


def test_a_silent_population_has_axes_too() -> None:
    maps = np.zeros((2, 2), np.float32)
    frame = build_frame(RateMaps(3, "samples", maps, np.full(2, np.nan)), MapTrack(0))
    axes = PopulationRange.over([frame])
    figure = population_figure(frame, axes, unit=1)
    assert figure.data[0].x == figure.data[1].x == ()
    assert figure.layout.yaxis.title.text == "share of samples"
