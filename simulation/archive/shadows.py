"""Runs that an index has several rows of, of which one counts.

A run that was packed and made again has files of its own that count before the pack; while runs are
packed, all of them are twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.archive.arrays import no_rows, texts, to_numpy
from simulation.archive.listing import PACK
from simulation.archive.parts import ROW, Part, whole_numbers

_PART = "_part"
_OWN = "~"  # after all names of packs


def origins(parts: Sequence[Part]) -> pa.Table:
    """Of each row the run, the pack (null: a file of its own), in which part it is, and where."""
    kinds = {"run_id": pa.string(), PACK: pa.string(), ROW: pa.int64(), _PART: pa.int64()}
    tables = [no_rows(pa.schema(list(kinds.items())))]
    for number, part in enumerate(parts):
        rows = part.read(["run_id", PACK])
        tables.append(rows.append_column(_PART, whole_numbers(np.full(len(rows), number))))
    return pa.concat_tables(tables)


def hidden(parts: Sequence[Part]) -> list[Part]:
    """Parts that hide nothing yet, with all rows of a run hidden but its own or the last pack's."""
    rows = origins(parts)
    if pc.count_distinct(rows["run_id"]).as_py() == len(rows):
        return list(parts)
    rows = rows.set_column(1, PACK, pc.fill_null(rows[PACK], texts([_OWN])[0]))
    rows = rows.sort_by([("run_id", "ascending"), (PACK, "descending")])
    run_ids = np.array(rows["run_id"].to_pylist())
    again = np.concatenate([[False], run_ids[1:] == run_ids[:-1]])
    row, part = to_numpy(rows[ROW])[again], to_numpy(rows[_PART])[again]
    return [each.hiding(row[part == number]) for number, each in enumerate(parts)]
