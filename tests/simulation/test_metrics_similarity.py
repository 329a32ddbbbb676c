"""The mismatch of similarities, in exact cases."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.metrics.similarity import log10_relative_mismatch, similarity_mismatch


def test_a_rotation_keeps_all_similarities() -> None:
    inputs = np.random.default_rng(0).normal(size=(30, 3))
    rotation, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    assert similarity_mismatch(inputs, rotation @ inputs.T) == pytest.approx(0, abs=1e-25)


def test_by_hand() -> None:
    inputs, activity = np.array([[1.0], [2.0]]), np.array([[1.0, 0.0]])
    assert similarity_mismatch(inputs, activity) == pytest.approx((0 + 4 + 4 + 16) / 4)
    assert similarity_mismatch(inputs, activity, 1.0) == pytest.approx((1 + 1 + 1 + 9) / 4)


def test_silence_on_the_ring_misses_half() -> None:
    """The mean square of cos over all differences."""
    angle = 2 * np.pi * np.arange(100) / 100
    inputs = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    silent = similarity_mismatch(inputs, np.zeros((5, 100)))
    assert silent == pytest.approx(0.5)
    assert log10_relative_mismatch(0.05, inputs, 0.0) == pytest.approx(-1)
    assert log10_relative_mismatch(silent, inputs, 0.0) == 0


def test_nothing_to_match_has_no_scale() -> None:
    assert np.isnan(log10_relative_mismatch(1.0, np.zeros((4, 2)), 0.0))
    assert log10_relative_mismatch(0.0, np.ones((4, 2)), 0.0) == -np.inf


def test_the_scale_is_that_of_silence_under_the_same_bias() -> None:
    """Similarities (1, 2, 2, 4) of the inputs less 1: (0, 1, 1, 3), mean square 11/4."""
    inputs = np.array([[1.0], [2.0]])
    assert log10_relative_mismatch(11 / 40, inputs, 1.0) == pytest.approx(-1)


@pytest.mark.parametrize("activity", [1e160, np.inf])
def test_responses_that_ran_away_are_no_match(activity: float) -> None:
    inputs, responses = np.ones((2, 1)), np.array([[activity, 0.0]])
    assert not np.isfinite(similarity_mismatch(inputs, responses))
