"""The browser's own code, `assets/js`: modules, served as they are.

Their address changes with them, so that a browser asks for each once. All are named in the page,
so that they come side by side; Dash starts once they are there.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from dash import Dash
from flask import Response, send_from_directory

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "js"
RULE = "/code/<version>/<path:name>"
MAIN = "main.mjs"
YEAR = 365 * 24 * 3600
# Dash patches a figure without asking whether its page is still there (pages/run/answers.mjs).
_RENDERER = """
import("{main}").then(({ dropStale }) => new DashRenderer({ request_post: dropStale }));
"""


def register(app: Dash) -> None:
    """Serve the modules, name them in every page, and start Dash by them."""
    names = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.mjs"))
    current = _version(FOLDER, names)

    @app.server.route(RULE)
    def code(version: str, name: str) -> Response:
        return send_from_directory(FOLDER, name, max_age=YEAR if version == current else 0)

    def address(name: str) -> str:
        return RULE.replace("<version>", current).replace("<path:name>", name)

    app.config.external_scripts += [{"src": address(name), "type": "module"} for name in names]
    app.renderer = _RENDERER.replace("{main}", address(MAIN))


def _version(folder: Path, names: list[str]) -> str:
    """Another as soon as any file is, the same on every machine: old and new modules never meet."""
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + (folder / name).read_bytes())
    return digest.hexdigest()[:16]
