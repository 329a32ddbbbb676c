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
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
from numba.core import event
from numba.core.caching import FunctionCache
from numba.core.runtime import _nrt_python  # type: ignore[attr-defined]

from simulation.engines.kernels.parts import PartCompiler
from simulation.models import activations
from simulation.noise import step_noise

HERE = Path(__file__).parent

# numba's type stubs know neither all options of njit nor its configuration
_njit: Any = numba.njit
_config: Any = numba.config


def kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` into the kernels that call it; Python itself cannot call it.

    (Leaving out what only Python needs, and see `parts`, saves most of the compile time.)
    """
    return _part(function)


def inlined_kernel(function: Callable[..., Any]) -> Any:
    """Like `kernel`, but copied into its callers.

    For functions that take a whole workspace at every step: handing it over takes longer than a
    step of a small network.
    """
    return _part(function, forceinline=True)


def _part(function: Callable[..., Any], **options: Any) -> Any:
    return _njit(
        function,
        error_model="numpy",
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        pipeline_class=PartCompiler,
        **options,
    )


def entry_kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` for calls from Python, GIL released, and keep the result on disk.

    The folder is the first usable one of NUMBA_CACHE_DIR, the package's __pycache__, the user's
    cache folder and the system's temporary folder.
    """
    compiled = _njit(function, nogil=True, error_model="numpy")
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(cache_folder())
    try:
        compiled._cache = _KernelCache(function)
    finally:
        _config.CACHE_DIR = before
    return compiled


@contextmanager
def when_compiling(tell: Callable[[bool], object]) -> Iterator[None]:
    """Within it, `tell` hears True when compiling begins and False when it has ended.

    It hears nothing where all that is called is compiled or on disk. Every thread is heard.
    """
    listener = _CompileListener(tell)
    event.register("numba:compile", listener)
    try:
        yield
    finally:
        event.unregister("numba:compile", listener)


class _CompileListener(event.Listener):
    """Kernels are compiled one within another: the outermost counts."""

    def __init__(self, tell: Callable[[bool], object]) -> None:
        self._tell, self._depth = tell, 0

    def on_start(self, _: Any) -> None:
        self._depth += 1
        if self._depth == 1:
            self._tell(True)

    def on_end(self, _: Any) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._tell(False)


class _KernelCache(FunctionCache):
    """Numba's disk cache, which reads compiled code without loading the compiler.

    Numba would load all that it can compile first: 45 MB, scipy with it, and half a second. What is
    read needs only the names of numba's runtime; to compile loads the rest, when it comes to that.
    Of the function's source, kept for others to inline, its name is enough: Python calls it.
    """

    def load_overload(self, signature: Any, context: Any) -> Any:
        for name, address in _nrt_python.c_helpers.items():
            llvm.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)
        key = self._index_key(signature, context.codegen())
        stored = self._cache_file.load(key)
        if stored is None:
            return None
        (name, kind, (code, _)), function, *rest = stored
        stub = f'define void @"{function.llvm_cpython_wrapper_name}"() {{ ret void }}'
        library = name, kind, (code, llvm.parse_assembly(stub).as_bitcode())
        return self._impl.rebuild(context, (library, function, *rest))


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
