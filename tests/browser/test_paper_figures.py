"""The paper's figures on a sweep's page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]


def open_figure(page: Page, server: Server, ready: str = "", name: str = "fidelity") -> Page:
    page.goto(f"{server.url}/sweeps/{name}{f'?ready={ready}' if ready else ''}")
    page.locator("#paper-figure .nsewdrag").first.scroll_into_view_if_needed()
    return page


def test_figures_are_chosen_in_the_link_and_back_returns(server: Server, new_page: NewPage) -> None:
    page = open_figure(new_page(), server)
    mean = re.compile(r"Mean of \d+ runs: active units")
    expect(page.locator(".figure-said").first).to_contain_text(mean)
    page.get_by_role("button", name="Update against label noise").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]ready=kinds$"))
    expect(page.locator(".figure-said").first).to_contain_text("ours update noise")
    left_out = re.compile(r"Left out of \d+ runs: \d+ diverged, \d+ fell silent in every unit")
    expect(page.get_by_text(left_out)).to_be_visible()
    page.go_back()
    expect(page.locator(".figure-said").first).to_contain_text(re.compile(r"Mean of \d+ runs"))
    page.get_by_role("button", name="kind of noise").click()
    expect(page).to_have_url(re.compile(r"[?&]ready=curves:units,log,raw,noise$"))
    expect(page.locator(".figure-said").first).to_contain_text("label noise: mean of 28 runs")


def test_a_curve_tells_its_run_and_opens_it(server: Server, new_page: NewPage) -> None:
    page = open_figure(new_page(), server, "curves:units,share,raw,")
    expect(page.locator(".figure-said").first).to_contain_text(re.compile(r"Mean of \d+ runs"))
    x, y = _on_first_curve(page)
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    expect(page.locator("#paper-pointed")).to_contain_text("a click opens it")
    page.mouse.click(x, y)
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f]{12}$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"ready=curves:units,share,raw,$"))


def test_a_point_opens_its_run(server: Server, new_page: NewPage) -> None:
    page = open_figure(new_page(width=390, dark=True), server, "eigenvalues", "activations")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ours = page.locator("#paper-figure .scatterlayer .trace").nth(1)
    ours.locator(".point").nth(1).click(force=True)  # apart from the published ones
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f]{12}$"))


def _on_first_curve(page: Page) -> tuple[float, float]:
    """Where the middle of the first run's curve is drawn."""
    place = page.evaluate(
        """() => {
            const plot = document.querySelector("#paper-figure .js-plotly-plot");
            const { xaxis, yaxis } = plot._fullLayout;
            const { x, y } = plot._fullData[0];
            const box = plot.querySelector(".nsewdrag").getBoundingClientRect();
            const at = x.findIndex((share) => share > 0.4);
            return [box.x + xaxis.c2p(x[at]), box.y + yaxis.c2p(y[at])];
        }"""
    )
    return float(place[0]), float(place[1])
