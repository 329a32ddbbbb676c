"""`list`: the runs of an archive, one a line."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from simulation.archive.catalog import Catalog
from simulation.archive.running import has_spools
from simulation.cli.formats import print_json, short
from simulation.errors import ArchiveError

COLUMNS = [
    "run_id",
    "collection",
    "status",
    "task.kind",
    "network.hidden_units",
    "noise.update_scale",
    "noise.label_scale",
    "steps_reached",
    "active_units_ratio",
    "tau_steps",
    "name",
    "created_at",
]
SHOWN = 100


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of this command alone."""
    parser.add_argument("--collection", metavar="NAME", help="runs of this collection only")
    parser.add_argument(
        "--limit",
        metavar="RUNS",
        type=_whole_number,
        default=SHOWN,
        help="how many archived runs to list at most, the newest; 0: all (default: %(default)s)",
    )


def run_list(options: argparse.Namespace) -> int:
    """Oldest first, those in progress last."""
    catalog = Catalog.open(options.archive)
    in_progress = _in_progress(catalog, options.collection)  # archives runs that died
    counts = catalog.counts()
    if options.collection is not None and options.collection not in counts:
        raise ArchiveError(
            f"No collection {options.collection!r} in {catalog.path}.",
            subject=options.collection,
            remedy=f"There are: {', '.join(counts) or 'none'}.",
        )
    runs = counts.get(options.collection, sum(counts.values()))
    listed = catalog.query(COLUMNS, options.collection, newest=options.limit or None)
    rows = listed.to_pylist() + in_progress
    if options.json:
        left_out = runs - listed.num_rows
        print_json({"archive": str(catalog.path), "runs": rows, "older_runs_left_out": left_out})
    elif not rows:
        print(f"No runs in {catalog.path} yet. `python -m simulation run --recipe NAME` makes one.")
    else:
        _print_table(rows)
        if listed.num_rows < runs:
            more = f"{runs - listed.num_rows:,} older runs are not listed; --limit 0 lists all"
            print(more, file=sys.stderr)
    return 0


def _in_progress(catalog: Catalog, collection: str | None) -> list[dict[str, Any]]:
    if not has_spools(catalog.path):
        return []
    from simulation.archive import Archive

    runs = Archive.open(catalog.path).running()
    chosen = (run for run in runs if collection in (None, run.collection))
    return [{name: run.record.get(name) for name in COLUMNS} for run in chosen]


def _print_table(rows: list[dict[str, Any]]) -> None:
    columns = COLUMNS[:-1]
    table = [columns, *([short(row[name]) for name in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def _whole_number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)
