"""A collection in words: what it is called, how its runs ended, what varies in it."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.base.words import count
from dashboard.sweeps.columns import FIELDS
from dashboard.sweeps.table import SweepTable
from simulation.archive import Status
from simulation.sweeps import Plan

_TITLES = {
    "fidelity": "Published simulations, run again",
    "paper": "Shipped runs",
    "live": "Live runs",
    "runs": "Runs from the command line",
}
ENDED = {
    Status.FINISHED: "finished",
    Status.DIVERGED: "diverged",
    Status.ALL_UNITS_SILENT: "fell silent in every unit",
    Status.CANCELLED: "were cancelled",
    Status.INTERRUPTED: "were interrupted",
    Status.TIME_LIMIT: "reached their time limit",
}
"""What runs did that ended so."""


def title_of(plan: Plan | None, collection: str) -> str:
    """The plan's title; of a collection without a plan what it is known as, else its name."""
    return plan.title if plan and plan.title else _TITLES.get(collection, collection)


def endings(table: SweepTable) -> str:
    """'450 runs: 312 finished, 138 fell silent in every unit'."""
    total = count(len(table), "run")
    if "status" not in table.frame:
        return f"{total}, all {ENDED[Status(table.constants['status'])]}"
    told = table.frame["status"].value_counts()
    parts = [f"{number:,} {ENDED[Status(name)]}" for name, number in told.items() if number]
    return f"{total}: {', '.join(parts)}"


def varied(table: SweepTable, most: int = 6) -> str:
    """'What varies: update noise s, learning rate, rule and 3 more.'"""
    names = [*table.swept, *(["seed"] if "seed" in table.fields else [])]
    return varied_fields(names, most) or "No setting varies."


def varied_fields(fields: Iterable[str], most: int = 6) -> str:
    """The same of fields by name; empty without any."""
    names = [FIELDS[name].in_sentence for name in fields]
    if not names:
        return ""
    shown, more = names[:most], len(names) - most
    if more > 0:
        return f"What varies: {', '.join(shown)} and {more} more."
    end = f" and {shown[-1]}" if len(shown) > 1 else shown[-1]
    return f"What varies: {', '.join(shown[:-1])}{end}."
