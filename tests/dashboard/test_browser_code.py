"""What the server and the browser's own code must agree on: names of functions, and links."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from dash import Dash

from dashboard import browser_code, urls
from dashboard.app import create_app
from dashboard.services import Services
from dashboard.settings import read_settings
from simulation.archive import Archive
from tests.dashboard.fakes import FakeLauncher

FRONTEND = Path(__file__).parents[1] / "frontend"
LINKS = json.loads((FRONTEND / "links.json").read_text())
REGISTERED = """
import { window } from "./fake_browser.mjs";
await import("../../assets/js/main.mjs");
const functions = Object.entries(window.dash_clientside).flatMap(([namespace, module]) =>
    Object.entries(module)
        .filter(([, value]) => typeof value === "function")
        .map(([name]) => `${namespace}.${name}`)
);
console.log(JSON.stringify(functions));
"""


@pytest.fixture
def app(tmp_path: Path) -> Dash:
    settings = read_settings({"DRIFTSCAPE_CACHE": str(tmp_path / "cache")})
    archive = Archive.open(tmp_path / "archive", create=True)
    return create_app(Services(settings, archive, FakeLauncher()))


def link_of(case: dict[str, Any]) -> str:
    """The link as the server writes it."""
    view = case["standard"] | case["changes"]
    if case["page"] == "run":
        return urls.run_url(case["path"].split("/")[-1], urls.RunView(**view))
    if case["page"] == "landscape":
        return urls.landscape_url(urls.LandscapeView(**view))
    if case["page"] == "compare":
        return urls.compare_url(view["runs"].split(","), view["x"], view["t"])
    standard = urls.SweepView(**case["standard"])
    return urls.sweep_url(case["path"].split("/")[-1], urls.SweepView(**view), standard)


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case["link"])
def test_the_links_that_the_browser_writes_are_those_of_the_server(case: dict[str, Any]) -> None:
    """`tests/frontend/page_view.test.mjs` holds the browser to the same cases."""
    assert link_of(case) == case["link"]
    standards = {"run": urls.RunView(), "landscape": urls.LandscapeView()}
    if case["page"] in standards:
        assert asdict(standards[case["page"]]) == case["standard"]


def test_every_function_that_a_callback_names_is_there(app: Dash) -> None:
    functions = [callback.get("clientside_function") for callback in app._callback_list]
    ours = [f"{one['namespace']}.{one['function_name']}" for one in functions if one]
    named = {name for name in ours if not name.startswith("_dashprivate")}
    node = subprocess.run(
        ["node", "--input-type=module", "--eval", REGISTERED],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(named) > 20
    assert named <= set(json.loads(node.stdout))


def test_every_module_is_named_in_the_page_and_asked_for_once(app: Dash) -> None:
    client = app.server.test_client()
    html = client.get("/").text
    named = re.findall(r'src="(/code/\w+/([\w/]+\.mjs))"', html)
    files = browser_code.FOLDER.rglob("*.mjs")
    assert sorted(name for _, name in named) == sorted(
        path.relative_to(browser_code.FOLDER).as_posix() for path in files
    )
    addresses = {name: address for address, name in named}
    assert f'import("{addresses[browser_code.MAIN]}")' in html
    assert "/assets/js" not in html
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.data == (browser_code.FOLDER / name).read_bytes()
        assert answer.mimetype in ("text/javascript", "application/javascript")
        assert answer.cache_control.max_age == browser_code.YEAR


def test_a_module_of_another_version_is_not_kept(app: Dash) -> None:
    client = app.server.test_client()
    assert not client.get("/code/0123/main.mjs").cache_control.max_age
    assert client.get("/code/0123/nothing.mjs").status_code == 404


def test_the_version_changes_with_any_module_and_not_with_the_folder(tmp_path: Path) -> None:
    names = ["a.mjs", "b.mjs"]
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_text("1")
    before = browser_code._version(tmp_path / "here", names)
    assert browser_code._version(tmp_path / "there", names) == before
    (tmp_path / "here" / "b.mjs").write_text("2")
    assert browser_code._version(tmp_path / "here", names) != before
