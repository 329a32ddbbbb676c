"""How alike tuning is at every two snapshots: the matrix and its figure."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.pages.run.panels import correlation
from dashboard.pages.run.panels.correlation import (
    Matrix,
    correlation_figure,
    correlation_matrix,
)
from simulation.archive import Run


def test_the_correlation_matrix_is_symmetric_with_ones_on_its_diagonal(corridor: Run) -> None:
    for kind in ("maps", "population"):
        matrix = correlation_matrix(corridor, kind, "evaluation")
        assert matrix.steps == corridor.snapshot_steps().tolist()
        np.testing.assert_array_equal(matrix.values, matrix.values.T)
        np.testing.assert_allclose(np.diag(matrix.values), 1, atol=1e-6)


def test_the_correlation_matrix_holds_what_is_recorded(corridor: Run) -> None:
    rows = corridor.correlations()
    matrix = correlation_matrix(corridor, "maps", "evaluation")
    row = rows[rows["step_a"] != rows["step_b"]].iloc[3]
    at = [matrix.steps.index(row[name]) for name in ("step_a", "step_b")]
    assert matrix.values[at[0], at[1]] == row["rate_map_correlation"]


def test_a_large_correlation_matrix_is_thinned(
    corridor: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correlation, "MAX_SNAPSHOTS", 3)
    matrix = correlation_matrix(corridor, "maps", "evaluation")
    assert matrix.values.shape == (3, 3)
    assert np.isfinite(matrix.values).all()


def test_the_correlation_matrix_reaches_down_to_negative_values() -> None:
    values = np.array([[1.0, -0.2], [-0.2, 1.0]])
    figure = correlation_figure(Matrix([0, 1_000], values))
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-0.2, 1)
    assert list(figure.data[0].x) == ["step 0", "step 1,000"]
