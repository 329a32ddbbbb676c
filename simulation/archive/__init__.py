"""Run archives: plain Parquet files that explain themselves, written safely, read by run."""

from simulation.archive.archive import Archive
from simulation.archive.reader import RateMaps, Run, SpectrumRow
from simulation.archive.status import Progress, Status
from simulation.archive.verify import Finding
from simulation.archive.writer import RunWriter

__all__ = [
    "Archive",
    "Finding",
    "Progress",
    "RateMaps",
    "Run",
    "RunWriter",
    "SpectrumRow",
    "Status",
]
