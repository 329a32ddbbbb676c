"""The toy landscape in a real browser: click a start, move a slider, share the link, go back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]
WORDS = ("#landscape-map-words", "#landscape-drift-words", "#landscape-spread-words")


@pytest.fixture(scope="module")
def server(
    start_server: Callable[[Path], Server], tmp_path_factory: pytest.TempPathFactory
) -> Server:
    return start_server(tmp_path_factory.mktemp("landscape") / "archive")


def open_page(page: Page, server: Server, query: str = "") -> Page:
    page.goto(f"{server.url}/landscape{query}")
    for name in ("map", "drift", "spread", "flow"):
        expect(page.locator(f"#landscape-{name} .nsewdrag").first).to_be_attached()
    return page


def click_map(page: Page, x: float, y: float) -> None:
    """Click the map at these coordinates, as its axes place them."""
    page.locator("#landscape-map").scroll_into_view_if_needed()
    left, top = page.evaluate(
        """([x, y]) => {
            const plot = document.querySelector("#landscape-map .js-plotly-plot");
            const box = plot.getBoundingClientRect();
            const { xaxis, yaxis } = plot._fullLayout;
            return [
                box.left + xaxis._offset + xaxis.l2p(x),
                box.top + yaxis._offset + yaxis.l2p(y),
            ];
        }""",
        [x, y],
    )
    page.mouse.click(left, top)


def path_start(page: Page) -> list[float]:
    """Where the drawn walker begins."""
    return list(
        page.evaluate(
            """() => {
                const plot = document.querySelector("#landscape-map .js-plotly-plot");
                const path = plot.calcdata.find((item) => item[0].trace.name === "with noise");
                return [path[0].x, path[0].y];
            }"""
        )
    )


def is_at(page: Page, x: float, y: float) -> None:
    page.wait_for_function(
        """([x, y]) => {
            const plot = document.querySelector("#landscape-map .js-plotly-plot");
            const path = plot.calcdata.find((item) => item[0].trace.name === "with noise");
            return Math.abs(path[0].x - x) < 0.02 && Math.abs(path[0].y - y) < 0.02;
        }""",
        arg=[x, y],
    )


def query_of(page: Page) -> str:
    return str(page.evaluate("window.location.search"))


def test_a_click_on_the_map_starts_a_walker_there_and_the_link_says_so(
    server: Server, new_page: NewPage
) -> None:
    page = open_page(new_page(), server)
    assert query_of(page) == ""
    click_map(page, -1.5, 2.0)
    is_at(page, -1.5, 2.0)
    expect(page).to_have_url(re.compile(r"\?x=-1\.\d+&y=(2|2\.0\d|1\.9\d)$"))
    expect(page.locator("#landscape-map-words")).to_contain_text("rests at y = 1.")
    expect(page.get_by_label("Start x")).to_have_value(re.compile(r"-1\.[45]"))

    other = open_page(new_page(), server, query_of(page))
    assert path_start(other) == pytest.approx(path_start(page))
    for words in WORDS:
        expect(other.locator(words)).to_have_text(page.locator(words).inner_text())


def test_sliders_and_numbers_change_the_view_and_back_undoes_it(
    server: Server, new_page: NewPage
) -> None:
    page = open_page(new_page(), server)
    before = page.locator("#landscape-spread-words").inner_text()
    page.get_by_text("label noise", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?noise=label$"))
    expect(page.locator("#landscape-spread-words")).not_to_have_text(before)
    slider = page.get_by_role("slider", name=re.compile("Learning rate"))
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"\?noise=label&lr=0\.07$"))
    expect(page.locator("#landscape-value-lr")).to_have_text("0.07")
    number = page.get_by_label("Start y")
    number.fill("-0.5")
    number.press("Enter")
    is_at(page, 2.4, -0.5)
    expect(page).to_have_url(re.compile(r"&y=-0\.5$"))
    page.go_back()
    is_at(page, 2.4, 1.5)
    expect(slider).to_have_attribute("aria-valuenow", "0.07")
    page.go_back()
    expect(page.locator("#landscape-value-lr")).to_have_text("0.05")
    page.go_back()
    expect(page.locator("#landscape-spread-words")).to_have_text(before)
    assert query_of(page) == ""


def test_a_preset_changes_the_view_in_place_and_the_navigation_resets_it(
    server: Server, new_page: NewPage
) -> None:
    page = open_page(new_page(), server)
    page.get_by_role("link", name=re.compile("Steps too large")).click()
    expect(page.locator("#landscape-map-words")).to_contain_text("ran away at step")
    expect(page.locator(".preset-current")).to_contain_text("Steps too large")
    assert "NaN" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Landscape", exact=True).click()
    is_at(page, 2.4, 1.5)
    expect(page.locator("#landscape-map-words")).to_contain_text("Without noise it rests")
    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.go_back()
    expect(page.locator("#landscape-map-words")).to_contain_text("Without noise it rests")


def test_leaving_while_the_server_computes_harms_nothing(server: Server, new_page: NewPage) -> None:
    page = open_page(new_page(), server)
    click_map(page, 2.0, 1.0)
    page.get_by_role("link", name="Live", exact=True).click()
    expect(page.get_by_role("heading", name="Live run")).to_be_visible()
    page.get_by_role("link", name="Landscape", exact=True).click()
    expect(page.locator("#landscape-map-words")).to_contain_text("rests at")


def test_a_bad_link_is_said_and_the_rest_is_shown(server: Server, new_page: NewPage) -> None:
    page = open_page(new_page(), server, "?lr=fast&noise=label&x=99")
    expect(page.locator(".note")).to_contain_text(
        "Learning rate “fast” is not a number from 0.01 to 0.5."
    )
    expect(page.locator(".note")).to_contain_text("Start x “99” is not a number from -3 to 3.")
    expect(page.locator("#landscape-value-lr")).to_have_text("0.05")
    expect(page.locator("#landscape-spread-words")).to_contain_text("Mean displacement")


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_nothing_is_wider_than_the_window(server: Server, new_page: NewPage, width: int) -> None:
    page = open_page(new_page(width=width), server)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
