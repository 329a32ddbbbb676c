"""Rate maps: rows that are named, marks over them, and the square of moments."""

from __future__ import annotations

import numpy as np

from dashboard.pages.run.panels.maps import rate_map_figure, sorted_grid_figure
from dashboard.runs.tuning import sorted_grid
from tests.dashboard.figure_samples import CORRIDOR, SAMPLES, TRACK


def test_rate_maps_mark_the_followed_unit_and_the_border_between_directions() -> None:
    order = np.array([2, 0, 1])
    figure = rate_map_figure(np.zeros((3, 8), np.uint8), order, CORRIDOR, 0, TRACK)
    assert list(figure.data[0].y) == ["unit 2", "unit 0", "unit 1"]
    border, frame = figure.layout.shapes
    assert (border.x0, border.x1) == (3.5, 3.5)
    assert (frame.y0, frame.y1) == (0.5, 1.5)
    assert figure.layout.xaxis.ticktext == ("0", "8 | 0", "8", "4", "4")
    assert figure.layout.xaxis.tickvals == (-0.5, 3.5, 7.5, 1.5, 5.5)
    assert figure.layout.xaxis.title.text == "position along the track (arena units)"


def test_activity_by_sample_has_no_direction() -> None:
    cells, order = np.zeros((1, 3), np.uint8), np.array([0])
    figure = rate_map_figure(cells, order, SAMPLES, None, TRACK)
    assert figure.layout.xaxis.title.text == "training sample"
    assert figure.layout.shapes == ()


def test_every_row_of_the_square_has_a_name_of_its_own() -> None:
    maps = np.eye(3, dtype=np.float32)
    grid = sorted_grid([maps, maps[::-1].copy()])
    figure = sorted_grid_figure(grid, [10, 20], unit=1)
    names = list(figure.data[0].y)
    assert len(set(names)) == len(names) == len(grid.cells)
    assert [name.strip("\u200b ") for name in names][:3] == ["unit 0", "unit 1", "unit 2"]
    assert figure.layout.xaxis.ticktext == ("at 10", "at 20")
    assert figure.layout.yaxis.ticktext == ("by 10", "by 20")
    assert len(figure.layout.shapes) == 2
