"""The application as a browser asks it: pages, and errors in words instead of stack traces."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import dash
import pytest

from dashboard.app import create_app, create_message_app
from dashboard.pages import overview
from dashboard.services import Services
from dashboard.settings import read_settings
from simulation.archive import Archive
from simulation.errors import ArchiveError
from tests.dashboard.fakes import FakeLauncher


@pytest.fixture
def services(tmp_path: Path) -> Services:
    settings = read_settings({"DRIFTSCAPE_CACHE": str(tmp_path / "cache")})
    return Services(settings, Archive.open(tmp_path / "archive", create=True), FakeLauncher())


@pytest.fixture
def app(services: Services) -> dash.Dash:
    return create_app(services)


def page(app: dash.Dash, path: str) -> str:
    """What the browser gets for the content of the page at `path`."""
    location = {"id": "_pages_location"}
    with app.server.test_client() as client:
        client.get("/")
        answer = client.post(
            "/_dash-update-component",
            json={
                "output": ".._pages_content.children..._pages_store.data..",
                "outputs": [
                    {"id": "_pages_content", "property": "children"},
                    {"id": "_pages_store", "property": "data"},
                ],
                "inputs": [
                    {**location, "property": "pathname", "value": path},
                    {**location, "property": "search", "value": ""},
                ],
                "changedPropIds": ["_pages_location.pathname"],
            },
        )
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("path", ["/", "/live", "/landscape", "/nowhere"])
def test_every_page_of_an_empty_archive_has_content(app: dash.Dash, path: str) -> None:
    assert len(page(app, path)) > 300


def test_an_unknown_run_is_said_with_what_to_do(app: dash.Dash) -> None:
    shown = page(app, "/runs/0123456789ab")
    assert "No run 0123456789ab" in shown
    assert "Check the id" in shown


def test_a_malformed_run_id_is_said_with_what_to_do(app: dash.Dash) -> None:
    assert "is not a run id" in page(app, "/runs/etc-passwd")


def test_a_bug_is_shown_as_an_id_that_the_log_explains(
    services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(overview, "_introduction", broken)
    with caplog.at_level(logging.ERROR, "driftscape"):
        shown = page(create_app(services), "/")
    assert "Something went wrong on the server." in shown
    assert "ZeroDivisionError" not in shown
    assert "secret" not in shown
    (record,) = [record for record in caplog.records if record.name == "driftscape"]
    incident = record.getMessage().removeprefix("incident ")
    assert incident in shown
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_a_failing_address_answers_in_words(app: dash.Dash) -> None:
    def broken() -> str:
        raise ZeroDivisionError("a secret detail")

    app.server.add_url_rule("/broken", view_func=broken)
    with app.server.test_client() as client:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert "report it with the id" in answer.text
    assert "secret" not in answer.text


def test_an_archive_that_cannot_be_opened_is_explained() -> None:
    app = create_message_app(ArchiveError("It is broken.", remedy="Mend it."))
    with app.server.test_client() as client:
        assert client.get("/runs/0123456789ab").status_code == 200
        shown = client.get("/_dash-layout").text
    assert "It is broken." in shown
    assert "Mend it." in shown


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_the_server_answers_and_ends_without_a_trace(tmp_path: Path, sent: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=Path(__file__).resolve().parents[2],
        env={
            **os.environ,
            "PORT": str(port),
            "DRIFTSCAPE_ARCHIVE": str(tmp_path / "archive"),
            "DRIFTSCAPE_CACHE": str(tmp_path / "cache"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    assert f"http://127.0.0.1:{port}" in process.stdout.readline()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/live", timeout=10) as answer:
        assert answer.status == 200
    process.send_signal(sent)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert output == ""
