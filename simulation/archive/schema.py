"""Every column of every table: its type, unit and meaning, declared once.

They travel as Parquet field metadata (`unit`, `meaning`), so a file explains itself; those of the
runs table are in packs and the index alone, since else a run's row is a file of its own.
"""

from __future__ import annotations

from simulation.archive.data_tables import (
    CENTROIDS,
    CORRELATIONS,
    CURVES,
    PLACES,
    PROBES,
    RATE_MAPS,
    SNAPSHOTS,
    SPECTRA,
    WEIGHTS,
)
from simulation.archive.runs_columns import RUN_COLUMNS
from simulation.archive.table import Table

RUNS = Table("runs", RUN_COLUMNS)

TABLES = {
    table.name: table
    for table in (
        RUNS,
        CURVES,
        SNAPSHOTS,
        RATE_MAPS,
        PLACES,
        CORRELATIONS,
        CENTROIDS,
        PROBES,
        SPECTRA,
        WEIGHTS,
    )
}
DATA_TABLES = tuple(name for name in TABLES if name != "runs")
