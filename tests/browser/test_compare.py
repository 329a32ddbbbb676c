"""Comparing shipped runs in a real browser: the cursor, the links, adding and removing."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]
UPDATE, QUIET, LABEL = "e0a959685c6b", "79b88eef39db", "0240c17bb5e5"
RING, FORK = "c72366017170", "3408170a2e48"


def open_page(page: Page, server: Server, query: str) -> Page:
    page.goto(f"{server.url}/compare?{query}")
    expect(page.locator("#compare-words-loss")).to_contain_text("A ")
    return page


def test_the_cursor_says_the_numbers_and_is_in_the_link(server: Server, new_page: NewPage) -> None:
    page = open_page(new_page(), server, f"runs={UPDATE},{QUIET},{RING}")
    words = page.locator("#compare-words-active-units")
    expect(words).to_have_text("A 7.0 % · B 78.0 % · C 33.5 % (end)")
    expect(page.locator("#compare-words-trace")).to_contain_text("C: this network descends no loss")
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(page.locator("#compare-moment")).to_have_text("step 0")
    expect(words).to_contain_text("A 81.0 %")
    expect(page).to_have_url(re.compile(r"[?&]t=0$"))
    box = page.locator("#compare-figure-loss .nsewdrag").bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"])
    expect(page.locator("#compare-moment")).not_to_have_text("step 0")
    moment = page.locator("#compare-moment").inner_text()
    step = moment.removeprefix("step ").replace(",", "")
    expect(page).to_have_url(re.compile(rf"[?&]t={step}$"))
    page.reload()
    expect(page.locator("#compare-moment")).to_have_text(moment)


def test_runs_are_added_and_removed_and_back_undoes_it(server: Server, new_page: NewPage) -> None:
    page = open_page(new_page(), server, f"runs={UPDATE}&x=linear")
    field = page.get_by_role("textbox")
    field.fill("nonsense")
    page.get_by_role("button", name="Add run").click()
    expect(page.locator("#compare-refusal")).to_contain_text("no run id")
    field.fill(f"https://example.org/runs/{LABEL}?unit=3")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}/compare?runs={UPDATE},{LABEL}&x=linear")
    expect(page.locator(".compare-runs li")).to_have_count(2)
    expect(page.locator(".compare .lead")).to_have_text(
        "They differ in update noise s and label noise."
    )
    page.get_by_role("button", name="Remove run A").click()
    expect(page).to_have_url(f"{server.url}/compare?runs={LABEL}&x=linear")
    expect(page.locator(".compare-runs li")).to_have_count(1)
    page.go_back()
    expect(page.locator(".compare-runs li")).to_have_count(2)
    page.get_by_text("log time").click()
    expect(page).to_have_url(f"{server.url}/compare?runs={UPDATE},{LABEL}")


def test_names_lead_to_runs_and_a_fork_leads_here(server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{server.url}/runs/{FORK}")
    page.get_by_role("link", name="Compare the two").click()
    expect(page).to_have_url(f"{server.url}/compare?runs={UPDATE},{FORK}")
    expect(page.locator("#compare-words-loss")).to_contain_text("B ")
    page.get_by_role("link", name="The noise switched off").click()
    expect(page).to_have_url(f"{server.url}/runs/{FORK}")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page).to_have_url(f"{server.url}/compare?runs={FORK}")
    expect(page.locator(".compare .lead")).to_contain_text("Add another")


def test_an_unknown_run_is_named_and_the_link_copied(server: Server, new_page: NewPage) -> None:
    page = open_page(new_page(), server, f"runs=ffffffffffff,{UPDATE}")
    expect(page.get_by_text("No run ffffffffffff in")).to_be_visible()
    expect(page.locator(".compare-runs li")).to_have_count(1)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_nothing_is_wider_than_a_small_window(server: Server, new_page: NewPage) -> None:
    page = open_page(new_page(width=390, dark=True), server, f"runs={UPDATE},{QUIET},{RING}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
