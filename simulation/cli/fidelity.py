"""`fidelity`: run published simulations again, and say whether their numbers come out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from simulation.analysis.published_table import SOURCE, published
from simulation.archive import Archive
from simulation.cli.formats import print_json
from simulation.fidelity.compare import Comparison, Spread, Verdict
from simulation.fidelity.exponent import Exponent
from simulation.fidelity.report import StratumReport, report
from simulation.fidelity.strata import STRATA, choose
from simulation.fidelity.stratum import Stratum
from simulation.sweeps.order import missing, spread
from simulation.sweeps.pools import processes
from simulation.sweeps.reports import Ended, Report
from simulation.sweeps.runner import run_all
from simulation.sweeps.worker import Job

ABOUT = f"""\
Run a stratified sample of the published simulations again (Ratzon, Derdikman & Barak, eLife
12:RP90069; tables of DriftReg, Apache-2.0) and compare: medians, quartiles, two-sample
Kolmogorov-Smirnov distance, and the exponent of the rate against the noise. Only what the archive
does not hold is run; after Ctrl-C the same command goes on where it stopped. Progress goes to
standard error, the report to standard output.

strata: {", ".join(stratum.name for stratum in STRATA)}

examples:
  python -m simulation fidelity --dry-run
  python -m simulation fidelity --stratum sgd_update --stratum control --workers 2
  python -m simulation fidelity --json > fidelity.json
"""

COLLECTION = "fidelity"
SOME_FAILED = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of this command alone."""
    parser.add_argument(
        "--collection",
        metavar="NAME",
        default=COLLECTION,
        help="folder of the archive to put new runs in (default: %(default)s)",
    )
    parser.add_argument(
        "--stratum",
        metavar="NAME",
        action="append",
        default=[],
        help="only this stratum; may be repeated (default: all)",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=int,
        choices=range(1, 257),
        default=1,
        help="runs at once, a process each (default: %(default)s)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="run nothing: report on what is in the archive"
    )


def run_fidelity(options: argparse.Namespace) -> int:
    """Run what is missing, print the report, return the exit code."""
    strata, table = choose(options.stratum), published()
    archive = Archive.open(options.archive, create=not options.dry_run)
    jobs = _jobs(strata, archive)
    print(f"{len(jobs)} runs are missing from {archive.path}", file=sys.stderr)
    ended: list[Ended] = []
    if jobs and not options.dry_run:
        with processes(options.workers) as pool:
            ended = run_all(jobs, archive, options.collection, pool, _tell)
    reports = report(archive, table, strata)
    if options.json:
        print_json({"source": SOURCE, "strata": [about.as_dict() for about in reports]})
    else:
        for about in reports:
            _print_stratum(about)
    return SOME_FAILED if any(job.failed for job in ended) else 0


def _jobs(strata: Sequence[Stratum], archive: Archive) -> list[Job]:
    jobs = []
    for stratum in strata:
        planned = [
            Job(config, f"{stratum.title}, published row {index}")
            for index, config in stratum.plan(published()).items()
        ]
        jobs += spread(planned)
    wanted = {config.run_id for config in missing([job.config for job in jobs], archive)}
    return [job for job in jobs if job.config.run_id in wanted]


def _tell(report: Report) -> None:
    """A line for every run that ends."""
    if (ended := report.latest) is None:
        return
    ending = ended.message if ended.failed or ended.status is None else ended.status.value
    minutes = (report.seconds_left or 0) / 60
    left = f", about {minutes:.0f} min left" if report.done < report.total else ""
    line = f"{report.done} of {report.total}: {ended.job.config.run_id} {ending}{left}"
    print(f"{line}  ({ended.job.name})", file=sys.stderr, flush=True)


_HEAD = ("", "published: median (quartiles), n", "ours: median (quartiles), n", "KS, p", "verdict")


def _print_stratum(about: StratumReport) -> None:
    print(f"{about.stratum.name}: {about.stratum.title}")
    print(f"  {_runs_in_words(about)}")
    rows = [_HEAD, *map(_row, about.comparisons)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"  {'  '.join(cells)}".rstrip())
    for found in about.comparisons:
        if found.verdict is not Verdict.AGREES:
            print(f"  {found.metric}: {found.words}")
    for whose, slope in about.exponents.items():
        print(f"  log10 rate against log10 s, {whose}: {_exponent(slope)}")
    if judged := about.exponents_verdict:
        print(f"  log10 rate against log10 s: {judged[0]}: {judged[1]}")
    print()


def _runs_in_words(about: StratumReport) -> str:
    words = f"{about.finished} of {len(about.runs)} runs finished"
    for ending, count in about.left_out.items():
        words += f", {count} {ending.replace('_', ' ')} (left out, as in the published tables)"
    return words + (f", {about.missing} missing" if about.missing else "")


def _row(found: Comparison) -> tuple[str, ...]:
    ks = "-" if found.ks is None else f"{found.ks:.2f}, {found.p:.2g}"
    spreads = _spread(found.published), _spread(found.ours)
    return (found.metric, *spreads, ks, found.verdict.value)


def _spread(spread: Spread | None) -> str:
    if spread is None:
        return "-"
    return f"{spread.median:.3g} ({spread.low:.3g} to {spread.high:.3g}), {spread.n}"


def _exponent(found: Exponent | None) -> str:
    if found is None:
        return "too few runs"
    return f"{found.slope:.2f} (95 % interval {found.low:.2f} to {found.high:.2f}), n = {found.n}"
