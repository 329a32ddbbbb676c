"""`sweep`: make every run of a plan, or say what that would take."""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from simulation.archive import Archive
from simulation.archive.packing import PACK_RUNS
from simulation.cli.formats import print_json
from simulation.cli.progress import watch_sweep
from simulation.cli.sweep_forecast import forecast, print_forecast
from simulation.config import RunConfig
from simulation.sweeps import Plan, keep_plan, plan_names, read_plan, reading
from simulation.sweeps.order import missing, spread
from simulation.sweeps.pools import Pool, dask, processes
from simulation.sweeps.reports import Ended
from simulation.sweeps.runner import run_all
from simulation.sweeps.worker import Job

SOME_FAILED = 3
_SHOWN = 20
"""Failed runs that are listed for each reason."""

ABOUT = f"""\
Make every run of a plan that the archive does not hold yet, many at once. After Ctrl-C, a crash or
a power cut the same command goes on where it stopped, and every run is there once. Runs that
diverge or fall silent are results; one that fails is reported at the end, and the others go on.
Progress goes to standard error, the outcome to standard output.

By default runs are computed by processes here, a core each; where there is a CUDA device, sixteen
or more runs of one shape train together on it (other random numbers, engine "ensemble"), unless
they are of a kind that eight cores or more make faster. With --scheduler they are computed by the
workers of a running Dask scheduler (pip install -r requirements-dask.txt), one a thread:

  dask scheduler                                              (on one machine)
  dask worker tcp://ADDRESS:8786 --nworkers 8 --nthreads 1    (on each, in this folder)

Every worker writes to the archive's folder itself, so all must see it under the same path, on
machines whose clocks agree to a few seconds. A worker that dies costs nothing but its run's time.

examples:
  python -m simulation sweep figure4_noise --dry-run
  python -m simulation sweep my_plan.toml --archive my_runs --workers 4
  python -m simulation sweep my_plan.toml --archive /shared/runs --scheduler tcp://10.0.0.1:8786

shipped plans: {", ".join(plan_names())}

"""


def about() -> str:
    """The command's description, with how plans are written."""
    return f"{ABOUT}{reading.__doc__}"


def add_options(parser: argparse.ArgumentParser, cores: int) -> None:
    """The options of this command alone, but for --collection."""
    parser.add_argument("plan", metavar="PLAN", help="a TOML file, or the name of a shipped plan")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--workers",
        metavar="N",
        type=int,
        choices=range(1, 257),
        default=cores,
        help="runs at once, a process each (default: the number of cores, here %(default)s)",
    )
    where.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask scheduler: tcp://HOST:PORT"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="run nothing: say how many runs there are, and what they will take",
    )


def run_sweep(options: argparse.Namespace) -> int:
    """Make what is missing, say how it went, return the exit code."""
    plan = read_plan(options.plan)
    collection = options.collection or plan.collection
    configs = plan.configs()
    if options.dry_run:
        expected = forecast(plan, configs, options.archive, collection, _workers(options))
        if options.json:
            print_json(expected)
        else:
            print_forecast(expected)
        return 0
    archive = Archive.open(options.archive, create=True)
    archive = Archive.open(archive.path.resolve())  # workers may be in another folder
    keep_plan(archive, collection, plan)
    jobs = [Job(config, plan.title) for config in spread(missing(configs, archive))]
    done = len(configs) - len(jobs)
    print(f"{len(configs):,} runs planned, {done:,} of them in the archive", file=sys.stderr)
    try:
        ended = _run(jobs, archive, collection, options) if jobs else []
    except KeyboardInterrupt:
        left = len(missing(configs, archive))
        print(f"\ncancelled, {left:,} runs are left; the same command goes on", file=sys.stderr)
        raise
    _report(plan, configs, archive, collection, ended, as_json=options.json)
    return SOME_FAILED if any(job.failed for job in ended) else 0


def _workers(options: argparse.Namespace) -> int:
    if not options.scheduler:
        return int(options.workers)
    with dask(options.scheduler) as pool:
        return max(pool.slots(), 1)


def _run(
    jobs: list[Job], archive: Archive, collection: str, options: argparse.Namespace
) -> list[Ended]:
    with _pool(options, len(jobs)) as pool, _ended_like_ctrl_c(), watch_sweep() as tell:
        return run_all(jobs, archive, collection, pool, tell)


def _pool(options: argparse.Namespace, jobs: int) -> AbstractContextManager[Pool]:
    if options.scheduler:
        return dask(options.scheduler)
    return processes(min(options.workers, jobs))


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """SIGTERM means what Ctrl-C means; and so does SIGINT, which shells hide from scripts' jobs."""
    ending = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, signal.default_int_handler) for number in ending}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _report(
    plan: Plan,
    configs: Sequence[RunConfig],
    archive: Archive,
    collection: str,
    ended: Sequence[Ended],
    *,
    as_json: bool,
) -> None:
    """How all runs of the plan stand now, and those that failed."""
    runs = archive.runs(["run_id", "status"]).set_index("run_id")["status"]
    endings = Counter(runs.get(config.run_id, "not made") for config in configs)
    failed = [job for job in ended if job.failed]
    here = set(archive.runs(["run_id"], collection)["run_id"])
    elsewhere = sum(config.run_id in runs.index and config.run_id not in here for config in configs)
    if as_json:
        print_json(
            {
                "title": plan.title,
                "collection": collection,
                "archive": str(archive.path),
                "runs": len(configs),
                "endings": dict(endings),
                "in_other_collections": elsewhere,
                "made_now": len(ended) - len(failed),
                "failed": [_failure(job, plan) for job in failed],
            }
        )
        return
    words = ", ".join(f"{count:,} {ending.replace('_', ' ')}" for ending, count in endings.items())
    there = f", {elsewhere:,} of them in other collections" if elsewhere else ""
    print(f"{plan.title}: {len(configs):,} runs in collection {collection}{there}: {words}")
    if len(configs) >= PACK_RUNS:
        command = f"python -m simulation pack {collection} --archive {archive.path}"
        print(f"`{command}` keeps them in less than half the room")
    if failed:
        print(f"{len(failed):,} runs failed:")
        _print_failures(failed, plan)


def _failure(job: Ended, plan: Plan) -> dict[str, Any]:
    return {
        "run_id": job.job.config.run_id,
        "reason": job.message,
        "remedy": job.remedy,
        "swept": _swept(job.job.config, plan),
    }


def _swept(config: RunConfig, plan: Plan) -> dict[str, Any]:
    values = config.values()
    return {path: values[path] for path in plan.swept if path in values}


def _print_failures(failed: Sequence[Ended], plan: Plan) -> None:
    """Each reason once, with the runs that failed for it."""
    reasons = [(job.message, job.remedy) for job in failed]
    for reason, count in Counter(reasons).items():
        print(f"  {' '.join(reason)}")
        alike = [job for job, why in zip(failed, reasons, strict=True) if why == reason]
        for job in alike[:_SHOWN]:
            config = job.job.config
            swept = ", ".join(f"{path} = {value}" for path, value in _swept(config, plan).items())
            print(f"    {config.run_id}  {swept}")
        if count > _SHOWN:
            print(f"    and {count - _SHOWN:,} more")
