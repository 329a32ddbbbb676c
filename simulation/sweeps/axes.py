"""The values that a field takes in a plan: listed, evenly spread, or drawn at random."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.config.reading import closest

DIGITS = 6
"""Significant digits of computed values: readable, and the same on every machine."""
MOST_VALUES = 1_000_000


def listed(spec: Any, whole: bool) -> list[Any]:
    """The values of an axis of [grid] or [together], in order; `whole`: rounded to integers.

    A list as it is, { linear = [first, last], count = n } or { log = [first, last], count = n }.

    Raises
    ------
    ValueError : saying what is wrong with it.
    """
    if isinstance(spec, list):
        return _choices(spec)
    kind, ends, others = _range(spec, ("linear", "log"), "[a, b, ...]")
    count = others.pop("count", None)
    if others:
        raise ValueError(f"{next(iter(others))!r} is not part of a {kind} range")
    if not is_whole(count, 2):
        raise ValueError(f"a {kind} range needs count, a whole number from 2")
    spread = np.linspace if kind == "linear" else np.geomspace
    return [_readable(value, whole) for value in spread(*ends, count)]


def drawn(spec: Any, whole: bool, shares: NDArray[np.float64]) -> list[Any]:
    """The values of an axis of [random]: one for each of `shares`, uniform in [0, 1).

    One of a list, { uniform = [low, high] }, { log_uniform = [low, high] } or
    { integers = [low, high] } (both included).

    Raises
    ------
    ValueError : saying what is wrong with it.
    """
    if isinstance(spec, list):
        options = _choices(spec)
        return [options[int(share * len(options))] for share in shares]
    kind, (low, high), others = _range(spec, tuple(_DRAWS), "[a, b, ...]")
    if others:
        raise ValueError(f"{next(iter(others))!r} is not part of a draw; `draws` says how many")
    if low > high:
        raise ValueError(f"goes from {low:g} down to {high:g}")
    if kind == "integers":
        if low != int(low) or high != int(high):
            raise ValueError("integers lie between two whole numbers")
        return [int(low) + int(share * (int(high) - int(low) + 1)) for share in shares]
    return [_readable(_DRAWS[kind](low, high, share), whole) for share in shares]


_DRAWS: dict[str, Callable[[float, float, float], float]] = {
    "uniform": lambda low, high, share: low + (high - low) * share,
    "log_uniform": lambda low, high, share: low * (high / low) ** share,
    "integers": lambda low, high, share: low + share * (high - low),
}


def _choices(spec: list[Any]) -> list[Any]:
    if not spec:
        raise ValueError("is an empty list")
    for value in spec:
        if isinstance(value, list | dict):
            raise ValueError(f"{value!r} is not a single value")
    return spec


def _range(
    spec: Any, kinds: tuple[str, ...], list_form: str
) -> tuple[str, tuple[float, float], dict[str, Any]]:
    """The kind of a range, its two ends, and what else is said of it."""
    forms = f"{list_form} or {', '.join(f'{{ {kind} = [a, b] }}' for kind in kinds)}"
    if not isinstance(spec, Mapping):
        raise ValueError(f"{spec!r} is one value; write {forms}, or put the field into [base]")
    others = dict(spec)
    kind = next((kind for kind in kinds if kind in others), None)
    if kind is None:
        first = next(iter(others), "")
        raise ValueError(f"{first!r} is not known here{closest(first, kinds)}; write {forms}")
    ends = others.pop(kind)
    if not (isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends))):
        raise ValueError(f"{kind} needs two numbers, [first, last]")
    if "log" in kind and min(ends) <= 0:
        raise ValueError(f"a {kind} range lies above 0")
    return kind, (float(ends[0]), float(ends[1])), others


def _readable(value: float, whole: bool) -> Any:
    return round(value) if whole else float(f"{value:.{DIGITS}g}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def is_whole(value: Any, least: int) -> bool:
    """Whether `value` is a whole number from `least` up to what a plan can hold."""
    return type(value) is int and least <= value <= MOST_VALUES
