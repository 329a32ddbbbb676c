"""What a table of a collection is: columns, with what is to be known of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from simulation.archive.marker import FORMAT, SCHEMA_VERSION
from simulation.archive.runs_columns import Column

SINGLE = pa.list_(pa.float32())
REAL = pa.list_(pa.float64())
"""Of the weights table: in a run of single precision its columns are `SINGLE`."""


@dataclass(frozen=True)
class Table:
    """One table of a collection: `<collection>/<name>/<run_id>.parquet`.

    Attributes
    ----------
    key : the columns that address a block of rows, for tables read a block at a time; each block
        is one Parquet row group. Empty for tables that are read whole.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    def schema(self, precision: str = "float64") -> pa.Schema:
        """The Arrow schema; lists of weights are in the run's `precision`."""
        return self._single if precision == "float32" else self._double

    @cached_property
    def _single(self) -> pa.Schema:
        return self._schema(single=True)

    @cached_property
    def _double(self) -> pa.Schema:
        return self._schema(single=False)

    def _schema(self, *, single: bool) -> pa.Schema:
        fields = [
            column.field(SINGLE if single and column.type is REAL else None)
            for column in self.columns
        ]
        about = {"format": FORMAT, "schema_version": str(SCHEMA_VERSION), "table": self.name}
        return pa.schema(fields, metadata=about)

    def bare_schema(self) -> pa.Schema:
        """The same without unit and meaning of each column, which outweigh a single row."""
        return pa.schema([field.remove_metadata() for field in self.schema()])
