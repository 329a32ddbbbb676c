"""The memory of a run, stage by stage, and that it does not grow with the run's length.

    python -m tests.benchmarks.bench_memory                          # 1e5, 1e6 and 1e7 steps
    python -m tests.benchmarks.bench_memory --steps 1e6 --set task.kind=corridor

Each run is made twice, in a process of its own: the first may have to compile its loops, which
takes more memory, the second reads them from disk as every later one does. Numbers are the peak
of the resident set until the end of each stage, in MB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CONFIG = {"task.kind": "smoothed_random", "noise.update_scale": 0.03}
STAGES = ("numpy", "pyarrow", "simulation", "engine", "first step", "run")


def peak_megabytes() -> float:
    """The peak of this process's resident set so far."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def stages(values: dict[str, Any]) -> list[float]:
    """Make the run in this process; the peak after each of `STAGES`."""
    peaks = []
    import numpy  # noqa: F401

    peaks.append(peak_megabytes())
    import pyarrow.parquet  # noqa: F401

    peaks.append(peak_megabytes())
    from simulation.archive import Archive
    from simulation.config import RunConfig
    from simulation.running.run import execute
    from simulation.tasks import make_dataset

    config = RunConfig.parse(values)
    peaks.append(peak_megabytes())
    from simulation.models import model_of
    from simulation.running import trainable_of

    engine = trainable_of(config).engine("compiled", make_dataset(config))
    peaks.append(peak_megabytes())
    engine.advance(model_of(config).start(), 1)
    peaks.append(peak_megabytes())
    with tempfile.TemporaryDirectory() as folder:
        execute(config, Archive.open(folder, create=True))
    return [*peaks, peak_megabytes()]


def in_own_process(values: dict[str, Any]) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_memory", "--one", json.dumps(values)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(number) for number in done.stdout.split()]


def report(lengths: Sequence[float], values: dict[str, Any]) -> None:
    print(f"{'steps':>12} {'':5}" + "".join(f"{stage:>12}" for stage in STAGES))
    for steps in lengths:
        for which in ("first", "again"):
            found = in_own_process({**CONFIG, **values, "schedule.steps": int(steps)})
            row = "".join(f"{number:12.0f}" for number in found)
            print(f"{int(steps):12,} {which:5}" + row, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=float, nargs="+", default=[1e5, 1e6, 1e7])
    parser.add_argument("--set", nargs="*", default=[], metavar="FIELD=VALUE")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(*stages(json.loads(arguments.one)))
    else:
        report(arguments.steps, dict(setting.split("=", 1) for setting in arguments.set))


if __name__ == "__main__":
    main()
