"""What computed a run: versions and machine, as columns of the runs table."""

from __future__ import annotations

import platform
from functools import cache
from importlib import metadata
from pathlib import Path

from simulation import __version__

_LIBRARY = {"compiled": "numba", "reference": "torch", "ensemble": "torch"}


def provenance(engine: str) -> dict[str, str | None]:
    """The provenance columns for a run of this engine; the other engine's library is None."""
    used = _LIBRARY.get(engine)
    return {
        "package_version": __version__,
        "python_version": platform.python_version(),
        "numpy_version": metadata.version("numpy"),
        **{f"{name}_version": _version(name, used) for name in _LIBRARY.values()},
        "platform": platform.platform(),
        "cpu": _cpu(),
    }


def _version(library: str, used: str | None) -> str | None:
    return metadata.version(library) if library == used else None


@cache
def _cpu() -> str:
    """The processor's model name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
