"""`pack`: many archived runs share their files."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from simulation.archive import Archive
from simulation.archive.packing import Packed
from simulation.cli.formats import print_json

ABOUT = """\
Let the runs of a collection share their files: one a table for some hundred runs. Small runs then
take about half the room, and no run is lost or altered, whenever this is stopped: run it again to
complete it. All commands and the dashboard read packed runs as they read others, and runs may be
made meanwhile; pack the collection again to include them. Exit code 1 if runs had to be left as
they are, because their files are damaged.
"""
_LEFT_SOME = 1


def run_pack(options: argparse.Namespace) -> int:
    """Pack, and say what it came to."""
    archive = Archive.open(options.archive)
    packed = archive.pack(options.collection, _tell)
    if options.json:
        about = {"archive": str(archive.path), "collection": options.collection}
        print_json(about | asdict(packed))
    else:
        _print(packed, options.collection)
    return _LEFT_SOME if packed.left else 0


def _tell(done: int, total: int) -> None:
    print(f"{done:,} of {total:,} runs packed", file=sys.stderr, flush=True)


def _print(packed: Packed, collection: str) -> None:
    holds = f"{_counted(packed.runs, 'run')} in {_counted(packed.packs, 'pack')}"
    if packed.moved:
        before, after = (
            f"{size / 1e6:,.1f} MB" for size in (packed.bytes_before, packed.bytes_after)
        )
        moved = _counted(packed.moved, "run")
        print(f"{collection}: {moved} packed, from {before} to {after}; now {holds}")
    elif not packed.left:
        print(f"{collection}: nothing to pack, {holds}, {packed.bytes_after / 1e6:,.1f} MB")
    for run_id, why in packed.left.items():
        print(f"left as it is: {run_id}, because {why}; see `verify`")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
