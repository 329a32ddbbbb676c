"""Commands and options, with their help."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulation import __version__
from simulation.cli import listing
from simulation.errors import ArchiveError

DEFAULT_ARCHIVE = "data/archive"

EXIT_CODES = """\
exit codes:
  0    all went well
  1    something is wrong with the archive: missing, damaged, full, not writable
  2    bad input: an unknown option, field, recipe or run id
  3    the run ended early: it diverged, all units fell silent, or it hit its time limit;
       of a sweep: some runs failed
  130  the run was cancelled (Ctrl-C, or a request); what it recorded is archived
"""

_RUN = """\
Run a configuration and archive it. A configuration is a recipe, a file, that of a run in the
archive (--from), or the defaults, with any field changed by --set. With --from the run starts from
a snapshot of that run and counts on from its step: unchanged and made longer it continues it, with
another noise, rule, learning rate or task it is a fork. The same configuration is the same run:
if it is in the archive it is not computed again. Progress goes to standard error, the result to
standard output.

examples:
  python -m simulation run --recipe noise_s003
  python -m simulation run --recipe figure2 --set seed=1 --set schedule.steps=2e5
  python -m simulation run --config my.toml --json > result.json
  python -m simulation run --from d5af7d6fc13f --at 2e5 --set noise.update_scale=0
"""


class _Command(argparse.ArgumentParser):
    """The parser of one command; what its options need is loaded once it is the one in use."""

    def __init__(
        self, *, options: Callable[[argparse.ArgumentParser], None] | None = None, **about: Any
    ) -> None:
        super().__init__(**about)
        self._options = options

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self._options is not None:
            self._options(self)
            self._options = None
        return super().parse_known_args(args, namespace)


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `options.command` names the command."""
    parser = argparse.ArgumentParser(
        prog="python -m simulation",
        description="Simulate representational drift and look after archives of runs.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"driftscape {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=_Command
    )
    _add(commands, "run", "Run a configuration and archive it.", _run_options)
    show = _add(commands, "show", "Show one run: its configuration, ending and summary.")
    _add_run_id(show)
    _add_json(show)
    listed = _add(commands, "list", "List the runs of an archive, and those in progress.")
    listing.add_options(listed)
    _add_json(listed)
    recipes = commands.add_parser(
        "recipes",
        help="List the paper's simulations by name.",
        description="List the paper's simulations by name, for `run --recipe`.",
    )
    _add_json(recipes)
    _add(
        commands,
        "verify",
        "Check every run: files there, digests right, ids true. Runs whose process died are "
        "archived as interrupted first. Exit code 1 if anything is wrong.",
    )
    _add(commands, "reindex", "Make the archive's index anew from its runs.")
    export = _add(commands, "export", "Copy one run into another archive.")
    _add_run_id(export)
    export.add_argument(
        "--to",
        metavar="DIR",
        type=Path,
        required=True,
        help="folder of the other archive; made if it does not exist",
    )
    _add(commands, "pack", "Let the runs of a collection share their files.", _pack_options)
    _add(
        commands,
        "fidelity",
        "Run published simulations again, and compare their numbers.",
        _fidelity_options,
    )
    _add(commands, "sweep", "Make every run of a plan, many at once.", _sweep_options)
    commands.add_parser(
        "bench", help="Measure how fast training is on this machine.", options=_bench_options
    )
    return parser


def _add(
    commands: argparse._SubParsersAction[_Command],
    name: str,
    help: str,
    options: Callable[[argparse.ArgumentParser], None] | None = None,
) -> argparse.ArgumentParser:
    """A command that works on an archive; `options` adds its own."""
    parser = commands.add_parser(name, help=help.split(". ")[0], description=help, options=options)
    parser.add_argument(
        "--archive",
        metavar="DIR",
        type=Path,
        default=Path(os.environ.get("DRIFTSCAPE_ARCHIVE") or DEFAULT_ARCHIVE),
        help=f"the archive's folder (default: $DRIFTSCAPE_ARCHIVE, else {DEFAULT_ARCHIVE})",
    )
    return parser


def _add_run_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run_id", metavar="RUN_ID", type=_run_id, help="12 characters, 0-9 and a-f, see `list`"
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on standard output"
    )


def _run_options(parser: argparse.ArgumentParser) -> None:
    from simulation.recipes import recipe_names

    parser.description, parser.epilog = _RUN, EXIT_CODES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--recipe", metavar="NAME", help=f"one of {', '.join(recipe_names())}; see `recipes`"
    )
    source.add_argument(
        "--config", metavar="FILE", type=Path, help="a .toml or .json file, nested or dotted names"
    )
    source.add_argument(
        "--from",
        dest="parent",
        metavar="RUN_ID",
        type=_run_id,
        help="start from a snapshot of this run; it ends where that run does, or after as many "
        "steps again, unless --set schedule.steps says otherwise",
    )
    parser.add_argument(
        "--at",
        metavar="STEP",
        type=_step,
        help="step of the snapshot to start --from (default: the last)",
    )
    parser.add_argument(
        "--set",
        metavar="FIELD=VALUE",
        action="append",
        default=[],
        help="change a field, such as noise.update_scale=0.05; may be repeated",
    )
    parser.add_argument(
        "--engine",
        choices=("compiled", "reference"),
        default="compiled",
        help="compiled is fast; reference is plain PyTorch, the yardstick (default: %(default)s)",
    )
    parser.add_argument(
        "--collection",
        metavar="NAME",
        type=_collection,
        default="runs",
        help="folder of the archive to put the run in (default: %(default)s)",
    )
    parser.add_argument(
        "--name", metavar="TEXT", help="a name for readers (default: the recipe's title)"
    )
    parser.add_argument(
        "--time-limit",
        metavar="SECONDS",
        type=_seconds,
        help="end the run after this long, keeping what was recorded",
    )
    _add_json(parser)


def _fidelity_options(parser: argparse.ArgumentParser) -> None:
    from simulation.cli import fidelity

    parser.description, parser.epilog = fidelity.ABOUT, EXIT_CODES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    fidelity.add_options(parser)
    _add_json(parser)


def _sweep_options(parser: argparse.ArgumentParser) -> None:
    from simulation.cli import sweep

    parser.description, parser.epilog = sweep.about(), EXIT_CODES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    sweep.add_options(parser, min(os.cpu_count() or 1, 256))
    parser.add_argument(
        "--collection",
        metavar="NAME",
        type=_collection,
        help="folder of the archive to put the runs in (default: what the plan says)",
    )
    _add_json(parser)


def _pack_options(parser: argparse.ArgumentParser) -> None:
    from simulation.cli import pack

    parser.description = pack.ABOUT
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("collection", metavar="COLLECTION", help="a folder of the archive")
    _add_json(parser)


def _bench_options(parser: argparse.ArgumentParser) -> None:
    from simulation.cli import bench

    parser.description = bench.ABOUT
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    bench.add_options(parser)
    _add_json(parser)


def _run_id(text: str) -> str:
    from simulation.archive.names import check_run_id

    return _checked(check_run_id, text)


def _collection(text: str) -> str:
    from simulation.archive.names import check_collection

    return _checked(check_collection, text)


def _checked(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except ArchiveError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _step(text: str) -> int:
    from simulation.config.reading import read_scalar

    step = read_scalar(text)
    if not isinstance(step, int) or step < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a step, a whole number from 0")
    return step


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds
