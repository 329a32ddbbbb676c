"""The per-step noise: its format, its distribution, its independence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulation.noise.step_noise import (
    normal_pair,
    step_key,
    step_normals,
    step_uniforms,
    stream_key,
    words,
)

STEPS, COUNT = 1_500, 640
PINNED_NORMALS = [0.5912113785743713, -0.5505260229110718, -1.1996891498565674]
PINNED_SECOND_HALF = [0.6450038552284241, -0.7788009643554688, -0.7040473818778992]
PINNED_UNIFORMS = [-0.017063051462173462, 0.06153103709220886, 0.03620979189872742]


@pytest.fixture(scope="module")
def normals() -> np.ndarray:
    return table(0, "update_noise")


def table(seed: int, stream: str) -> np.ndarray:
    """(STEPS, COUNT) normals, in float64."""
    return np.array([step_normals(seed, stream, step, COUNT) for step in range(STEPS)], float)


def z_score(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two sets of standard numbers, in its own standard errors."""
    return float((a * b).mean() * np.sqrt(a.size))


def test_the_numbers_are_part_of_the_archive_format() -> None:
    """Trajectories, and so shared links, rest on these; a change needs new engine versions."""
    assert step_normals(0, "update_noise", 0, 3).tolist() == PINNED_NORMALS
    assert step_normals(12345, "label_noise", 10**9, 40)[35:38].tolist() == PINNED_SECOND_HALF
    assert step_uniforms(0, "label_noise", 1, 3).tolist() == PINNED_UNIFORMS


@given(
    seed=st.integers(0, 2**31 - 1),
    step=st.integers(0, 10**9),
    count=st.integers(1, 300),
    more=st.integers(0, 300),
)
def test_an_element_does_not_depend_on_how_many_are_drawn(
    seed: int, step: int, count: int, more: int
) -> None:
    for draw in (step_normals, step_uniforms):
        few, many = draw(seed, "x", step, count), draw(seed, "x", step, count + more)
        assert few.shape == (count,)
        assert few.dtype == np.float32
        assert (few == many[:count]).all()


def test_normals_are_normal(normals: np.ndarray) -> None:
    size = normals.size
    assert abs(normals.mean()) < 4 / np.sqrt(size)
    assert abs((normals**2).mean() - 1) < 4 * np.sqrt(2 / size)
    assert abs((normals**3).mean()) < 4 * np.sqrt(15 / size)
    assert abs((normals**4).mean() - 3) < 4 * np.sqrt(96 / size)
    assert stats.kstest(normals.ravel(), "norm").pvalue > 1e-4
    assert 4.5 < np.abs(normals).max() < 6.7


def test_uniforms_are_uniform_and_stay_inside() -> None:
    uniforms = step_uniforms(0, "label_noise", 0, 2_000_000).astype(float)
    assert np.abs(uniforms).max() < 0.5
    assert abs(uniforms.mean()) < 4 / np.sqrt(12 * uniforms.size)
    assert stats.kstest(uniforms + 0.5, "uniform").pvalue > 1e-4


def test_neighbouring_steps_and_elements_are_independent(normals: np.ndarray) -> None:
    for power in (lambda z: z, lambda z: (z**2 - 1) / np.sqrt(2)):
        values = power(normals)
        for lag in (1, 2, 3, 16, 100):
            assert abs(z_score(values[lag:], values[:-lag])) < 4.5
        for lag in (1, 2, 16, 31, 32, 33, 64, 128):
            assert abs(z_score(values[:, lag:], values[:, :-lag])) < 4.5


def test_seeds_and_streams_are_independent(normals: np.ndarray) -> None:
    for other in (table(1, "update_noise"), table(0, "label_noise"), table(2**31 - 1, "x")):
        assert abs(z_score(normals, other)) < 4.5
        assert abs(z_score(normals**2 - 1, other**2 - 1)) < 4.5 * 2


def test_steps_add_up_to_a_free_random_walk(normals: np.ndarray) -> None:
    walk = normals.sum(axis=0) / np.sqrt(STEPS)
    assert abs((walk**2).mean() - 1) < 4 * np.sqrt(2 / COUNT)
    assert stats.kstest(walk, "norm").pvalue > 1e-4


def test_no_two_elements_share_their_random_bits() -> None:
    with np.errstate(over="ignore"):
        keys = [step_key(stream_key(0, "update_noise"), step) for step in range(STEPS)]
    pairs = np.arange(500, dtype=np.uint32)
    drawn = [words(pairs, low, high) for low, high in keys]
    bits = np.array(
        [(first.astype(np.uint64) << np.uint64(32)) | second for first, second in drawn]
    )
    assert np.unique(bits).size == bits.size


def test_no_two_steps_share_their_key() -> None:
    steps = np.arange(1_000_000, dtype=np.uint64)
    low, high = step_key(stream_key(3, "update_noise"), steps)  # type: ignore[arg-type]
    keys = (high.astype(np.uint64) << np.uint64(32)) | low
    assert np.unique(keys).size == keys.size


def test_the_transform_is_box_muller() -> None:
    random = np.random.default_rng(0)
    first, second = random.integers(0, 2**32, (2, 200_000), dtype=np.uint32)
    first[:4] = 0, 1, 2**32 - 2, 2**32 - 1
    radius = np.sqrt(-2 * np.log(((first >> np.uint32(1)).astype(float) + 0.5) / 2**31))
    angle = (second << np.uint32(2)).view(np.int32) * (np.pi / 4 / 2**31)
    angle = np.where(second & np.uint32(2), np.pi - angle, angle)
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    swapped = (second & np.uint32(1)).astype(bool)
    a, b = normal_pair(first, second)
    error = np.abs([a - np.where(swapped, y, x), b - np.where(swapped, x, y)])
    assert error.max() < 3e-4
    assert error[:, radius > 0.01].max() < 1e-5
