"""How kernels are compiled, and where compiled code is kept between processes.

Numba's own disk cache notices changes in the file of the compiled function only, not in the files
of the functions it calls, and refuses to work where it finds no writable folder. Here the folder
is named after a hash of all sources that are compiled together, and the last resort is a
temporary folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numba

from simulation import step_noise
from simulation.models import activations

HERE = Path(__file__).parent

# numba's type stubs know neither all options of njit nor its configuration
_njit: Any = numba.njit
_config: Any = numba.config


def kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` into the kernels that call it; Python itself cannot call it.

    (Leaving out what only Python needs saves a third of the compile time.)
    """
    return _njit(function, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)


def inlined_kernel(function: Callable[..., Any]) -> Any:
    """Like `kernel`, but copied into its callers.

    For functions that take a whole workspace at every step: handing it over takes longer than a
    step of a small network.
    """
    return _njit(
        function,
        error_model="numpy",
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        forceinline=True,
    )


def entry_kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` for calls from Python, GIL released, and keep the result on disk.

    The folder is the first usable one of NUMBA_CACHE_DIR, the package's __pycache__, the user's
    cache folder and the system's temporary folder.
    """
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(cache_folder())
    try:
        return _njit(function, cache=True, nogil=True, error_model="numpy")
    finally:
        _config.CACHE_DIR = before


def cache_folder() -> Path:
    """A folder of ours that can be written, named after the sources of the kernels."""
    name = f"driftscape-kernels-{source_hash()}"
    for parent in _parents():
        folder = parent / name
        if _is_usable(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix=f"{name}-"))


def source_hash() -> str:
    """Of every source, and of every imported number, that ends up in the compiled code."""
    digest = hashlib.sha256()
    for source in [*sorted(HERE.glob("*.py")), Path(step_noise.__file__)]:
        digest.update(source.read_bytes())
    digest.update(repr((activations.LEAK, list(activations.ACTIVATIONS))).encode())
    return digest.hexdigest()[:16]


def _parents() -> Iterator[Path]:
    if _config.CACHE_DIR:
        yield Path(_config.CACHE_DIR)
    yield HERE / "__pycache__"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    yield Path(tempfile.gettempdir())


def _is_usable(folder: Path) -> bool:
    """Whether `folder` exists or can be made, is ours (it holds code), and takes files."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
    except OSError:
        return False
