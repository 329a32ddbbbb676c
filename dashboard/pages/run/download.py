"""A run's files, as one zip archive that is itself an archive of runs."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from dash import Dash
from flask import Response

from dashboard import urls
from dashboard.runs.header import run_name
from simulation.archive import Archive, Run

PIECE = 256 * 1024


def register(app: Dash, archive: Archive) -> None:
    """The download's route."""

    @app.server.route(urls.DOWNLOAD_RULE)
    def download(run_id: str) -> Response:
        run = archive.open_run(run_id)
        folder = tempfile.TemporaryDirectory(prefix="driftscape-")
        try:
            archive.export(run_id, Path(folder.name))
        except BaseException:
            folder.cleanup()
            raise
        _describe(run, Path(folder.name))
        response = Response(_zipped(Path(folder.name)), mimetype="application/zip")
        response.headers["Content-Disposition"] = f"attachment; filename=driftscape-{run_id}.zip"
        response.call_on_close(folder.cleanup)
        return response


def _describe(run: Run, folder: Path) -> None:
    """Beside the tables: the configuration, and a few words."""
    values = run.config.values()
    (folder / "config.json").write_text(json.dumps(values, indent=2) + "\n")
    (folder / "README.txt").write_text(
        f"{run_name(run.name, run.run_id)}\n{run.config.in_words()}\n\n"
        "A Driftscape archive with one run. Each table is Parquet; units and meanings of its\n"
        "columns are in the metadata of their fields. config.json holds every setting, to be run\n"
        "again with: python -m simulation run --config config.json\n"
    )


def _zipped(folder: Path) -> Iterator[bytes]:
    """The files of `folder` as a zip archive, piece by piece. Parquet is compressed already."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_dir() or path.name.startswith("."):
                continue
            with archive.open(str(path.relative_to(folder)), "w") as entry, path.open("rb") as file:
                while piece := file.read(PIECE):
                    entry.write(piece)
                    yield pipe.take()
    yield pipe.take()


class _Pipe(io.RawIOBase):
    """What a zip archive is written into, to be taken away as it comes."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
