"""A similarity-matching run in a real browser: scrub it, read its drift, on a phone too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from simulation.archive import Archive
from simulation.running.run import execute
from tests.browser.conftest import Server
from tests.small_runs import RING

expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    archive = Archive.open(tmp_path_factory.mktemp("ring") / "archive", create=True)
    execute(RING, archive, name="small ring")
    return start_server(archive.path)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_the_page_shows_its_drift_and_follows_the_cursor(
    new_page: Callable[..., Page], server: Server, width: int, dark: bool
) -> None:
    page = new_page(width=width, dark=dark)
    page.goto(f"{server.url}/runs/{RING.run_id}")
    expect(page.locator("#run-drift .nsewdrag").first).to_be_attached()
    drift = page.get_by_label("Drift", exact=True)
    expect(drift).to_contain_text("In null drift, from step")
    expect(page.get_by_label("Similarity mismatch", exact=True)).to_contain_text("silent network")
    expect(page.get_by_label("Hessian spectrum", exact=True)).to_contain_text("descends no loss")
    expect(page.locator("#run-moment")).to_contain_text("step 12,000 ·")
    page.keyboard.press("Home")
    expect(page.locator("#run-moment")).to_contain_text("step 0 ·")
    expect(page.locator("#run-maps-words")).to_contain_text("Step 0:")
    scrolls = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not scrolls
