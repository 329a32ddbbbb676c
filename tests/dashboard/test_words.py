"""Sentences about numbers."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.base import words as numbers
from dashboard.pages.run import words
from dashboard.runs.fits import Phases, phase_lines
from dashboard.runs.queries import Spectrum


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (7.6, "8"), (123.4, "123"), (31_871, "31,900"), (1_234_567, "1,230,000")],
)
def test_about_three_digits(value: float, text: str) -> None:
    assert numbers.whole(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.81, "0.81 s"), (12.3, "12 s"), (185, "3 min 5 s")]
)
def test_durations(seconds: float, text: str) -> None:
    assert numbers.duration(seconds) == text


def test_a_timescale_with_its_interval() -> None:
    record = {
        "tau_steps": 31_871.0,
        "tau_steps_low": 22_400.0,
        "tau_steps_high": 47_600.0,
        "tau_verdict": "identified",
    }
    assert words.timescale(record, {}) == (
        "Units fall silent with a timescale of τ = 31,900 steps (95 % interval 22,400 to 47,600)."
    )


def test_no_timescale_gives_the_reason() -> None:
    reasons = {"tau_steps": "the curve is flat"}
    assert words.timescale({"tau_steps": None}, reasons) == "No timescale τ: the curve is flat."


def test_the_published_rate_and_its_tau() -> None:
    said = words.published_rate({"log10_sparsification_rate": -4.0}, {})
    assert "−4.00" in said
    assert "τ = 10,000 steps" in said


def test_phases_in_words() -> None:
    full = phase_lines(Phases(10, 500, "", {}), 1_000)
    assert [place for _, _, place in full] == [
        "to step 10",
        "step 10 to 500",
        "from step 500 to 1,000",
    ]
    still = Phases(10, None, "", {"stationary_from_step": "units still fall silent"})
    assert phase_lines(still, 1_000)[2][2] == "units still fall silent"
    none = Phases(None, None, "", {"learning_end_step": "the loss did not fall"})
    assert [place for _, _, place in phase_lines(none, 1_000)] == [
        "the loss did not fall",
        "not reached",
        "not reached",
    ]


def test_a_spectrum_in_words_counts_every_eigenvalue() -> None:
    now = Spectrum(10, np.array([-20.0, -1.0, 0.0]), negative=2, exact_zeros=5, rounded_zeros=0)
    said = words.spectrum(now, 25, "the matrix is too large", -10.0)
    assert said == (
        "Step 10, the last recorded before the cursor: of 10 eigenvalues 3 are positive (30.0%), "
        "2 negative, 5 exactly zero (weights of silent units, unused input directions). "
        "The first bar holds 1 that are smaller still. The matrix is too large."
    )


def test_no_spectrum_says_why() -> None:
    assert words.spectrum(None, 5, "too large.", -10.0) == (
        "No eigenvalues were recorded at or before step 5. Too large."
    )
