"""Several arenas and changed scenery in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from simulation.archive import Archive
from simulation.running.run import execute
from tests.browser.conftest import Server
from tests.browser.test_run_page import at_step, click_plot, open_run
from tests.small_runs import ARENAS

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]
RUN = f"/runs/{ARENAS.run_id}"
PLAIN = ARENAS.with_values({"probe.morphs": 0})


@pytest.fixture(scope="module")
def server(
    start_server: Callable[[Path], Server], tmp_path_factory: pytest.TempPathFactory
) -> Server:
    archive = Archive.open(tmp_path_factory.mktemp("arenas") / "archive", create=True)
    for config in (ARENAS, PLAIN):
        execute(config, archive)
    return start_server(archive.path)


def test_an_arena_is_chosen_and_the_link_says_so(server: Server, new_page: NewPage) -> None:
    page = open_run(new_page(), server, RUN)
    source = page.locator("#run-maps-source")
    expect(source).to_have_value("arena 1, long walk")
    source.click()
    page.get_by_role("option", name="arena 2, long walk").click()
    expect(page.locator("#run-maps-words")).to_contain_text("in arena 2")
    expect(page.locator("#run-population-words")).to_contain_text("in arena 2")
    expect(page).to_have_url(re.compile(r"maps=evaluation-2$"))
    again = open_run(new_page(), server, page.url.removeprefix(server.url))
    expect(again.locator("#run-maps-source")).to_have_value("arena 2, long walk")
    expect(again.locator("#run-maps-words")).to_contain_text("in arena 2")
    page.go_back()
    expect(source).to_have_value("arena 1, long walk")
    expect(page.locator("#run-maps-words")).to_contain_text("in arena 1")


def test_the_probe_follows_cursor_and_axis(server: Server, new_page: NewPage) -> None:
    page = open_run(new_page(width=390, dark=True), server, RUN)
    figure = page.locator("#run-probe")
    expect(figure.locator(".scatterlayer .trace")).to_have_count(5)
    expect(page.locator("#run-probe-words")).to_contain_text("Scenery changed by 0.5")
    click_plot(figure, 0.02, 0.2)
    at_step(page, 0)
    page.locator("#run-time-axis").get_by_text("linear").click()
    expect(figure.locator(".xtick").filter(has_text="4k")).to_have_count(1)


def test_a_run_without_a_probe_leads_to_one_with(server: Server, new_page: NewPage) -> None:
    page = open_run(new_page(), server, f"/runs/{PLAIN.run_id}")
    page.get_by_role("link", name="Start it again with the measurement").click()
    expect(page).to_have_url(re.compile(r"/live\?.*probe\.morphs=5"))
    expected = PLAIN.with_values({"probe.morphs": 5}).run_id
    expect(page.get_by_text(expected)).to_be_visible()
