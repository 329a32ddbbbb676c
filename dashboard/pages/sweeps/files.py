"""A collection's runs as a file: CSV, or Parquet with every column's unit and meaning."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
from dash import Dash
from flask import Response, request

from dashboard import urls
from dashboard.pages.sweeps.grid import ordered
from dashboard.pages.sweeps.reading import read_view
from dashboard.runs.thumbnail import thumbnail_svg
from dashboard.sweeps.columns import FIELDS, NOISE_KIND
from dashboard.sweeps.table import SweepStore, SweepTable
from simulation.archive.names import check_run_id
from simulation.archive.schema import RUNS
from simulation.errors import UnknownRun

_KINDS = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def register(app: Dash, store: SweepStore) -> None:
    """The routes of files and of thumbnails."""

    @app.server.route(urls.SWEEP_FILE_RULE)
    def sweep_file(collection: str, kind: str) -> Response:
        if kind not in _KINDS:
            return Response("There are files of .csv and .parquet.\n", 404, mimetype="text/plain")
        table, view = read_view(store, request.args.to_dict() | {"collection": collection})
        places = ordered(table, view)
        some = "" if len(places) == len(table) else f"-{len(places)}-runs"
        response = Response(written(table, places, kind), mimetype=_KINDS[kind])
        name = f"driftscape-{collection}{some}.{kind}"
        response.headers["Content-Disposition"] = f"attachment; filename={name}"
        return response

    @app.server.route(urls.THUMBNAIL_RULE)
    def sweep_thumbnail(collection: str, run_id: str) -> Response:
        check_run_id(run_id)
        rows = store.archive.thumbnails([run_id], collection)
        if rows.empty:
            raise UnknownRun(f"No run {run_id} in {collection}.", subject=run_id)
        row = rows.iloc[0]
        series = (row[f"thumbnail_{name}"] for name in ("step", "loss", "active_units"))
        drawing = thumbnail_svg(*([] if values is None else values for values in series))
        response = Response(drawing, mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "private, max-age=86400"
        return response


def written(table: SweepTable, places: np.ndarray[Any, Any], kind: str) -> bytes:
    """The runs at these places with all columns that the explorer knows, constants included."""
    rows = as_arrow(table, places)
    sink = io.BytesIO()
    if kind == "csv":
        csv.write_csv(rows, sink)
    else:
        parquet.write_table(rows, sink, compression="zstd")
    return sink.getvalue()


def as_arrow(table: SweepTable, places: np.ndarray[Any, Any]) -> pa.Table:
    """A row a run; each field's metadata has its label, unit and meaning."""
    frame = table.frame.iloc[places]
    arrays, fields = [], []
    for name, about in FIELDS.items():
        kind = pa.string() if about is NOISE_KIND else RUNS.schema().field(name).type
        if name in frame:
            values = frame[name].astype(object) if not about.numeric else frame[name]
            array = pa.array(values, from_pandas=True).cast(kind)
        else:
            array = pa.repeat(pa.scalar(table.constants.get(name), kind), len(frame))
        metadata = {"label": about.label, "unit": about.unit, "meaning": about.meaning}
        arrays.append(array)
        fields.append(pa.field(name, kind, metadata=metadata))
    about_all = {"collection": table.collection, "made_by": "Driftscape"}
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about_all))
