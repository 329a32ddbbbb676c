"""Many runs at once, as on a CUDA device, against one processor core."""

from __future__ import annotations

import time
from typing import Any

import torch

from simulation.analysis.published_table import published
from simulation.bench.cases import Case
from simulation.config import FeedforwardConfig
from simulation.engines.ensemble import BLOCK_STEPS, EnsembleEngine
from simulation.models.feedforward import initial_state
from simulation.running import trainable_of
from simulation.tasks import make_dataset

CASE = Case("B", "sgd", "update")
"""About the middle of the sizes of the paper's table."""
CORE_STEPS = 500_000
NO_DEVICE = "no CUDA device here: what follows is the same code on one processor core"


def measure_ensemble() -> dict[str, Any]:
    """Run-steps per second of both, and what the paper's whole table would take at that rate."""
    has_device = torch.cuda.is_available()
    torch.set_num_threads(1)
    runs, blocks = (1_151, 512) if has_device else (64, 4)
    config = CASE.config
    assert isinstance(config, FeedforwardConfig)
    configs = [config.model_copy(update={"seed": seed}) for seed in range(runs)]
    engine = EnsembleEngine(configs, [make_dataset(one) for one in configs])
    states = engine.advance([initial_state(one) for one in configs], BLOCK_STEPS)
    began = time.perf_counter()
    engine.advance(states, blocks * BLOCK_STEPS)
    rate = runs * blocks * BLOCK_STEPS / (time.perf_counter() - began)
    table = published()
    table = table[table["study"] != "noise_sweep"]
    core = _core_rate(config)
    return {
        "device": torch.cuda.get_device_name() if has_device else None,
        "note": "" if has_device else NO_DEVICE,
        "case": CASE.title,
        "runs": runs,
        "run_steps_per_second": rate,
        "one_core_run_steps_per_second": core,
        "ratio_to_one_core": rate / core,
        "table_runs": len(table),
        "table_hours": float(table["steps"].sum()) / rate / 3600,
        "table_one_core_hours": float(table["steps"].sum()) / core / 3600,
    }


def _core_rate(config: FeedforwardConfig) -> float:
    """Steps per second of the compiled engine over the first steps of a run."""
    data, state = make_dataset(config), initial_state(config)
    engine = trainable_of(config).engine("compiled", data)
    engine.advance(state, 10)
    began = time.process_time()
    engine.advance(state, CORE_STEPS)
    return CORE_STEPS / (time.process_time() - began)
