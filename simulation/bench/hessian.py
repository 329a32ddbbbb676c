"""The Hessian's spectrum from the network's structure, against automatic differentiation."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from simulation.bench.cases import Case, Target, Tell
from simulation.engines.reference import ACTIVATIONS, loss
from simulation.engines.rows import weight_rows
from simulation.metrics.curvature import hessian_spectrum
from simulation.models.feedforward import NetworkState, initial_state
from simulation.running import trainable_of
from simulation.tasks import make_dataset
from simulation.tasks.dataset import Dataset

TARGETS = {"start": Target(100), "late": Target(1_000)}
CASE = Case("A", "sgd", "update")
REPEATS = {"start": 5, "late": 50}


def measure_hessian(
    steps: int, tell: Tell, *, judge: bool, units: int = 100
) -> list[dict[str, Any]]:
    """Before training and after `steps` steps, of a network with so many units."""
    config: Any = CASE.config.with_values({"network.hidden_units": units})
    data, state = make_dataset(config), initial_state(config)
    late = trainable_of(config).engine("compiled", data).advance(state, steps)
    rows = []
    for when, at in (("start", state), ("late", late)):
        title = f"Hessian spectrum, {config.parameter_count:,} parameters, {when}"
        tell(title, 0.0)
        spectrum, fast = _timed(partial(ours, at, data), REPEATS[when])
        others, slow = _timed(partial(theirs, at, data), 1)
        ratio, target = slow / fast, TARGETS[when]
        rows.append(
            {
                "case": title,
                "ratio": ratio,
                "ours_ms": fast * 1e3,
                "rival_ms": slow * 1e3,
                "rows_solved": len(spectrum),
                "largest_agrees_to": float(abs(others.max() / spectrum.max() - 1)),
                "target": target.least,
                "met": bool(ratio >= target.least) if judge else None,
            }
        )
    return rows


def ours(state: NetworkState, data: Dataset) -> np.ndarray:
    """The eigenvalues that are not exactly 0."""
    spectrum = hessian_spectrum(state, data.inputs, data.targets, 10**9)
    assert spectrum.eigenvalues is not None
    return spectrum.eigenvalues


def theirs(state: NetworkState, data: Dataset) -> np.ndarray:
    """All eigenvalues as in the published code: by differentiating twice, and a solver for any
    matrix, which finds eigenvectors too."""
    rows = torch.from_numpy(weight_rows(state).astype(np.float64))
    inputs, targets = torch.from_numpy(data.inputs), torch.from_numpy(data.targets)

    def of(theta: torch.Tensor) -> torch.Tensor:
        return loss(theta.reshape(rows.shape), inputs, targets, ACTIVATIONS["relu"])

    matrix = torch.autograd.functional.hessian(of, rows.reshape(-1), vectorize=True)
    return np.asarray(torch.linalg.eig(matrix).eigenvalues.real)


def _timed(work: Callable[[], np.ndarray], repeats: int) -> tuple[np.ndarray, float]:
    """What it returns, and the median seconds of processor time."""
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        result = work()
        taken.append(time.process_time() - began)
    return result, float(np.median(taken))
