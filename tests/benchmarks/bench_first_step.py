"""How soon a live run shows its first step, counted from when a warm worker is given its id.

    python -m tests.benchmarks.bench_first_step               # defaults, but shorter
    python -m tests.benchmarks.bench_first_step --json

`first` is when the archive has the first recording of the curves after step 0, for anybody to read;
`seconds` how long the whole run took; `hwm` the peak of the worker's resident set. Warm means that
the worker has rehearsed and waits, as one does on a server that has been up for a few seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from dashboard.jobs.workers import ROOT, SERVER_PID, WORK
from simulation.archive import Archive
from simulation.config import RunConfig

SHORT = {"schedule.steps": 20_000}
FEW_SPECTRA = {"schedule.hessian_snapshots": 4}  # that of step 0 is what takes longest
CASES: dict[str, dict[str, Any]] = {
    "corridor": {"task.kind": "corridor", "noise.update_scale": 0.03, **FEW_SPECTRA},
    "smoothed random": {"noise.update_scale": 0.03, **FEW_SPECTRA},
    "ring": {"task.kind": "ring", "schedule.curve_points": 200},
}
POLL_SECONDS = 0.01


def worker(folder: Path) -> subprocess.Popen[str]:
    """A process as `dashboard.jobs.workers` starts it, once it waits for the id of a run."""
    environment = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **os.environ,
        "DRIFTSCAPE_ARCHIVE": str(folder / "archive"),
        "DRIFTSCAPE_CACHE": str(folder / "cache"),
        SERVER_PID: str(os.getpid()),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.jobs.worker", WORK],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    before, watched = -1.0, psutil.Process(process.pid)
    while (used := sum(watched.cpu_times()[:2])) != before or used < 0.5:
        before = used
        time.sleep(1)
    return process


def measure(values: dict[str, Any], folder: Path) -> dict[str, float]:
    archive = Archive.open(folder / "archive", create=True)
    process = worker(folder)
    config = RunConfig.parse({**values, **SHORT})
    writer = archive.writer(config, collection="live", name="")
    writer.hand_over()
    assert process.stdin is not None
    began = time.perf_counter()
    process.stdin.write(f"{config.run_id}\n")
    process.stdin.close()
    run, first = archive.open_run(config.run_id), 0.0
    while not first:
        time.sleep(POLL_SECONDS)
        steps = run.curves(["step"])["step"]
        if len(steps) and steps.max() > 0:
            first = time.perf_counter() - began
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, peak_megabytes(process.pid))
        time.sleep(POLL_SECONDS)
    seconds = time.perf_counter() - began
    assert run.status.settled, run.status
    return {"first": first, "seconds": seconds, "hwm": peak}


def peak_megabytes(pid: int) -> float:
    """The peak of a process's resident set; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = {}
    for name, values in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = measure(values, Path(folder))
        if not arguments.json:
            row = found[name]
            print(
                f"{name:16} first step {row['first']:5.2f} s   whole run {row['seconds']:6.1f} s   "
                f"{row['hwm']:5.0f} MB",
                flush=True,
            )
    if arguments.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
