"""What was made lately, kept until there is too much of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")


class Kept(Generic[T]):
    """The values used last whose sizes add up to at most `most`. Safe between threads.

    `size` is that of a value (1 where it is not given); one that is larger than everything is kept
    alone.
    """

    def __init__(self, most: int, size: Callable[[T], int] = lambda _: 1) -> None:
        self._values: LRUCache[Hashable, T] = LRUCache(most, lambda value: min(size(value), most))
        self._lock = threading.Lock()

    def get(self, key: Hashable, build: Callable[[], T]) -> T:
        """The value of `key`, built if it is not kept; two threads may build it at once."""
        with self._lock:
            if key in self._values:
                return self._values[key]
        value = build()
        with self._lock:
            return self._values.setdefault(key, value)
