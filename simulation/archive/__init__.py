"""Run archives: plain Parquet files that explain themselves, written safely, read by run.

What is named here is loaded when it is first used, so that a `Catalog`, which answers questions
about runs in an archive, costs no more than it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.archive.archive import Archive
    from simulation.archive.catalog import Catalog
    from simulation.archive.finding import Finding
    from simulation.archive.reader import RateMaps, Run, SpectrumRow
    from simulation.archive.status import Progress, Status
    from simulation.archive.writer import RunWriter

__all__ = [
    "Archive",
    "Catalog",
    "Finding",
    "Progress",
    "RateMaps",
    "Run",
    "RunWriter",
    "SpectrumRow",
    "Status",
]

_MODULES = {
    "archive": ("Archive",),
    "catalog": ("Catalog",),
    "finding": ("Finding",),
    "reader": ("RateMaps", "Run", "SpectrumRow"),
    "status": ("Progress", "Status"),
    "writer": ("RunWriter",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value
