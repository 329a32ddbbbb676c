"""The measuring of speed: what it prints, and the arithmetic it is held against."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from simulation.bench import hessian
from simulation.bench.cases import ALL, COMMAND, Case, chosen
from simulation.bench.limit import Machine, limit_seconds
from simulation.bench.rivals import tensors, torch_loop
from simulation.bench.training import Timing, summary
from simulation.config import RunConfig
from simulation.models.feedforward import initial_state
from simulation.running import trainable_of
from simulation.tasks import make_dataset


def bench(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "simulation", "bench", *options]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_a_short_measurement_prints_its_figures() -> None:
    results = json.loads(
        bench("--quick", "--shape", "A", "--rule", "sgd", "--steps", "2000", "--json").stdout
    )
    whole = results["command"]
    assert whole["steps"] == 2_000
    assert whole["ratio"] == pytest.approx(whole["rival_us"] / whole["us_a_step"])
    assert whole["us_a_step"] == pytest.approx(whole["seconds"] / 2_000 * 1e6)
    assert whole["met"] is None
    row = results["training"][0]
    assert whole["us_a_step"] > row["compiled_us"]
    assert row["case"] == "A sgd, update noise"
    assert row["ratio"] == pytest.approx(row["rival_us"] / row["compiled_us"])
    assert row["ns_per_parameter_step"] == pytest.approx(row["compiled_us"] * 1e3 / 2_600)
    assert row["limit_us"] > 0
    assert row["met"] is None


def test_a_target_is_met_by_the_whole_run() -> None:
    """Piece by piece it may be another ratio."""
    timing = Timing(
        compiled=np.array([1.0, 3.0]),
        rival=np.array([601.0, 601.0]),
        limit=np.array([0.5, 0.5]),
        active_units=np.array([100.0, 50.0]),
    )
    row = summary(Case("A", "sgd", "update"), 10_000_000, timing, judge=True)
    assert row["ratio"] == pytest.approx(300.5)
    assert row["piece_ratio_median"] == pytest.approx((601 + 601 / 3) / 2)
    assert (row["met"], row["aim_met"]) == (True, False)


def test_the_limit_counts_operations_and_normals() -> None:
    machine = Machine(flops=1.0, normal_seconds=1e9)
    config: Any = Case("A", "sgd", "update").config  # N=5 D=20 O=5: five coordinates
    forward, backward = 5 * 100 * (5 + 5) * 2, 5 * 100 * (5 + 2 * 5) * 2
    assert limit_seconds(config, 100, machine) == forward + backward + 1e9 * 100 * (5 + 5)
    label: Any = Case("A", "sgd", "label").config
    assert limit_seconds(label, 100, machine) == forward + backward + 1e9 * 5 * 5
    corridor: Any = Case("D", "sgd", "update").config
    assert limit_seconds(corridor, 0, machine) == 0
    adam: Any = Case("A", "adam", None).config
    assert limit_seconds(adam, 100, machine) is None


def test_the_command_measured_is_the_first_case() -> None:
    assert ALL[0] == COMMAND
    assert RunConfig.parse(COMMAND.values).run_id == COMMAND.config.run_id


def test_options_choose_one_case_and_none_choose_all() -> None:
    assert chosen(None, None, None) == ALL
    assert chosen("C", None, "label") == (Case("C", "sgd", "label"),)
    assert chosen(None, "adam", None) == (Case("A", "adam", None),)
    assert all(case.config.run_id for case in ALL)


def test_the_plain_loop_trains_as_the_reference_engine_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config: Any = Case("A", "sgd", None).config
    data, start = make_dataset(config), initial_state(config)
    theta = tensors(start)
    monkeypatch.setattr("simulation.bench.rivals.tensors", lambda _: theta)
    torch_loop(config, data)(start, 20)
    end = trainable_of(config).engine("reference", data).advance(start, 20)
    for ours, theirs in zip(theta, tensors(end), strict=True):
        assert np.allclose(ours.detach().numpy(), theirs.numpy(), rtol=0, atol=1e-12)


def test_both_ways_to_the_spectrum_agree() -> None:
    config: Any = hessian.CASE.config.with_values({"network.hidden_units": 6})
    data, state = make_dataset(config), initial_state(config)
    ours, theirs = hessian.ours(state, data), np.sort(hessian.theirs(state, data))
    padded = np.sort(np.concatenate([ours, np.zeros(len(theirs) - len(ours))]))
    assert np.abs(padded - theirs).max() < 1e-6 * theirs.max()  # the start is float32
