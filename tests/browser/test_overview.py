"""The overview in a real browser: its picture moves without asking the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.small_runs import CORRIDOR, make_small_archive

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def server(
    start_server: Callable[[Path], Server], tmp_path_factory: pytest.TempPathFactory
) -> Server:
    return start_server(make_small_archive(tmp_path_factory.mktemp("overview") / "archive").path)


def frame(page: Page) -> str:
    return str(
        page.evaluate("document.querySelector('#hero-maps .js-plotly-plot').data[0].z.bdata")
    )


def open_overview(page: Page, server: Server) -> Page:
    page.goto(server.url)
    expect(page.locator("#hero-maps .nsewdrag").first).to_be_attached()
    expect(page.locator(".hero .cursor-line")).to_be_visible()
    return page


def test_the_picture_plays_to_its_end_in_the_browser_alone(
    server: Server, new_page: NewPage
) -> None:
    page = open_overview(new_page(), server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = frame(page)
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#hero-moment")).to_contain_text(f"step {CORRIDOR.schedule.steps:,}")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert frame(page) != before
    assert asked == []


def test_the_picture_follows_its_slider_and_a_click_on_its_curves(
    server: Server, new_page: NewPage
) -> None:
    page = open_overview(new_page(), server)
    page.get_by_role("slider", name="Moment of the picture").focus()
    page.keyboard.press("Home")
    expect(page.locator("#hero-moment")).to_contain_text("step 0 ·")
    first = frame(page)
    area = page.locator("#hero-curves .nsewdrag").first
    size = area.bounding_box()
    assert size is not None
    area.click(position={"x": size["width"] * 0.98, "y": 20}, force=True)
    expect(page.locator("#hero-moment")).to_contain_text(f"step {CORRIDOR.schedule.steps:,}")
    assert frame(page) != first


def test_the_navigation_says_where_we_are(server: Server, new_page: NewPage) -> None:
    page = open_overview(new_page(), server)
    here = page.locator(".nav-link[aria-current=page]")
    expect(here).to_have_text("Overview")
    page.get_by_role("link", name="Live", exact=True).click()
    expect(page).to_have_url(re.compile(r"/live$"))
    expect(here).to_have_text("Live")


def test_an_empty_archive_offers_ways_in(
    start_server: Callable[[Path], Server], new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page()
    page.goto(start_server(tmp_path / "empty").url)
    expect(page.get_by_role("heading", name="No runs here yet")).to_be_visible()
    expect(page.get_by_role("link", name="Launch a live run").first).to_be_visible()


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_nothing_is_wider_than_the_window(server: Server, new_page: NewPage, width: int) -> None:
    page = open_overview(new_page(width=width), server)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
