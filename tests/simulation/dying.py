"""Processes that die at a change of the disk, played by one that goes on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

CHANGES = ("rename", "replace", "unlink", "rmdir", "mkdir", "utime")
"""Of `os`, which all other ways to change names go through."""


class Killed(BaseException):
    """The process ended."""


class Death:
    """Lets so many changes happen, and none after."""

    def __init__(self, changes: int) -> None:
        self._left = changes
        self._mortal = threading.get_ident()

    @property
    def happened(self) -> bool:
        return self._left < 0

    def attempt(self) -> None:
        """To be called before each change. Killed: it must not happen."""
        if threading.get_ident() == self._mortal:
            self._left -= 1
            if self._left < 0:
                raise Killed


@contextmanager
def dying(changes: int | None) -> Iterator[Death]:
    """The block ends with the change of the local disk after so many; None: it lives."""
    death = Death(10**9 if changes is None else changes)

    def limited(change: Callable[..., Any]) -> Callable[..., Any]:
        def attempt(*arguments: Any, **options: Any) -> Any:
            death.attempt()
            return change(*arguments, **options)

        return attempt

    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        for name in CHANGES:
            patch.setattr(os, name, limited(getattr(os, name)))
        yield death
