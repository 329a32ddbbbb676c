"""What is kept: the values used last, as far as their sizes go."""

from __future__ import annotations

from dashboard.base.kept import Kept


def asked(kept: Kept[int], *keys: int) -> list[int]:
    """Which of `keys`, asked for in turn, had to be built; a value is its key."""
    built: list[int] = []

    def build(key: int) -> int:
        built.append(key)
        return key

    for key in keys:
        assert kept.get(key, lambda key=key: build(key)) == key
    return built


def test_the_values_used_last_are_kept() -> None:
    assert asked(Kept(3), 1, 2, 3, 1, 4, 1, 2) == [1, 2, 3, 4, 2]


def test_as_many_are_kept_as_their_sizes_allow() -> None:
    by_value = Kept[int](10, lambda value: value)
    assert asked(by_value, 4, 6, 4, 6, 1, 6, 4) == [4, 6, 1, 4]


def test_one_that_is_larger_than_everything_is_kept_alone() -> None:
    by_value = Kept[int](10, lambda value: value)
    assert asked(by_value, 3, 12, 12, 3, 12) == [3, 12, 3, 12]
