"""A run stays small: what it loads, what it takes at its peak, and what lets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simulation.archive import arrays

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pandas", "torch", "pyarrow.compute", "numba.np.linalg")
HEAVY_SCIPY = ("linalg", "ndimage", "optimize", "sparse", "special", "stats")
MOST_MEGABYTES = 200
TASKS = ("smoothed_random", "corridor")

RUN = """
import json, pathlib, sys
from simulation.archive import Archive
from simulation.config import RunConfig
from simulation.running.run import execute
values = {
    "task.kind": sys.argv[2],
    "noise.update_scale": 0.03,
    "schedule.steps": int(sys.argv[3]),
    "schedule.curve_points": 100,
    "schedule.snapshots": 10,
    "schedule.hessian_snapshots": 3,
    "schedule.hessian_limit": 1_000,
}
run = execute(RunConfig.parse(values), Archive.open(sys.argv[1], create=True))
assert run.status.value == "finished", run.record["status_reason"]
status = pathlib.Path("/proc/self/status").read_text().splitlines()
peak = next(line for line in status if line.startswith("VmHWM")).split()[1]
print(json.dumps({"modules": sorted(sys.modules), "megabytes": int(peak) / 1024}))
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The loops of gradient descent are on the disk, as they are for every run but the first."""
    for task in TASKS:
        made(tmp_path_factory.mktemp("first"), task, 20)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("task", TASKS)
def test_a_run_loads_neither_pandas_nor_scipy(tmp_path: Path, task: str) -> None:
    loaded = set(made(tmp_path, task, 200)["modules"])
    assert not loaded & {*HEAVY, *(f"scipy.{part}" for part in HEAVY_SCIPY)}


COMMAND = """
import sys
from simulation.cli import main
for seed in "01":
    values = ["--set", "schedule.steps=20", "--set", "seed=" + seed]
    assert main(["run", "--archive", sys.argv[1], *values]) == 0
assert "pandas" not in sys.modules
"""


@pytest.mark.usefixtures("compiled")
def test_a_run_from_the_command_line_loads_no_pandas_to_index_it(tmp_path: Path) -> None:
    run = [sys.executable, "-c", COMMAND, str(tmp_path)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("compiled")
def test_a_run_stays_small_however_long(tmp_path: Path) -> None:
    short, long = (
        made(tmp_path / str(steps), "smoothed_random", steps)["megabytes"]
        for steps in (20_000, 500_000)
    )
    assert long < MOST_MEGABYTES
    assert long - short < 10


def made(archive: Path, task: str, steps: int) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(archive), task, str(steps)],
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


VALUES: list[tuple[object, pa.DataType]] = [
    ([1, 2, 3], pa.int64()),
    (np.array([1.5, np.nan, -np.inf]), pa.float64()),
    ([1.5, None], pa.float64()),
    ([np.nan, 2.0], pa.int64()),
    ([], pa.float64()),
    (np.arange(5)[::2], pa.int64()),
]


@pytest.mark.parametrize(("values", "kind"), VALUES, ids=str)
def test_numbers_are_those_that_pyarrow_would_make(values: object, kind: pa.DataType) -> None:
    made = arrays.numbers(values, kind)  # type: ignore[arg-type]
    made.validate(full=True)
    assert made.equals(pa.array(values, kind, from_pandas=True))
    back = arrays.to_numpy(made)
    np.testing.assert_array_equal(back, made.to_numpy(zero_copy_only=False))


def test_texts_and_lists_are_those_that_pyarrow_would_make() -> None:
    texts = ["a", None, "", "µ → ½"]
    made = arrays.texts(texts)
    made.validate(full=True)
    assert made.equals(pa.array(texts))
    for matrix in (np.arange(6.0).reshape(3, 2), np.array([[1.0, np.nan]]), np.empty((1, 0))):
        kind = pa.list_(pa.float32())
        made = arrays.lists(matrix, kind)
        made.validate(full=True)
        assert made.equals(pa.array(list(matrix), kind)) or np.isnan(matrix).any()
        again = arrays.to_matrix(pa.chunked_array([made]))
        np.testing.assert_array_equal(again, matrix.astype(np.float32))


def test_a_sliced_column_with_nulls_reads_right(tmp_path: Path) -> None:
    rows = pa.table({"x": pa.array([1.0, None, 3.0, None, 5.0, 6.0, None, 8.0, 9.0, None])})
    pq.write_table(rows, tmp_path / "x.parquet")
    column = pq.read_table(tmp_path / "x.parquet")["x"].slice(3, 6)
    np.testing.assert_array_equal(arrays.to_numpy(column), [np.nan, 5, 6, np.nan, 8, 9])
    rows = pa.chunked_array([arrays.lists(np.arange(8).reshape(4, 2), pa.list_(pa.int64()))])
    np.testing.assert_array_equal(arrays.to_matrix(rows.slice(1, 2)), [[2, 3], [4, 5]])
    several = pa.chunked_array([column.chunk(0), column.chunk(0).slice(1, 2)])
    np.testing.assert_array_equal(arrays.to_numpy(several), [np.nan, 5, 6, np.nan, 8, 9, 5, 6])


def test_a_row_is_one_that_pyarrow_would_make() -> None:
    schema = pa.schema(
        [
            ("a", pa.string()),
            ("b", pa.int64()),
            ("c", pa.float64()),
            ("d", pa.list_(pa.float32())),
            ("e", pa.list_(pa.int64())),
            ("f", pa.float64()),
        ]
    )
    row = {"a": "x", "b": 2**53 + 1, "c": 0.1, "d": [1.0, 2.5], "e": [], "more": 1}
    assert arrays.one_row(row, schema).equals(pa.Table.from_pylist([row], schema))
