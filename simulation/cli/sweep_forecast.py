"""What a sweep would take: counts, cost, time and room."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.archive import Archive
from simulation.cli.progress import duration
from simulation.config import RunConfig
from simulation.sweeps import Plan
from simulation.sweeps.order import missing, steps_of
from simulation.sweeps.pools import processes

if TYPE_CHECKING:
    from simulation.sweeps.estimate import Estimate

_LISTED = 5
"""Values of a field that are listed; of more, the number and both ends are told."""


def forecast(
    plan: Plan, configs: Sequence[RunConfig], folder: Path, collection: str, workers: int
) -> dict[str, Any]:
    """Everything `print_forecast` tells, for JSON too; the estimate is null if nothing is left."""
    left, elsewhere = list(configs), 0
    if folder.exists() and any(folder.iterdir()):
        archive = Archive.open(folder)
        left = missing(configs, archive)
        here = set(archive.runs(["run_id"], collection)["run_id"])
        waiting = {config.run_id for config in left}
        elsewhere = sum(config.run_id not in waiting | here for config in configs)
    return {
        "title": plan.title,
        "collection": collection,
        "planned": plan.count,
        "duplicates": plan.count - len(configs),
        "in_archive": len(configs) - len(left),
        "in_other_collections": elsewhere,
        "to_make": len(left),
        "swept": {path: _values(path, configs) for path in plan.swept},
        "steps": sum(map(steps_of, left)),
        "parameter_steps": sum(steps_of(config) * config.parameter_count for config in left),
        "workers": workers,
        "estimate": _estimate(left, workers) if left else None,
    }


def _estimate(configs: Sequence[RunConfig], workers: int) -> dict[str, Any]:
    with processes(1) as pool:  # as in the sweep, with one core
        found = pool.executor.submit(_estimate_here, configs).result()
    return {
        "seconds": found.seconds / min(workers, len(configs)),
        "core_seconds": found.seconds,
        "bytes": found.bytes,
        "shapes": found.shapes,
        "measured_shapes": found.measured,
    }


def _estimate_here(configs: Sequence[RunConfig]) -> Estimate:
    from simulation.sweeps.estimate import estimate  # loads the engine

    return estimate(configs)


def _values(path: str, configs: Sequence[RunConfig]) -> list[Any]:
    """The different values of a field, numbers in order."""
    found = dict.fromkeys((config.values() | config.derived()).get(path) for config in configs)
    known = [value for value in found if value is not None]
    return known if any(isinstance(value, str) for value in known) else sorted(known)


def print_forecast(expected: dict[str, Any]) -> None:
    """The same for people."""
    print(f"{expected['title']}, collection {expected['collection']}")
    for path, values in expected["swept"].items():
        print(f"  {path}: {_in_words(values)}")
    elsewhere = expected["in_other_collections"]
    there = f" ({elsewhere:,} in other collections)" if elsewhere else ""
    print(
        f"{expected['planned']:,} runs planned, {expected['duplicates']:,} duplicates; "
        f"{expected['in_archive']:,} in the archive{there}, {expected['to_make']:,} to make"
    )
    if (found := expected["estimate"]) is None:
        return
    print(
        f"{expected['steps']:.3g} steps, {expected['parameter_steps']:.3g} parameter-steps\n"
        f"about {duration(found['seconds'])} with {expected['workers']} workers "
        f"({duration(found['core_seconds'])} on one), {found['bytes'] / 1e6:,.1f} MB on the disk"
    )
    print(
        f"an estimate from the first steps, here and now, of {found['measured_shapes']:,} of "
        f"{found['shapes']:,} kinds of runs; runs get faster as units fall silent"
    )


def _in_words(values: Sequence[Any]) -> str:
    if len(values) <= _LISTED or isinstance(values[0], str):
        return ", ".join(map(str, values))
    return f"{len(values):,} values from {values[0]:g} to {values[-1]:g}"
