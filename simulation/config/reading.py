"""Reading configurations as people write them: dotted or nested, text or numbers, with typos."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from pydantic import ValidationError

from simulation.errors import ConfigError, Problem

DERIVED = {
    "task.input_dim": "this task derives it (corridor: task.rays + 1; ring: 2)",
    "task.output_dim": "this task derives it (corridor: task.rays; others: task.input_dim)",
}


def flatten(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """{'task': {'kind': 'random'}} -> {'task.kind': 'random'}."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        path = f"{prefix}{key}"
        flat |= flatten(value, f"{path}.") if isinstance(value, dict) else {path: value}
    return flat


def nest(values: dict[str, Any]) -> dict[str, Any]:
    """The inverse of `flatten`; accepts a mixture of both forms."""
    nested: dict[str, Any] = {}
    for path, value in flatten(values).items():
        *parents, leaf = path.split(".")
        place = nested
        for parent in parents:
            place = place.setdefault(parent, {})
            if not isinstance(place, dict):
                raise ConfigError([Problem(path, f"{parent} is a value, it has no parts")])
        if isinstance(place.get(leaf), dict):
            raise ConfigError([Problem(path, f"is a section with parts, not {value!r}")])
        place[leaf] = value
    return nested


def read_scalar(value: Any) -> Any:
    """Text from a command line as a number where it is one ('1e6' -> 1000000)."""
    if not isinstance(value, str):
        return value
    try:
        return int(value.replace("_", ""))
    except ValueError:
        pass
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def translate(
    error: ValidationError, fields: Callable[[dict[str, str]], list[Any]]
) -> list[Problem]:
    """Pydantic's errors as problems that name field, value, allowed range and nearest name.

    `fields(kinds)` gives the specifications of a configuration with these kinds.
    """
    kinds = {spec.path: spec.choices for spec in fields({}) if spec.path.endswith(".kind")}
    problems = []
    for item in error.errors():
        location = [str(part) for part in item["loc"]]
        kind_path = f"{location[0]}.kind" if location else ""
        chosen: dict[str, str] = {}
        if len(location) > 1 and location[1] in kinds.get(kind_path, ()):
            chosen[kind_path] = location.pop(1)
        specs = {spec.path: spec for spec in fields(chosen)}
        problems.append(_problem(".".join(location), item, specs))
    return problems


def _problem(path: str, item: Any, specs: Mapping[str, Any]) -> Problem:
    value = item.get("input")
    if item["type"] == "extra_forbidden":
        if path in DERIVED:
            return Problem(path, f"cannot be set: {DERIVED[path]}")
        return Problem(path, f"unknown field{closest(path, specs)}")
    if item["type"] == "union_tag_invalid":
        path, value = f"{path}.kind", item["ctx"]["tag"]
    spec = specs.get(path)
    if spec is None:
        return Problem(path, f"{value!r} is not valid: {item['msg']}")
    if spec.choices:
        known = ", ".join(spec.choices)
        return Problem(path, f"{value!r} is not one of {known}{closest(str(value), spec.choices)}")
    if spec.minimum is None:
        return Problem(path, f"{value!r} is not a run id (12 characters, 0-9 and a-f)")
    noun = "whole number" if spec.is_integer else "number"
    unit = f" {spec.unit}" if spec.unit else ""
    return Problem(path, f"{value!r} is not a {noun} from {spec.allowed}{unit}")


def closest(name: str, known: Collection[str]) -> str:
    """The known name that was probably meant: ' (did you mean X?)', or the empty string."""
    by_leaf = {path.rsplit(".", 1)[-1]: path for path in known}
    hits = difflib.get_close_matches(name, known, 1, 0.6)
    if not hits:
        leaves = difflib.get_close_matches(name.rsplit(".", 1)[-1], list(by_leaf), 1, 0.6)
        hits = [by_leaf[leaf] for leaf in leaves]
    return f" (did you mean {hits[0]}?)" if hits else ""
