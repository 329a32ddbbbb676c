"""The command line: `python -m simulation COMMAND`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from simulation.cli.parser import make_parser
from simulation.errors import ArchiveError, DriftscapeError, UnknownRun

BAD_INPUT, ARCHIVE_PROBLEM, CANCELLED = 2, 1, 130
_HOMES = {
    "list": "listing",
    "recipes": "commands",
    "verify": "commands",
    "reindex": "commands",
    "export": "commands",
    **{name: name for name in ("run", "show", "fidelity", "sweep", "bench", "pack")},
}
"""The module of each command, with a function `run_<command>`. Only that one is loaded: some need
much of what there is, others answer in a moment."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. Errors are one line on standard error."""
    options = make_parser().parse_args(arguments)
    try:
        code = _run(options)
        sys.stdout.flush()
    except UnknownRun as error:
        return _fail(error, BAD_INPUT)
    except ArchiveError as error:
        return _fail(error, ARCHIVE_PROBLEM)
    except DriftscapeError as error:
        return _fail(error, BAD_INPUT)
    except KeyboardInterrupt:
        return CANCELLED
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _run(options: argparse.Namespace) -> int:
    home = import_module(f"simulation.cli.{_HOMES[options.command]}")
    return int(getattr(home, f"run_{options.command}")(options))


def _fail(error: DriftscapeError, code: int) -> int:
    print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
    return code
