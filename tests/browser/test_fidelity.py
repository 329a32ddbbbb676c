"""The fidelity page in a real browser: views are links, a point opens its run, keys suffice."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.fidelity_runs import make_fidelity_archive

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def server(
    start_server: Callable[[Path], Server], tmp_path_factory: pytest.TempPathFactory
) -> Server:
    folder = tmp_path_factory.mktemp("fidelity") / "archive"
    return start_server(make_fidelity_archive(folder).path)


def open_page(page: Page, server: Server, query: str = "") -> Page:
    page.goto(f"{server.url}/fidelity{query}")
    expect(page.locator("#fidelity-strips .nsewdrag").first).to_be_attached()
    expect(page.locator("#fidelity-sweep .nsewdrag").first).to_be_attached()
    return page


def test_choices_are_links_and_a_point_opens_its_run(server: Server, new_page: NewPage) -> None:
    page = open_page(new_page(), server)
    page.get_by_role("navigation", name="Quantities").get_by_text("Active fraction").click()
    expect(page).to_have_url(re.compile(r"metric=active_fraction_ratio$"))
    expect(page.locator("#fidelity-words")).to_contain_text("median 0.0791")
    page.locator("#fidelity-strips .scatterlayer .trace").nth(3).locator(".point").first.click(
        force=True
    )
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f]{12}$"))
    expect(page.get_by_role("heading", name="made up")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"metric=active_fraction_ratio$"))


def test_a_run_opens_by_key(server: Server, new_page: NewPage) -> None:
    page = open_page(new_page(), server, "?stratum=sgd_update&metric=active_units_ratio")
    link = page.get_by_role("table").last.get_by_role("link").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f]{12}$"))


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wider_than_the_window(server: Server, new_page: NewPage, width: int) -> None:
    page = open_page(new_page(width=width, dark=True), server)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_choice_leaves_the_reader_where_they_are(server: Server, new_page: NewPage) -> None:
    page = open_page(new_page(width=390), server)
    choice = page.get_by_role("navigation", name="Quantities").get_by_text("Active fraction")
    choice.scroll_into_view_if_needed()
    before = page.evaluate("window.scrollY")
    assert before > 0
    choice.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fidelity-words")).to_contain_text("median 0.0791")
    expect(choice).to_have_attribute("aria-current", "true")
    expect(choice).to_be_focused()
    assert page.evaluate("window.scrollY") == before
    page.locator(".fidelity-verdicts").get_by_role("link").nth(1).click()
    expect(page.locator(".fidelity-detail")).to_be_in_viewport(ratio=0.3)


def test_the_verdicts_of_a_narrow_window_are_seen_without_scrolling_sideways(
    server: Server, new_page: NewPage
) -> None:
    page = open_page(new_page(width=390), server)
    table = page.locator(".fidelity-verdicts .fidelity-scroll")
    assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert table.locator("td").evaluate_all(
        "cells => cells.every((cell) => cell.getBoundingClientRect().right <= innerWidth)"
    )
