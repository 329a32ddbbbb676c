"""The compiled pieces: noise bit by bit, vector operations, the disk cache, light imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from simulation.engines.kernels import jit
from simulation.engines.kernels.activations import ACTIVATION_NUMBERS, activate
from simulation.engines.kernels.arithmetic import divide, flush, multiply, square_root
from simulation.engines.kernels.lanes import (
    add,
    bits_of_positive,
    choose,
    element,
    gate,
    load,
    load_noise,
    multiply_add,
    store,
    sum_of,
    zeros_like,
)
from simulation.engines.kernels.noise import blocks, fill_normals, fill_pairs, fill_uniforms
from simulation.engines.kernels.panels import aligned_zeros, pack, unpack
from simulation.engines.rows import Memory, trained, weight_rows
from simulation.models.activations import ACTIVATIONS
from simulation.noise.step_noise import step_normals, step_uniforms, stream_key
from tests.simulation.engine_helpers import configure, initial_state, same_bits


@numba.njit
def _normals(out: np.ndarray, key: np.uint64, step: int) -> None:
    fill_normals(out, key, step)


@numba.njit
def _uniforms(out: np.ndarray, key: np.uint64, step: int) -> None:
    fill_uniforms(out, key, step)


@pytest.mark.parametrize("step", [0, 1, 999_999, 2**40])
@pytest.mark.parametrize("count", [1, 64, 65, 18_000])
def test_compiled_noise_is_the_defined_noise_bit_by_bit(count: int, step: int) -> None:
    for fill, definition in ((_normals, step_normals), (_uniforms, step_uniforms)):
        out = blocks(count)
        fill(out, stream_key(5, "update_noise"), step)
        expected = definition(5, "update_noise", step, count)
        assert out.reshape(-1)[:count].tobytes() == expected.tobytes()


@numba.njit
def _pairs(out: np.ndarray, pairs: np.ndarray, count: int, key: np.uint64, step: int) -> float:
    fill_pairs(out, pairs, count, key, step)
    return element(out.reshape(2, -1), len(pairs) + 3)


def test_chosen_pairs_of_the_noise_are_those_of_all_of_it() -> None:
    """The first number of pair p is element p of its block of 64, the second 32 further on."""
    pairs = np.random.default_rng(0).integers(0, 96, 48).astype(np.uint32)
    out = np.zeros(2 * len(pairs), np.float32)
    fourth = _pairs(out, pairs, 21, stream_key(5, "update_noise"), 7)
    all_of_it = step_normals(5, "update_noise", 7, 3 * 64)
    at = pairs[:32] // 32 * 64 + pairs[:32] % 32
    firsts, seconds = out[:48], out[48:]
    assert firsts[:32].tobytes() == all_of_it[at].tobytes()
    assert seconds[:32].tobytes() == all_of_it[at + 32].tobytes()
    assert not firsts[32:].any()
    assert fourth == seconds[3]


@numba.njit
def _vector_operations(rows: np.ndarray, noise: np.ndarray) -> tuple[int, float]:
    a, b = load(rows, 0, 0), load(rows, 0, 1)
    total = multiply_add(multiply_add(a, a, b), b, rows[0, 0, 1])
    store(rows, 0, 2, total)
    store(rows, 0, 3, gate(a, b))
    store(rows, 0, 4, load_noise(noise, 3, zeros_like(a)))
    return bits_of_positive(b), sum_of(b)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_vector_operations(dtype: type) -> None:
    rows = aligned_zeros((1, 5, 64 // np.dtype(dtype).itemsize), dtype)
    assert rows.ctypes.data % 64 == 0
    a, b = rows[0, 0], rows[0, 1]
    a[:] = np.arange(1, a.size + 1)
    b[:] = np.arange(a.size) - 3
    noise = np.arange(40, dtype=np.float32)
    bits, total = _vector_operations(rows, noise)
    assert bits == sum(1 << lane for lane in range(4, a.size))
    assert total == b.sum()
    assert (rows[0, 2] == a + a * b + b * a[1]).all()
    assert (rows[0, 3] == np.where(b > 0, a, 0)).all()
    assert (rows[0, 4] == noise[3 : 3 + a.size]).all()


@numba.njit
def _more_vector_operations(rows: np.ndarray) -> None:
    a, b = load(rows, 0, 0), load(rows, 0, 1)
    store(rows, 0, 2, multiply(add(a, rows[0, 0, 1]), add(a, b)))
    store(rows, 0, 3, divide(multiply(a, rows[0, 0, 2]), square_root(b)))
    store(rows, 0, 4, flush(b))
    store(rows, 0, 5, choose(b, a, add(a, a)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_vector_operations_of_the_adaptive_rules(dtype: type) -> None:
    rows = aligned_zeros((1, 6, 64 // np.dtype(dtype).itemsize), dtype)
    a, b = rows[0, 0], rows[0, 1]
    a[:] = np.arange(1, a.size + 1)
    tiny = np.finfo(dtype).tiny
    b[:5] = [2, tiny, tiny / 2, np.nan, np.inf]
    _more_vector_operations(rows)
    np.testing.assert_array_equal(rows[0, 2], (a + a[1]) * (a + b))
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(rows[0, 3], a * a[2] / np.sqrt(b))
    np.testing.assert_array_equal(rows[0, 4, :5], [2, tiny, 0, np.nan, np.inf])
    np.testing.assert_array_equal(rows[0, 5], np.where(np.arange(a.size) < 5, a, a + a))


@numba.njit
def _activate(hidden: np.ndarray, slope: np.ndarray, n_samples: int, activation: int) -> None:
    activate(hidden, slope, n_samples, activation)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", list(ACTIVATIONS)[1:])
def test_compiled_activations_are_the_defined_ones(name: str, dtype: type) -> None:
    drive = aligned_zeros((2, 5, 64 // np.dtype(dtype).itemsize), dtype)
    drive[:] = np.linspace(-200, 200, drive.size).reshape(drive.shape)
    drive[1, 2, :4] = np.linspace(-1e-3, 1, 4)
    drive[1, 3, :5] = [0, np.nan, np.inf, -np.inf, -1e-30]
    hidden, slope = drive.copy(), np.zeros_like(drive)
    _activate(hidden, slope, 4, ACTIVATION_NUMBERS[name])
    near = {"rtol": 20 * np.finfo(dtype).eps, "atol": 2 * np.finfo(dtype).eps}
    np.testing.assert_allclose(hidden[:, :4], ACTIVATIONS[name].value(drive[:, :4]), **near)
    np.testing.assert_allclose(slope[:, :4], ACTIVATIONS[name].slope(drive[:, :4]), **near)
    assert (hidden[:, 4] == drive[:, 4]).all()
    assert not slope[:, 4].any()


def test_the_rectifier_is_activation_number_0() -> None:
    assert ACTIVATION_NUMBERS["relu"] == 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_counts_as_active_and_passes_the_gate(dtype: type) -> None:
    rows = aligned_zeros((1, 5, 64 // np.dtype(dtype).itemsize), dtype)
    rows[0, :2, 2] = np.nan
    bits, _ = _vector_operations(rows, np.zeros(40, np.float32))
    assert bits == 1 << 2
    assert np.isnan(rows[0, 3]).tolist() == [lane == 2 for lane in range(rows.shape[2])]


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("units", [1, 15, 16, 17, 100])
def test_panels_hold_the_network_and_nothing_else(units: int, precision: str) -> None:
    state = initial_state(configure((3, 4, 2, units), precision=precision))
    weights = pack(weight_rows(state), precision)
    assert same_bits(trained(state, 0, unpack(weights, units), Memory({}, 0)), state)
    assert np.count_nonzero(weights) == units * (4 + 1 + 2)


def test_the_cache_falls_back_where_folders_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_file = tmp_path / "a file, so nothing can be made below it"
    a_file.touch()
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(a_file))
    monkeypatch.setattr(jit, "HERE", a_file)
    monkeypatch.setattr(jit, "source_hash", lambda: "0")
    monkeypatch.setenv("XDG_CACHE_HOME", str(a_file))
    monkeypatch.setattr(jit.tempfile, "tempdir", str(tmp_path))
    assert jit.cache_folder() == tmp_path / "driftscape-kernels-0"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert jit.cache_folder() == tmp_path / "cache" / "driftscape-kernels-0"


def test_the_cache_is_keyed_by_the_source_of_every_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in jit.HERE.glob("*.py"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    monkeypatch.setattr(jit, "HERE", tmp_path)
    before = jit.source_hash()
    assert before == jit.source_hash()
    with (tmp_path / "network.py").open("a") as changed:
        changed.write("# changed\n")
    assert jit.source_hash() != before


def printed(code: str, cache: Path) -> str:
    """What `code` prints in a process of its own, which keeps compiled kernels in `cache`."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": "", "PYTHONPATH": ":".join(sys.path), "NUMBA_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_a_second_process_loads_what_the_first_compiled(tmp_path: Path) -> None:
    code = (
        "from tests.simulation.engine_helpers import configure, engine, initial_state; "
        "config = configure(); engine('compiled', config).advance(initial_state(config), 1); "
        "from simulation.engines.kernels.stretches import train_stretches as train; "
        "stats = train.stats; "
        "print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))"
    )
    hits_and_misses = [printed(code, tmp_path).split() for _ in range(2)]
    assert hits_and_misses == [["0", "1"], ["1", "0"]]


def test_compiling_is_told_once_and_loading_is_not(tmp_path: Path) -> None:
    code = (
        "from tests.simulation.engine_helpers import configure, engine, initial_state; "
        "config = configure(); trainer = engine('compiled', config); "
        "from simulation.engines.kernels.jit import when_compiling; heard = []\n"
        "with when_compiling(heard.append): trainer.advance(initial_state(config), 1)\n"
        "print(heard)"
    )
    heard = [printed(code, tmp_path).strip() for _ in range(2)]
    assert heard == ["[True, False]", "[]"]


def test_importing_the_engines_package_loads_no_engine() -> None:
    code = "import sys, simulation.engines; print({'torch', 'numba', 'scipy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
