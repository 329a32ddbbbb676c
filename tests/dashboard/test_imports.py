"""The web server stays light: no engine and no scientific heavyweights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulation.archive import Archive
from tests.simulation.archive_helpers import record, small_config

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "numba", "llvmlite", "scipy")

REPORT = """
import json, os, psutil, sys
import app
server = app.server
with server.test_client() as client:
    codes = [client.get(path).status_code for path in ("/", "/_dash-layout", "/_dash-dependencies")]
print(json.dumps({
    "codes": codes,
    "modules": sorted(sys.modules),
    "megabytes": psutil.Process().memory_info().rss / 2**20,
}))
"""


def python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("site")
    return json.loads(
        python(
            REPORT,
            DRIFTSCAPE_ARCHIVE=str(folder / "archive"),
            DRIFTSCAPE_CACHE=str(folder / "cache"),
        )
    )


def test_the_server_loads_no_engine(report: dict) -> None:
    assert not [name for name in HEAVY if name in report["modules"]]


def test_the_server_is_small(report: dict) -> None:
    assert report["codes"] == [200, 200, 200]
    assert report["megabytes"] < 300


RECOVERY = """
import json, sys
import app
from simulation.archive import Archive
with app.server.test_client() as client:
    codes = [client.get(path).status_code for path in ("/", "/_dash-layout")]
from dashboard.app import dash
pages = dash.page_registry
shown = str(pages["overview"]["layout"]()), str(pages["run"]["layout"](run_id=sys.argv[1]))
print(json.dumps({"modules": sorted(sys.modules), "shown": shown}))
"""


def test_the_server_has_a_dead_run_archived_by_another_process(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path / "archive", create=True)
    writer = archive.writer(small_config(), collection="live", name="Cut short")
    writer.start("compiled")
    for step in range(60):
        record(writer, step)
    writer.flush(force=True)
    writer.release()
    folders = {
        "DRIFTSCAPE_ARCHIVE": str(archive.path),
        "DRIFTSCAPE_CACHE": str(tmp_path / "cache"),
    }
    code = RECOVERY.replace("sys.argv[1]", repr(writer.run_id))
    told = json.loads(python(code, **folders))
    assert not [name for name in HEAVY if name in told["modules"]]
    assert all("Cut short" in page for page in told["shown"])
    assert "interrupted" in told["shown"][0]
    assert not list(archive.path.glob("live/.running/*"))
    assert archive.runs(["status"])["status"].tolist() == ["interrupted"]


def test_importing_the_server_starts_nothing() -> None:
    loaded = json.loads(python("import json, sys, app; print(json.dumps(sorted(sys.modules)))"))
    assert not [name for name in ("dash", "pandas", *HEAVY) if name in loaded]


def test_a_worker_loads_no_web_application() -> None:
    code = "import json, sys; import dashboard.jobs.worker as jobs; jobs._rehearse(bool, bool); "
    loaded = json.loads(python(code + "print(json.dumps(sorted(sys.modules)))"))
    assert not [name for name in ("dash", "flask", "plotly", "torch") if name in loaded]
