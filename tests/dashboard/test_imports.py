"""The web server stays light: no engine, no scientific heavyweights, and quick to start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "numba", "llvmlite", "scipy")

REPORT = """
import json, os, psutil, sys
import app
server = app.server
with server.test_client() as client:
    codes = [client.get(path).status_code for path in ("/", "/_dash-layout", "/_dash-dependencies")]
process = psutil.Process()
print(json.dumps({
    "codes": codes,
    "modules": sorted(sys.modules),
    "megabytes": process.memory_info().rss / 2**20,
    "cpu_seconds": sum(process.cpu_times()[:2]),
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


def test_the_server_is_small_and_starts_quickly(report: dict) -> None:
    assert report["codes"] == [200, 200, 200]
    assert report["megabytes"] < 300
    assert report["cpu_seconds"] < 3


def test_importing_the_server_starts_nothing() -> None:
    loaded = json.loads(python("import json, sys, app; print(json.dumps(sorted(sys.modules)))"))
    assert not [name for name in ("dash", "pandas", *HEAVY) if name in loaded]


def test_a_worker_loads_no_web_application() -> None:
    code = "import json, sys; import dashboard.jobs as jobs; jobs._rehearse(); "
    loaded = json.loads(python(code + "print(json.dumps(sorted(sys.modules)))"))
    assert not [name for name in ("dash", "flask", "plotly", "torch") if name in loaded]
