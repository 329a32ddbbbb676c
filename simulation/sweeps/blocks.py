"""Reading one block of a plan: base, grid, together, random and seeds, as factors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from simulation.config import RULES, TASKS, FieldSpec, fields
from simulation.config.reading import closest
from simulation.errors import Problem
from simulation.noise.streams import generator
from simulation.sweeps.axes import drawn, is_whole, listed
from simulation.sweeps.plan import Block, Factor

_SECTIONS = ("base", "grid", "together", "random")
PARTS = ("seeds", *_SECTIONS)
"""What a block consists of; a plan without blocks is one."""
_DRAWS = ("draws", "draws_seed")


def read_block(
    shared: Mapping[str, Any], own: Mapping[str, Any], place: str, problems: list[Problem]
) -> Block:
    """A block from its own parts and those `shared` by all; what is wrong joins `problems`."""
    problems += unknown_parts(own, PARTS, place)
    return _Reader(shared, own, place, problems).block()


def unknown_parts(
    content: Mapping[str, Any], known: Collection[str], place: str = ""
) -> list[Problem]:
    """The keys of a table of the plan that mean nothing there."""
    return [
        Problem(f"{place}{name}", f"unknown part of a plan{closest(name, known)}")
        for name in content
        if name not in known
    ]


class _Reader:
    """The fields of one block by section, and where each was said."""

    def __init__(
        self,
        shared: Mapping[str, Any],
        own: Mapping[str, Any],
        place: str,
        problems: list[Problem],
    ) -> None:
        self._place, self._problems = place, problems
        self._seeds = own.get("seeds", shared.get("seeds"))
        self._draws: dict[str, Any] = {}
        self._where: dict[str, str] = {}
        self._found: dict[str, dict[str, Any]] = {name: {} for name in _SECTIONS}
        for section in _SECTIONS:
            for origin, content in (("", shared), (place, own)):
                self._collect(section, f"{origin}{section}", content.get(section, {}))

    def block(self) -> Block:
        base = self._found["base"]
        for path, value in base.items():
            if isinstance(value, list | dict):
                self._wrong(self._where[path], "has several values; put it into [grid]")
        factors = [*self._grid(), *self._together(), *self._random(), *self._seed()]
        return Block(self._place, base, tuple(factors))

    def _wrong(self, where: str, message: str) -> None:
        self._problems.append(Problem(where, message))

    def _collect(self, section: str, at: str, content: Any) -> None:
        """Sort the fields of one table of the plan into `_found`."""
        if not isinstance(content, dict):
            return self._wrong(at, "is a table of fields")
        for path, spec in _flat(content).items():
            where = f"{at}.{path}"
            if section == "random" and path in _DRAWS:
                self._draws[path] = spec
            elif path not in _known():
                self._wrong(where, f"unknown field{closest(path, _known())}")
            elif path in self._where:
                self._wrong(where, f"is set by {self._where[path]} already; keep one")
            else:
                self._where[path], self._found[section][path] = where, spec
        return None

    def _columns(
        self, section: str, read: Callable[[str, Any, bool], list[Any]]
    ) -> dict[str, list[Any]]:
        """The values of each axis of a section; an axis that cannot be read is left out."""
        columns = {}
        for path, spec in self._found[section].items():
            try:
                columns[path] = read(path, spec, _known()[path])
            except ValueError as error:
                self._wrong(self._where[path], str(error))
        return columns

    def _grid(self) -> list[Factor]:
        columns = self._columns("grid", lambda _, spec, whole: listed(spec, whole))
        return [tuple({path: value} for value in values) for path, values in columns.items()]

    def _together(self) -> list[Factor]:
        columns = self._columns("together", lambda _, spec, whole: listed(spec, whole))
        if len({len(values) for values in columns.values()}) > 1:
            counts = ", ".join(f"{path} has {len(values)}" for path, values in columns.items())
            self._wrong(f"{self._place}together", f"lists of different lengths: {counts}")
            return []
        return [_side_by_side(columns)] if columns else []

    def _random(self) -> list[Factor]:
        draws: Any = self._draws.get("draws")
        draws_seed = self._draws.get("draws_seed", 0)
        if not self._found["random"]:
            if self._draws:
                self._wrong(f"{self._place}random", "names no field to draw")
            return []
        if not is_whole(draws, 1):
            self._wrong(f"{self._place}random.draws", "how many draws, a whole number from 1")
            return []
        if not is_whole(draws_seed, 0):
            self._wrong(f"{self._place}random.draws_seed", "is a whole number from 0")
            return []

        def draw(path: str, spec: Any, whole: bool) -> list[Any]:
            return drawn(spec, whole, generator(draws_seed, f"sweep {path}").random(draws))

        return [_side_by_side(self._columns("random", draw))]

    def _seed(self) -> list[Factor]:
        if self._seeds is None:
            return []
        if "seed" in self._where:
            self._wrong(f"{self._place}seeds", f"{self._where['seed']} sets the seed; keep one")
        elif is_whole(self._seeds, 1):
            return [tuple({"seed": seed} for seed in range(self._seeds))]
        else:
            self._wrong(f"{self._place}seeds", f"{self._seeds!r} is not a whole number from 1")
        return []


def _side_by_side(columns: dict[str, list[Any]]) -> Factor:
    rows = zip(*columns.values(), strict=True)
    return tuple(dict(zip(columns, row, strict=True)) for row in rows)


def _flat(part: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dotted names with what is said of them; a table at the place of a field is its values."""
    flat: dict[str, Any] = {}
    for key, value in part.items():
        path = f"{prefix}{key}"
        is_section = isinstance(value, dict) and path not in _known()
        flat |= _flat(value, f"{path}.") if is_section else {path: value}
    return flat


@cache
def _known() -> dict[str, bool]:
    """Every field of any configuration, and whether it holds whole numbers."""
    kinds = [{"task.kind": task} for task in TASKS] + [{"rule.kind": rule} for rule in RULES]
    specs: list[FieldSpec] = [spec for chosen in kinds for spec in fields(chosen)]
    return {spec.path: spec.is_integer for spec in specs}
