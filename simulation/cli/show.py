"""`show`: one run, complete."""

from __future__ import annotations

import argparse

from simulation.archive import Archive
from simulation.cli.output import print_run


def run_show(options: argparse.Namespace) -> int:
    """Its configuration, ending, summary and relatives."""
    archive = Archive.open(options.archive)
    print_run(archive.open_run(options.run_id), archive, as_json=options.json)
    return 0
