"""`bench`: how fast training and measuring are on this machine, beside plain ways to do it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from typing import Any

from simulation.bench.cases import COMMAND, NOISES, SHAPES, Case, chosen
from simulation.cli.formats import print_json
from simulation.config import RULES

ABOUT = """\
Measure the whole of `python -m simulation run` for the first case, recording and all. Then train
whole runs with the compiled engine, and in turns with it, in the same process and on one core: a
torch autograd loop in float64 from the run's own states (similarity matching: a numpy loop), and
the Hessian's spectrum by automatic differentiation and a general eigensolver. Printed are ratios
of processor time (of the whole run, the rival's extrapolated; and their median and quartiles over
its pieces), and the arithmetic limit: what the operations of a step and its noise would take alone.
Without options everything is measured, in some minutes. Progress goes to standard error.

shapes: A N=5 D=20 O=5 H=100; B N=12 D=15 O=10 H=100; C N=10 D=25 O=10 H=100;
D the corridor, N=150 D=18 O=17 H=500

examples:
  python -m simulation bench --quick
  python -m simulation bench --shape B --noise label --json
  python -m simulation bench --ensemble
"""
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
HESSIAN_UNITS, QUICK_HESSIAN_UNITS = 100, 25


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--shape", choices=SHAPES, help="sizes of task and network")
    parser.add_argument(
        "--rule", choices=list(RULES), help="learning rule (hebbian: similarity matching)"
    )
    parser.add_argument("--noise", choices=NOISES, help="noise that is added")
    parser.add_argument("--steps", metavar="N", type=_steps, help="length of a whole run")
    parser.add_argument(
        "--quick", action="store_true", help="short runs: under half a minute, nothing judged"
    )
    parser.add_argument(
        "--ensemble", action="store_true", help="only: many runs at once, as on a CUDA device"
    )


def run_bench(options: argparse.Namespace) -> int:
    """Measure and print; the exit code."""
    if any(os.environ.get(name) != "1" for name in ONE_THREAD):
        # libraries read how many threads to use when they are loaded, which they are by now
        environment = dict(os.environ) | dict.fromkeys(ONE_THREAD, "1")
        sys.stdout.flush()
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)
    results: dict[str, Any] = {"machine": platform.platform()}
    if options.ensemble:
        from simulation.bench.ensemble import measure_ensemble

        results["ensemble"] = measure_ensemble()
    else:
        results |= _measure(options)
    if options.json:
        print_json(results)
    else:
        _print(results)
    return 0


def _measure(options: argparse.Namespace) -> dict[str, Any]:
    import torch

    from simulation.bench.command import measure_command
    from simulation.bench.hessian import CASE, measure_hessian
    from simulation.bench.training import machine, measure, summary

    torch.set_num_threads(1)
    cases = chosen(options.shape, options.rule, options.noise)
    judge = not options.quick and options.steps is None
    results: dict[str, Any] = {}
    if COMMAND in cases:
        results["command"] = measure_command(*_lengths(COMMAND, options), _tell, judge=judge)
    training = []
    for case in cases:
        steps, rival_steps = _lengths(case, options)
        training.append(summary(case, steps, measure(case, steps, rival_steps, _tell), judge=judge))
    results["training"] = training
    if len(cases) > 1:
        units = QUICK_HESSIAN_UNITS if options.quick else HESSIAN_UNITS
        steps, _ = _lengths(CASE, options)
        results["hessian"] = measure_hessian(steps, _tell, judge=judge, units=units)
    core = machine("float32")
    results["core"] = {
        "float32_gflops": core.flops / 1e9,
        "normal_ns": core.normal_seconds * 1e9,
    }
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    return results


def _lengths(case: Case, options: argparse.Namespace) -> tuple[int, int]:
    """Steps of the run, and of the rival."""
    from simulation.bench.training import PIECES, QUICK_SHARE, RIVAL_STEPS

    share = QUICK_SHARE if options.quick else 1
    steps: int = options.steps or case.steps // share
    rival_steps = RIVAL_STEPS // (10 if options.quick else 1)
    return max(steps, PIECES), rival_steps


def _tell(what: str, share: float) -> None:
    """One line that is written over on a terminal, elsewhere one line for each thing measured."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{what}: {share:.0%}", end="", file=sys.stderr, flush=True)
    elif not share:
        print(what, file=sys.stderr, flush=True)


def _print(results: dict[str, Any]) -> None:
    if row := results.get("command"):
        print(f"{row['case']} ({row['steps']:,} steps)")
        print(
            f"  {row['ratio']:,.0f}x the plain loop{_verdict(row)}: {row['seconds']:.3g} s of "
            f"processor time, {row['us_a_step']:.3g} us a step; "
            f"plain loop {row['rival_us']:,.0f} us"
        )
    for row in results.get("training", []):
        low, high = row["piece_ratio_quartiles"]
        print(f"{row['case']} ({row['precision']}, {row['steps']:,} steps)")
        print(
            f"  {row['ratio']:,.0f}x the plain loop over the whole run{_verdict(row)}; by piece "
            f"median {row['piece_ratio_median']:,.0f}x, quartiles {low:,.0f}x to {high:,.0f}x"
        )
        print(
            f"  {row['compiled_us']:.3g} us a step (first piece {row['compiled_first_us']:.3g}, "
            f"last {row['compiled_last_us']:.3g}), "
            f"{row['ns_per_parameter_step']:.3g} ns a parameter and step; "
            f"plain loop {row['rival_us']:,.0f} us"
        )
        if row["limit_us"] is not None:
            print(
                f"  arithmetic limit {row['limit_us']:.3g} us a step (first piece "
                f"{row['limit_first_us']:.3g}); active units in the last piece: "
                f"{row['active_units_last_piece']:.0f}"
            )
    for row in results.get("hessian", []):
        print(f"{row['case']} ({row['rows_solved']:,} rows left to solve)")
        print(
            f"  {row['ratio']:,.0f}x autograd and a general eigensolver{_verdict(row)}; "
            f"{row['ours_ms']:.3g} ms against {row['rival_ms']:,.0f} ms"
        )
    if core := results.get("core"):
        print(
            f"one core: {core['float32_gflops']:.0f} Gflop/s in float32, "
            f"{core['normal_ns']:.2g} ns a normal number"
        )
    if row := results.get("ensemble"):
        _print_ensemble(row)


def _print_ensemble(row: dict[str, Any]) -> None:
    print(row["device"] or row["note"])
    print(
        f"{row['runs']} runs at once, {row['case']}: {row['run_steps_per_second']:,.0f} run-steps "
        f"a second, {row['ratio_to_one_core']:.2g}x the compiled engine on one core"
    )
    print(
        f"the paper's {row['table_runs']:,} runs, as if all had these sizes: "
        f"{row['table_hours']:,.1f} h; the compiled engine on one core: "
        f"{row['table_one_core_hours']:,.1f} h"
    )


def _verdict(row: dict[str, Any]) -> str:
    if row["met"] is None:
        return ""
    words = f" (target {row['target']:,.0f}x: {'met' if row['met'] else 'not met'}"
    if row.get("aim"):
        words += f"; aim {row['aim']:,.0f}x: {'met' if row['aim_met'] else 'not met'}"
    return f"{words})"


def _steps(text: str) -> int:
    try:
        steps = int(float(text))
    except (ValueError, OverflowError):
        steps = 0
    if steps < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of steps above 0")
    return steps
