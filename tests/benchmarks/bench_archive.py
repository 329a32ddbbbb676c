"""What an archive of very many runs costs its readers: time, and memory at the peak.

    python -m tests.benchmarks.bench_archive                      # 100,000 runs, about 2 minutes
    python -m tests.benchmarks.bench_archive --runs 1000 --json
    python -m tests.benchmarks.bench_archive --keep /tmp/big      # made once, used again

Every question is asked in a process of its own. `command` is the wall time of the whole process
from its start, as one meets it in a shell; the first row is a process that loads pyarrow and asks
nothing. `first` and `again` are the time of the question alone in a process that has loaded all
that a server has: the first time, and the median of the following ones. Memory is the peak of the
resident set of that process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

REPEATS = 5
ROOT = Path(__file__).resolve().parents[2]


def _sweep_page(archive: Any) -> Callable[[], object]:
    columns = ["run_id", "noise.update_scale", "tau_steps", "active_units_final", "rule.kind"]
    where = [("status", "==", "finished"), ("noise.update_scale", ">=", 0.01)]
    return lambda: archive.runs(columns, "sweep", where=where)


def _list(archive: Any) -> Callable[[], object]:
    from simulation.cli.listing import COLUMNS, SHOWN

    return lambda: (archive.counts(), archive.query(COLUMNS, newest=SHOWN).to_pylist())


def _overview(archive: Any) -> Callable[[], object]:
    from dashboard.pages.overview import page_layout
    from dashboard.runs.store import RunStore
    from dashboard.sweeps.table import SweepStore

    return lambda: page_layout(RunStore(archive), SweepStore(archive))


def _open_one(archive: Any) -> Callable[[], object]:
    run_id = _whole(archive)

    def look() -> None:
        run = archive.open_run(run_id)
        run.curves()
        run.rate_maps(run.snapshot_steps()[-1], "samples")

    return look


def _children(archive: Any) -> Callable[[], object]:
    run_id = _whole(archive)
    return lambda: archive.children(run_id)


def _thumbnails(archive: Any) -> Callable[[], object]:
    run_ids = archive.runs(["run_id"], newest=1_000)["run_id"].tolist()
    return lambda: archive.thumbnails(run_ids, "sweep")


def _hover(archive: Any) -> Callable[[], object]:
    run_ids = archive.runs(["run_id"])["run_id"].tolist()
    return lambda: archive.thumbnails([run_ids[len(run_ids) // 2]], "sweep")


def _after_a_new_run(archive: Any) -> Callable[[], object]:
    from tests.benchmarks.synthetic_archive import whole_run

    runs = iter(range(10_000 + os.getpid() * 10, 10**9))
    ask = _sweep_page(archive)

    def add() -> Callable[[], object]:
        whole_run(archive, next(runs))
        return ask

    return add


def _rebuild(archive: Any) -> Callable[[], object]:
    return archive.reindex  # type: ignore[no-any-return]


QUESTIONS: dict[str, tuple[str, Callable[[Any], Callable[[], Any]]]] = {
    "list": ("list: the newest 100 runs, how many there are", _list),
    "sweep": ("sweep page: 2 conditions, 2 numbers, colour, ids", _sweep_page),
    "overview": ("overview page", _overview),
    "open": ("open a run: curves, one snapshot", _open_one),
    "children": ("runs that start from a run", _children),
    "thumbnails": ("1,000 thumbnails", _thumbnails),
    "hover": ("one thumbnail", _hover),
    "new": ("the sweep page after one more run", _after_a_new_run),
}
FLOOR = ["-c", "import pyarrow.compute, pyarrow.parquet"]
COMMANDS = {
    "python -m simulation list": ["list"],
    "python -m simulation show RUN_ID": ["show"],
}


def _whole(archive: Any) -> str:
    rows = archive.runs(["run_id"], where=[("status", "==", "cancelled")], newest=1)
    return str(rows["run_id"].iloc[0])


def _ask(name: str, path: str) -> None:
    """In the process that is measured: milliseconds of each repeat, as JSON."""
    for loaded in ("dashboard.app", "simulation.archive.index", "simulation.archive.query"):
        import_module(loaded)
    from simulation.archive import Archive

    if name == "whole":
        print(json.dumps(_whole(Archive.open(path))))
        return
    _, prepare = (QUESTIONS | {"rebuild": ("", _rebuild)})[name]
    question = prepare(Archive.open(path))
    milliseconds = []
    for _ in range(1 if name == "rebuild" else 1 + REPEATS):
        timed = question() if name == "new" else question
        start = time.perf_counter()
        timed()
        milliseconds.append(1e3 * (time.perf_counter() - start))
    print(json.dumps(milliseconds))


def _process(command: list[str]) -> tuple[str, float, float]:
    """What a process printed, milliseconds from its start to its end, and peak megabytes."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    text = process.stdout.read()
    _, code, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return text, 1e3 * (time.perf_counter() - start), usage.ru_maxrss / 1024


