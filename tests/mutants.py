"""Mutants of the pure modules that their tests do not notice: see `tests/mutants.sh`.

Each module is mutated on its own (mutmut) in a copy of the sources, and its mutants meet the tests
named here alone, so that the whole takes minutes. Survivors must be in `tests/mutants.md`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LISTED = ROOT / "tests/mutants.md"

METRICS, ANALYSIS, TESTS = "simulation/metrics", "simulation/analysis", "tests/simulation"
MODULES = {
    f"{METRICS}/activity.py": "test_metrics_activity.py",
    f"{METRICS}/centroids.py": "test_metrics_centroids.py",
    f"{METRICS}/curvature.py": "test_curvature.py",
    f"{METRICS}/decoding.py": "test_metrics_decoding.py",
    f"{METRICS}/hessian.py": "test_curvature.py",
    f"{METRICS}/lanczos.py": "test_small_solvers.py",
    f"{METRICS}/loss.py": "test_metrics_loss.py",
    f"{METRICS}/population.py": "test_metrics_population.py",
    f"{METRICS}/similarity.py": "test_metrics_similarity.py",
    f"{METRICS}/spatial.py": "test_metrics_spatial.py",
    f"{ANALYSIS}/counting.py": "test_counting.py",
    f"{ANALYSIS}/decay.py": "test_decay.py",
    f"{ANALYSIS}/diffusion.py": "test_diffusion.py",
    f"{ANALYSIS}/phases.py": "test_phases.py",
    f"{ANALYSIS}/published.py": "test_published_rate.py",
    f"{ANALYSIS}/simplex.py": "test_small_solvers.py",
    f"{ANALYSIS}/timescale.py": "test_timescale_verdicts.py",
    f"{ANALYSIS}/valley_drift.py": "test_valleys.py",
    f"{ANALYSIS}/valley_theory.py": "test_valleys.py",
    f"{ANALYSIS}/valley_walk.py": "test_valleys.py",
    "simulation/config/schedule.py": "test_schedule.py",
    f"{ANALYSIS}/summary.py": "test_summary.py",
    f"{ANALYSIS}/drift_summary.py": "test_summary.py",
    f"{ANALYSIS}/published_table.py": "test_published.py",
}
"""The tests of each mutated module; a path that moves is one line here."""

SETUP = """[mutmut]
source_paths = simulation
only_mutate = {module}
pytest_add_cli_args_test_selection =
  {tests}
pytest_add_cli_args =
  -pno:xdist
  -pno:cacheprovider
  -pno:unraisableexception
  --assert=plain
"""
Mutant = tuple[str, str]
"""The name of a function, and the lines that change, each with its sign."""


def survivors(module: str, tests: str, sample: int = 0) -> tuple[Counter[str], list[Mutant]]:
    """How many mutants of `module` came to which end, and those that its tests let pass.

    Of all its mutants, or of a `sample` of so many (always the same).
    """
    with tempfile.TemporaryDirectory(prefix="driftscape-mutants-") as name:
        folder = Path(name)
        for part in ("simulation", "tests"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        shutil.copy(ROOT / "pyproject.toml", folder)
        (folder / "mutants").mkdir()
        (folder / "mutants/data").symlink_to(ROOT / "data")
        paths = "\n  ".join(f"{TESTS}/{test}" for test in tests.split())
        (folder / "setup.cfg").write_text(SETUP.format(module=module, tests=paths))
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1"]
        names = _names(folder, module) if sample else []
        command += random.Random(0).sample(names, min(sample, len(names)))
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stdout[-500:] + done.stderr[-4000:]
            raise SystemExit(f"{module}: mutmut ended with {done.returncode}\n{said}")
        return _read(folder, module)


def _names(folder: Path, module: str) -> list[str]:
    from mutmut.configuration import reset_config
    from mutmut.mutation.file_mutation import mutate_file_contents
    from mutmut.utils.format_utils import get_mutant_name

    reset_config()
    with contextlib.chdir(folder):
        mutated = mutate_file_contents(module, Path(module).read_text())
    return [get_mutant_name(Path(module), name) for name in mutated.mutant_names]


def _read(folder: Path, module: str) -> tuple[Counter[str], list[Mutant]]:
    from mutmut.configuration import reset_config
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.stats import status_by_exit_code

    codes = json.loads((folder / f"mutants/{module}.meta").read_text())["exit_code_by_key"]
    ends = {name: status_by_exit_code[code] for name, code in codes.items() if code is not None}
    passed = [name for name, end in ends.items() if end not in ("killed", "timeout")]
    reset_config()
    with contextlib.chdir(folder):
        return Counter(ends.values()), [_mutant(name, get_diff_for_mutant(name)) for name in passed]


def _mutant(name: str, diff: str) -> Mutant:
    """mutmut calls the 5th mutant of f `module.x_f__mutmut_5`, of C.f `module.xǁCǁf__mutmut_5`."""
    function = re.sub(r"^x_|__mutmut_\d+$", "", name.rpartition(".")[2])
    changed = [line for line in diff.splitlines()[2:] if line[0] in "+-"]
    lines = "\n".join(f"{line[0]} {line[1:].strip()}" for line in changed)
    return function.removeprefix("xǁ").replace("ǁ", "."), lines


def listed() -> dict[str, Counter[Mutant]]:
    """The survivors that `tests/mutants.md` gives a reason for, by module."""
    found: dict[str, Counter[Mutant]] = {}
    module = function = ""
    for block in re.findall(r"^## (\S+)$|^```diff\n(.*?)^```$", LISTED.read_text(), re.M | re.S):
        module = block[0] or module
        known = found.setdefault(module, Counter())
        for part in re.split(r"^@@ ", block[1], flags=re.M)[1:]:
            function, _, lines = part.partition("\n")
            known[function, lines.strip()] += 1
    return found


def main() -> int:
    """Print what came of the mutants of each module; 1 where a survivor is not listed."""
    parser = argparse.ArgumentParser(prog="bash tests/mutants.sh")
    parser.add_argument("modules", nargs="*", help="file names or paths; all modules without any")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="N mutants of each")
    asked = parser.parse_args()
    known, wrong = listed(), 0
    for module, tests in MODULES.items():
        if asked.modules and not {module, Path(module).stem} & set(asked.modules):
            continue
        began = time.monotonic()
        ends, passed = survivors(module, tests, asked.sample)
        counted = ", ".join(f"{count} {end}" for end, count in sorted(ends.items()))
        took = time.monotonic() - began
        print(f"{module}: {ends.total()} mutants: {counted} ({took:.0f} s)", flush=True)
        expected, found = known.get(module, Counter()), Counter(passed)
        killed = Counter() if asked.sample else expected - found
        for title, mutants in (("not listed", found - expected), ("listed, but killed", killed)):
            for function, lines in mutants.elements():
                print(f"@@ {function}\n{lines}")
            if mutants:
                print(f"^ {mutants.total()} {title} in {LISTED.relative_to(ROOT)}", flush=True)
            wrong += mutants.total()
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
