"""Sentences about numbers."""

from __future__ import annotations

import pytest

from dashboard.base import words as numbers
from dashboard.runs.fits import Phases, phase_lines


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