def measure_question(name: str, path: Path) -> dict[str, float]:
    """Times of a question in a process that has loaded everything, and its memory."""
    text, _, megabytes = _process(["-m", __spec__.name, "--ask", name, "--keep", str(path)])
    first, *others = json.loads(text)
    again = statistics.median(others) if others else first
    return {"first_ms": first, "again_ms": again, "peak_mb": megabytes}


def measure_command(arguments: list[str], path: Path) -> dict[str, float]:
    """Time of a whole process, median of several after one to warm up, and its memory."""
    command = ["-m", "simulation", *arguments, "--archive", str(path)] if arguments else FLOOR
    measured = [_process(command)[1:] for _ in range(1 + REPEATS)][1:]
    milliseconds, megabytes = zip(*measured, strict=True)
    return {"command_ms": statistics.median(milliseconds), "peak_mb": max(megabytes)}


def measure(path: Path, runs: int) -> dict[str, dict[str, float]]:
    """Everything, by what it is; the archive at `path` is made if it does not exist."""
    if not path.exists():
        _process(["-m", __spec__.name, "--make", "fill", "--runs", str(runs), "--keep", str(path)])
    run_id = json.loads(_process(["-m", __spec__.name, "--ask", "whole", "--keep", str(path)])[0])
    results = {"python -c 'import pyarrow.compute, pyarrow.parquet'": measure_command([], path)}
    results |= {
        words: measure_command([*command, *([run_id] if words.endswith("ID") else [])], path)
        for words, command in COMMANDS.items()
    }
    return results | {words: measure_question(name, path) for name, (words, _) in QUESTIONS.items()}


def measure_rebuild(runs: int, how: str) -> dict[str, float]:
    """Making the index of an archive that has none, as after a clone."""
    with _made(runs, how) as path:
        return measure_question("rebuild", path)


def measure_packed(runs: int) -> dict[str, float]:
    """Opening a run among so many that are packed."""
    with _made(runs, "write_packs") as path:
        return measure_question("open", path)


@contextmanager
def _made(runs: int, how: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"
        _process(["-m", __spec__.name, "--make", how, "--runs", str(runs), "--keep", str(path)])
        yield path


def _make(how: str, path: Path, runs: int) -> None:
    """In a process of its own, because a process starts with the peak memory of its parent."""
    from simulation.archive import Archive
    from tests.benchmarks import synthetic_archive

    getattr(synthetic_archive, how)(Archive.open(path, create=True), runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the archive there, once")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    parser.add_argument("--make", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        _make(options.make, options.keep, options.runs)
        return
    if options.ask:
        _ask(options.ask, options.keep)
        return
    with tempfile.TemporaryDirectory() as folder:
        results = measure(options.keep or Path(folder) / "archive", options.runs)
    for runs in (120, 1_000):
        results[f"first index of {runs:,} runs"] = measure_rebuild(runs, "write_rows")
    results["first index of 1,000 packed runs"] = measure_rebuild(1_000, "write_packs")
    results["open a packed run of 10,000"] = measure_packed(10_000)
    if options.json:
        print(json.dumps({"runs": options.runs, "results": results}, indent=2))
        return
    print(f"{options.runs:,} runs{'command':>44}{'first':>9}{'again':>9}{'peak':>9}")
    for words, found in results.items():
        cells = [found.get(name) for name in ("command_ms", "first_ms", "again_ms")]
        times = "".join(f"{'' if ms is None else f'{ms:,.0f} ms':>9}" for ms in cells)
        print(f"{words:<50}{times}{found['peak_mb']:>6,.0f} MB")


if __name__ == "__main__":
    main()
