"""A plan: which runs a sweep is made of. How plans are written: `simulation.sweeps.reading`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from simulation.config import RunConfig
from simulation.errors import ConfigError, Problem

Factor = tuple[dict[str, Any], ...]
"""What one part of a combination can be: a few fields with their values, by dotted name."""


@dataclass(frozen=True)
class Block:
    """Every combination of its factors, on a base.

    Attributes
    ----------
    place : where it stands in the plan, for messages: '' or 'block 2: '.
    base : fields that all its runs share.
    factors : the last varies fastest.
    """

    place: str
    base: dict[str, Any]
    factors: tuple[Factor, ...]

    @property
    def count(self) -> int:
        return prod(map(len, self.factors))

    def given(self) -> dict[str, set[Any]]:
        """Every value that each field is given; one that it does not name has its default."""
        values: dict[str, set[Any]] = {}
        for part in [part for factor in self.factors for part in factor] + [self.base]:
            for path, value in part.items():
                values.setdefault(path, set()).add(value)
        return values

    def combinations(self) -> Iterator[dict[str, Any]]:
        """The fields of each run that its base does not give, by dotted name."""
        for parts in product(*self.factors):
            yield {path: value for part in parts for path, value in part.items()}


@dataclass(frozen=True)
class Plan:
    """What a sweep runs, and what it is about.

    Attributes
    ----------
    title : one line.
    about : a paragraph; may be empty.
    collection : folder of the archive that its runs are put in.
    text : the plan as it was written, TOML.
    """

    title: str
    about: str
    collection: str
    blocks: tuple[Block, ...]
    text: str

    @property
    def count(self) -> int:
        """How many runs it plans, duplicates included."""
        return sum(block.count for block in self.blocks)

    @property
    def swept(self) -> tuple[str, ...]:
        """The fields that differ between its runs, in the plan's order, the seed last."""
        given = [block.given() for block in self.blocks]
        paths = dict.fromkeys(path for block in given for path in block)
        varied = [
            path for path in paths if len(set().union(*(b.get(path, {None}) for b in given))) > 1
        ]
        return tuple(sorted(varied, key=lambda path: path == "seed"))

    def configs(self) -> list[RunConfig]:
        """Every run, in the plan's order; of equal ones the first.

        Raises
        ------
        ConfigError : a combination cannot be run; it names the first, and how many others.
        """
        return list(self._configs.values())

    @cached_property
    def _configs(self) -> dict[str, RunConfig]:
        found: dict[str, RunConfig] = {}
        refused: list[tuple[Block, dict[str, Any], ConfigError]] = []
        for block in self.blocks:
            for values in block.combinations():
                try:
                    config = RunConfig.parse(block.base | values)
                except ConfigError as error:
                    refused.append((block, values, error))
                else:
                    found.setdefault(config.run_id, config)
        if refused:
            raise self._refusal(refused)
        return found

    def _refusal(self, refused: list[tuple[Block, dict[str, Any], ConfigError]]) -> ConfigError:
        block, values, error = refused[0]
        where = ", ".join(f"{path} = {value}" for path, value in values.items())
        others = f"; {len(refused) - 1:,} more refused" if len(refused) > 1 else ""
        place = f"in the run with {where}" if where else "in [base]"
        note = f" ({place}{others}, of {self.count:,} planned)"
        *before, last = error.problems
        problems = [*before, Problem(last.path, last.message + note)]
        return ConfigError([Problem(f"{block.place}{p.path}", p.message) for p in problems])
