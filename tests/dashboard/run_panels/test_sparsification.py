"""Units that fall silent: curves, fits, and the timescale in words."""

from __future__ import annotations

import numpy as np

from dashboard.pages.run.panels.sparsification import (
    published_rate,
    sparsification_figure,
    timescale,
)
from dashboard.runs.fits import FitCurve
from tests.dashboard.figure_samples import ALL_PHASES, CURVES, LOG


def test_sparsification_draws_what_is_recorded_and_every_fit() -> None:
    fit = FitCurve("robust", np.array([0, 1_000]), np.array([1.0, 0.3]))
    figure = sparsification_figure(CURVES, LOG, ALL_PHASES, [fit])
    assert [trace.name for trace in figure.data] == [
        "active units",
        "active fraction",
        "robust fit",
    ]
    np.testing.assert_array_equal(figure.data[0].y, CURVES["active_units"])


def test_a_fit_is_drawn_where_it_can_be_a_share_of_units() -> None:
    fit = FitCurve("published", np.array([0, 10, 100]), np.array([1.2, 1.0005, 0.4]))
    figure = sparsification_figure(CURVES, LOG, ALL_PHASES, [fit])
    np.testing.assert_array_equal(figure.data[2].y, [np.nan, 1.0005, 0.4])


def test_a_timescale_with_its_interval() -> None:
    record = {
        "tau_steps": 31_871.0,
        "tau_steps_low": 22_400.0,
        "tau_steps_high": 47_600.0,
        "tau_verdict": "identified",
    }
    assert timescale(record, {}) == (
        "Units fall silent with a timescale of τ = 31,900 steps (95 % interval 22,400 to 47,600)."
    )


def test_no_timescale_gives_the_reason() -> None:
    reasons = {"tau_steps": "the curve is flat"}
    assert timescale({"tau_steps": None}, reasons) == "No timescale τ: the curve is flat."


def test_the_published_rate_and_its_tau() -> None:
    said = published_rate({"log10_sparsification_rate": -4.0}, {})
    assert "−4.00" in said
    assert "τ = 10,000 steps" in said
