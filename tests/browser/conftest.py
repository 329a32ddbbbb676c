"""A real server, a real Chromium: fixtures of the browser tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from dashboard.jobs.estimate import write_speeds
from tests.measured import measured_speeds

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Server:
    """`python app.py` on a port of its own."""

    url: str
    archive: Path
    process: subprocess.Popen[str]
    log_path: Path

    @property
    def log(self) -> str:
        return self.log_path.read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], timeout: float, what: str) -> None:
    """Poll `condition` until it holds; fail with `what` after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout:g} s: {what}")
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def start_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Server]]:
    """Factory: start_server(archive, NAME=value, ...) -> Server; all are stopped at the end."""
    servers: list[Server] = []

    def start(archive: Path, **environment: str) -> Server:
        port = free_port()
        log_path = tmp_path_factory.mktemp("server") / "log.txt"
        write_speeds(log_path.parent / "cache", measured_speeds())
        with log_path.open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env={
                    **os.environ,
                    "PORT": str(port),
                    "DRIFTSCAPE_ARCHIVE": str(archive),
                    "DRIFTSCAPE_CACHE": str(log_path.parent / "cache"),
                    **environment,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        server = Server(f"http://127.0.0.1:{port}", archive, process, log_path)
        servers.append(server)
        wait_until(
            lambda: process.poll() is not None or answers(server.url),
            30,
            f"the server answers: {server.log}",
        )
        assert process.poll() is None, server.log
        return server

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGTERM)
    for server in servers:
        server.process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Server]) -> Server:
    """Of the archive that comes with the project; some modules have one of their own instead."""
    return start_server(ROOT / "data" / "archive")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS
        )
        yield chromium
        chromium.close()


@dataclass
class Console:
    """What the browser complained of, page errors included."""

    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._message)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))

    def _message(self, message: ConsoleMessage) -> None:
        if "GL Driver Message" in message.text:  # WebGL in software is slow, and says so
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")


@pytest.fixture
def console() -> Iterator[Console]:
    """Fails the test at its end if the browser console held an error or a warning."""
    watched = Console()
    yield watched
    assert not watched.complaints, watched.complaints


@pytest.fixture
def new_page(browser: Browser, console: Console) -> Iterator[Callable[..., Page]]:
    """Factory: new_page(width=1440, dark=False) -> a page in a browser profile of its own."""
    contexts: list[BrowserContext] = []

    def make(width: int = 1440, height: int = 1000, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        console.watch(page)
        return page

    yield make
    for context in contexts:
        context.close()
