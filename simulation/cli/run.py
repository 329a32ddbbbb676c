"""`run`: one configuration, from the command line into the archive."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from simulation.archive import Archive, Progress, Status
from simulation.cli import output
from simulation.cli.inputs import read_config, read_fork
from simulation.cli.progress import watch
from simulation.errors import ConfigError, Problem

CANCELLED = 130
_ENDED_EARLY = 3


def run_run(options: argparse.Namespace) -> int:
    """Compute it, unless it is there; print it; return how it ended as an exit code."""
    from simulation.running.run import execute

    archive = Archive.open(options.archive, create=options.parent is None)
    if options.parent is not None:
        config, title = read_fork(archive, options.parent, options.at, options.set), ""
    elif options.at is not None:
        raise ConfigError([Problem("--at", "needs --from, the run to start from")])
    else:
        config, title = read_config(options.recipe, options.config, options.set)
    computed = False

    def on_progress(progress: Progress) -> None:
        nonlocal computed
        computed = True
        tell(progress)

    with _cancel_on_signal() as cancelled, watch(config) as tell:
        run = execute(
            config,
            archive,
            collection=options.collection,
            name=options.name if options.name is not None else title,
            engine=options.engine,
            stop=lambda: Status.CANCELLED if cancelled else None,
            on_progress=on_progress,
            time_limit_seconds=options.time_limit,
        )
    if not computed:
        print("in the archive already, not computed again", file=sys.stderr)
    output.print_run(run, archive, as_json=options.json)
    if cancelled or run.status is Status.CANCELLED:
        return CANCELLED
    return 0 if run.status is Status.FINISHED else _ENDED_EARLY


@contextmanager
def _cancel_on_signal() -> Iterator[list[int]]:
    """Collects SIGINT and SIGTERM, so that the run can end cleanly; a second one is obeyed."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        signal.signal(number, before[signal.Signals(number)])
        os.write(sys.stderr.fileno(), b"\ncancelling: archiving what was recorded\n")

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
