"""A whole run of the compiled engine against a plain loop, piece by piece."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from simulation.bench.cases import Case, Tell
from simulation.bench.limit import limit_seconds, measure_machine
from simulation.bench.rivals import RIVALS, Train
from simulation.config import FeedforwardConfig, RunConfig
from simulation.models.feedforward import hidden_activity
from simulation.running import trainable_of
from simulation.tasks import make_dataset
from simulation.tasks.dataset import Dataset

PIECES = 20
RIVAL_STEPS = 2_000
QUICK_SHARE = 50
"""How much shorter a quick run is."""

machine = cache(measure_machine)


@dataclass(frozen=True)
class Timing:
    """Microseconds of processor time a step, in each of the run's pieces.

    compiled, rival, limit : of the engine, of the plain loop, and the arithmetic limit (NaN where
        none is known). active_units : at the start of each piece; NaN where the model has none.
    """

    compiled: np.ndarray
    rival: np.ndarray
    limit: np.ndarray
    active_units: np.ndarray


def measure(case: Case, steps: int, rival_steps: int, tell: Tell) -> Timing:
    """Train `steps` steps in pieces; before each, the rival makes its share from the same state."""
    config = case.config
    data = make_dataset(config)
    trainable = trainable_of(config)
    engine = trainable.engine("compiled", data)
    rival, state = RIVALS[config.model](config, data), trainable.model.start()
    engine.advance(state, 10)  # compiles
    rival(state, 10)
    rows = []
    for piece in range(PIECES):
        tell(case.title, piece / PIECES)
        active, limit = _active_and_limit(config, state, data)
        _, slow = _timed(rival, state, rival_steps // PIECES)
        state, fast = _timed(engine.advance, state, steps // PIECES)
        rows.append((fast, slow, np.nan if limit is None else limit * 1e6, active))
    return Timing(*np.array(rows).T)


def _active_and_limit(config: RunConfig, state: Any, data: Dataset) -> tuple[float, float | None]:
    """Active units and the arithmetic limit of a step, where the model has them."""
    if not isinstance(config, FeedforwardConfig):
        return np.nan, None
    active = float((hidden_activity(state, data.inputs) > 0).any(axis=1).sum())
    return active, limit_seconds(config, active, machine(config.precision))


def _timed(train: Train, state: Any, steps: int) -> tuple[Any, float]:
    """What `train` returns, and the microseconds of processor time it took a step."""
    began = time.process_time()
    result = train(state, steps)
    return result, (time.process_time() - began) / steps * 1e6


def summary(case: Case, steps: int, timing: Timing, *, judge: bool) -> dict[str, Any]:
    """The figures of one run. `ratio`: of the whole run's times, the rival's extrapolated."""
    config, ratios = case.config, timing.rival / timing.compiled
    low, median, high = np.percentile(ratios, [25, 50, 75])
    ratio, mean = float(timing.rival.mean() / timing.compiled.mean()), timing.compiled.mean()
    known = not np.isnan(timing.limit).any()
    target = case.target
    return {
        "case": case.title,
        "precision": config.precision,
        "steps": steps,
        "ratio": ratio,
        "piece_ratio_median": float(median),
        "piece_ratio_quartiles": [float(low), float(high)],
        "compiled_us": float(mean),
        "compiled_first_us": float(timing.compiled[0]),
        "compiled_last_us": float(timing.compiled[-1]),
        "rival_us": float(timing.rival.mean()),
        "ns_per_parameter_step": float(mean * 1e3 / config.parameter_count),
        "limit_us": float(timing.limit.mean()) if known else None,
        "limit_first_us": float(timing.limit[0]) if known else None,
        "active_units_last_piece": None
        if np.isnan(timing.active_units[-1])
        else float(timing.active_units[-1]),
        "target": target and target.least,
        "aim": target and target.aim,
        "met": bool(ratio >= target.least) if target and judge else None,
        "aim_met": bool(ratio >= target.aim) if target and target.aim and judge else None,
    }
