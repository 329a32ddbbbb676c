"""What each command does. Every function prints its result and returns the exit code."""

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
from simulation.cli.bench import run_bench
from simulation.cli.fidelity import run_fidelity
from simulation.cli.inputs import read_config, read_fork
from simulation.cli.progress import watch
from simulation.cli.sweep import run_sweep
from simulation.errors import ConfigError, Problem
from simulation.recipes import recipe, recipe_names

CANCELLED = 130
_ENDED_EARLY = 3
_ARCHIVE_PROBLEM = 1


def run_command(options: argparse.Namespace) -> int:
    """Run the command that was asked for; `list` is in a module of its own."""
    return int(_COMMANDS[options.command](options))


def _run(options: argparse.Namespace) -> int:
    from simulation.run import execute

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


def _show(options: argparse.Namespace) -> int:
    archive = Archive.open(options.archive)
    output.print_run(archive.open_run(options.run_id), archive, as_json=options.json)
    return 0


def _recipes(options: argparse.Namespace) -> int:
    output.print_recipes([recipe(name) for name in recipe_names()], as_json=options.json)
    return 0


def _verify(options: argparse.Namespace) -> int:
    archive = Archive.open(options.archive)
    findings = archive.verify()
    for finding in findings:
        print(finding)
    runs = len(archive.runs(["run_id"]))
    print(f"{runs} runs checked, {len(findings)} problems found in {archive.path}")
    return _ARCHIVE_PROBLEM if findings else 0


def _reindex(options: argparse.Namespace) -> int:
    archive = Archive.open(options.archive)
    print(f"{archive.reindex()} runs indexed in {archive.path}")
    return 0


def _export(options: argparse.Namespace) -> int:
    place = Archive.open(options.archive).export(options.run_id, options.to)
    print(f"{options.run_id} copied to {place}")
    return 0


_COMMANDS = {
    "run": _run,
    "show": _show,
    "recipes": _recipes,
    "verify": _verify,
    "reindex": _reindex,
    "export": _export,
    "fidelity": run_fidelity,
    "sweep": run_sweep,
    "bench": run_bench,
}
