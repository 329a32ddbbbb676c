"""What a user waits for: the whole of `python -m simulation run`, against the plain loop alone."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from simulation.bench.cases import COMMAND, COMMAND_TARGET, Tell
from simulation.bench.rivals import torch_loop
from simulation.config import FeedforwardConfig
from simulation.models.feedforward import initial_state
from simulation.tasks import make_dataset

RIVAL_TURNS = 2
"""The plain loop makes half of its steps before the command, half after it."""


def measure_command(steps: int, rival_steps: int, tell: Tell, *, judge: bool) -> dict[str, Any]:
    """Processor seconds, of user and system, of a run of `steps` steps that is recorded as usual.

    Kernels are compiled before, by a short run; the plain loop's time is extrapolated.
    """
    config = COMMAND.config
    assert isinstance(config, FeedforwardConfig)
    plain, start = torch_loop(config, make_dataset(config)), initial_state(config)
    title = f"the whole command, {COMMAND.title}"
    tell(title, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        _run(1, Path(folder))
        plain(start, 10)
        rival = _seconds(plain, start, rival_steps // RIVAL_TURNS)
        tell(title, 0.1)
        seconds = _run(steps, Path(folder))
        rival += _seconds(plain, start, rival_steps // RIVAL_TURNS)
    rival_seconds = rival / (rival_steps // RIVAL_TURNS * RIVAL_TURNS) * steps
    ratio = rival_seconds / seconds
    return {
        "case": title,
        "steps": steps,
        "ratio": ratio,
        "seconds": seconds,
        "us_a_step": seconds / steps * 1e6,
        "rival_us": rival_seconds / steps * 1e6,
        "target": COMMAND_TARGET.least,
        "met": bool(ratio >= COMMAND_TARGET.least) if judge else None,
    }


def _seconds(train: Any, state: Any, steps: int) -> float:
    began = time.process_time()
    train(state, steps)
    return time.process_time() - began


def _run(steps: int, folder: Path) -> float:
    """Processor seconds of one run into an archive in `folder`."""
    values = {**COMMAND.values, "schedule.steps": steps}
    settings = [word for name in values for word in ("--set", f"{name}={values[name]}")]
    command = [sys.executable, "-m", "simulation", "run", *settings, "--json", "--archive"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, folder / "archive"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
