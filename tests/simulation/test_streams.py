"""Named random streams."""

import numpy as np
import pytest

from simulation.noise.streams import generator


def test_a_stream_gives_the_same_numbers_on_any_machine() -> None:
    expected = [0.739947026305098, 0.8713180891414206, 0.5687180638046013]
    assert generator(0, "task").random(3).tolist() == expected


@pytest.mark.parametrize(
    "other", [(1, "task"), (0, "evaluation"), (0, "task "), (00, "arena"), (2**31 - 1, "task")]
)
def test_other_seeds_and_names_give_unrelated_numbers(other: tuple[int, str]) -> None:
    numbers = generator(0, "task").normal(size=20_000)
    assert abs(np.corrcoef(numbers, generator(*other).normal(size=20_000))[0, 1]) < 0.03


def test_a_generator_is_not_shared() -> None:
    first = generator(3, "task")
    first.random(10)
    assert generator(3, "task").random() == generator(3, "task").random()
