"""The sweep explorer on the shipped runs in a real browser: brush, table, run page and back."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as parquet
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Server

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]
NOISE, RATE = "noise.update_scale", "log10_sparsification_rate"


@pytest.fixture(scope="module")
def server(start_server: Callable[[Path], Server]) -> Server:
    return start_server(ROOT / "data" / "archive")


def open_sweep(page: Page, server: Server, query: str = "") -> Page:
    page.goto(f"{server.url}/sweeps/fidelity{query}")
    expect(page.locator("#sweep-scatter .point").first).to_be_attached()
    expect(page.locator(".ag-center-cols-container .ag-row .ag-cell").first).to_be_attached()
    return page


def drag(page: Page, id: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place to another, both as shares of the figure's first pair of axes."""
    area = page.locator(f"#{id} .nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box
    (x0, y0), (x1, y1) = (
        (box["x"] + across * box["width"], box["y"] + down * box["height"])
        for across, down in (start, end)
    )
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2, steps=3)
    page.mouse.move(x1, y1, steps=3)
    page.mouse.up()


def where(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("where", [""])[0]


def count(page: Page) -> str:
    return page.locator(".sweep-count").inner_text()


def test_brush_table_run_page_and_back_show_the_same(server: Server, new_page: NewPage) -> None:
    page = open_sweep(new_page(), server)
    expect(page.locator(".sweep-count")).to_have_text(
        "All 101 runs (5 that ended early are left out)"
    )
    drag(page, "sweep-scatter", (0.25, 0.3), (0.6, 0.95))
    expect(page.locator(".sweep-chip")).to_have_count(2)
    expect(page).to_have_url(re.compile(f"where={NOISE}:[^&]*;{RATE}:"))
    shown, link, said = count(page), page.url, page.locator("#sweep-scatter-words").inner_text()
    selected = re.match(r"\d+", shown)
    assert selected
    rows = page.locator(".ag-center-cols-container .ag-row")
    expect(rows).to_have_count(int(selected[0]))
    run = page.locator(".ag-pinned-left-cols-container .ag-row a").first
    name = run.inner_text()
    run.click()
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f]{12}$"))
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.go_back()
    expect(page.locator(".sweep-count")).to_have_text(shown)
    expect(page.locator("#sweep-scatter-words")).to_have_text(said)
    expect(rows).to_have_count(int(selected[0]))
    assert page.url == link
    page.go_back()  # the choice before
    expect(page.locator(".sweep-count")).to_contain_text("All 101 runs")


def test_every_view_narrows_the_one_selection(server: Server, new_page: NewPage) -> None:
    page = open_sweep(new_page(), server)
    drag(page, "sweep-histogram", (0.55, 0.4), (0.8, 0.6))
    expect(page.locator(".sweep-chip")).to_have_count(1)
    assert where(page).startswith(f"{RATE}:")
    axis = page.locator("#sweep-parallel .axis-brush").nth(2)
    axis.scroll_into_view_if_needed()
    box = axis.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(middle, box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    expect(page.locator(".sweep-chip")).to_have_count(2)
    assert "task.n_samples:" in where(page)
    page.evaluate(f"dash_ag_grid.getApi('sweep-table').showColumnFilter('{NOISE}')")
    page.locator(".ag-filter input:visible").first.fill("0.02")
    page.locator(".ag-filter input:visible").nth(1).fill("0.05")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".sweep-chip")).to_have_count(3)
    assert f"{NOISE}:0.02..0.05" in where(page)
    page.get_by_role("button", name="Stop selecting by this: training samples").click()
    expect(page.locator(".sweep-chip")).to_have_count(2)
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator(".sweep-count")).to_contain_text("All 101 runs")
    assert where(page) == ""


def test_a_link_reproduces_the_view_and_files_hold_its_runs(
    server: Server, new_page: NewPage
) -> None:
    query = (
        f"?x={NOISE}&fit=power&colour=task.kind&facet=network.init&published=yes"
        f"&sort={RATE}:desc&where={NOISE}:0.02..0.05"
    )
    page = open_sweep(new_page(), server, query)
    expect(page.locator("#sweep-control-colour")).to_have_value("Task")
    expect(page.locator("#sweep-scatter-words")).to_contain_text("Theory gives the exponent 2")
    expect(page.locator("#sweep-scatter .annotation-text")).to_have_count(2)
    selected = int(count(page).split(" ")[0])
    for kind in ("Parquet", "CSV"):
        with page.expect_download() as started:
            page.locator(".sweep-actions").get_by_text(kind, exact=True).click()
        file = started.value
        assert file.suggested_filename == f"driftscape-fidelity-{selected}-runs.{kind.lower()}"
        if kind == "CSV":
            with Path(file.path()).open() as rows:
                assert len(list(csv.DictReader(rows))) == selected
        else:
            table = parquet.read_table(file.path())
            assert table.num_rows == selected
            assert table.schema.field(NOISE).metadata[b"unit"] == b"gradient"
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_point_tells_its_run_and_opens_it(server: Server, new_page: NewPage) -> None:
    page = open_sweep(new_page(), server)
    box = page.locator("#sweep-scatter .scatterlayer .point").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    expect(page.locator("#sweep-hover")).to_contain_text("Update noise s: 0.")
    shown = page.locator("#sweep-hover img")
    page.wait_for_function("document.querySelector('#sweep-hover img').naturalWidth > 0")
    run = re.search(r"([0-9a-f]{12})\.svg", shown.get_attribute("src") or "")
    assert run
    page.mouse.click(x, y)
    expect(page).to_have_url(re.compile(f"/runs/{run[1]}$"))


def test_choices_by_key_are_in_the_link_and_back_undoes_them(
    server: Server, new_page: NewPage
) -> None:
    page = open_sweep(new_page(), server)
    colour = page.locator("#sweep-control-colour")
    colour.focus()
    colour.fill("Learning")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"colour=rule\.learning_rate"))
    expect(page.locator("#sweep-scatter .cbtitle, #sweep-scatter .colorbar")).not_to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/sweeps/fidelity$"))
    expect(colour).to_have_value("Kind of noise")
    page.locator(".ag-header-cell-text", has_text="Training samples").click()
    expect(page).to_have_url(re.compile(r"sort=task\.n_samples:asc"))


def test_a_bad_link_says_what_is_wrong_and_keeps_the_rest(
    server: Server, new_page: NewPage
) -> None:
    page = open_sweep(new_page(), server, "?y=nonsense&fit=power")
    expect(page.locator(".note")).to_contain_text("There is no column “nonsense” here")
    expect(page.locator("#sweep-scatter-words")).to_contain_text("Power law")
    page.goto(f"{server.url}/sweeps/nothing")
    expect(page.get_by_role("heading", name="no collection “nothing”")).to_be_visible()
    page.goto(f"{server.url}/sweeps")
    page.locator(".sweep-cards a", has_text="fidelity").click()
    expect(page.locator(".sweep-count")).to_contain_text("All 101 runs")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wider_than_the_window(server: Server, new_page: NewPage, width: int) -> None:
    page = open_sweep(new_page(width=width, dark=True), server, "?facet=network.init")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_runs_are_selected_by_keyboard(server: Server, new_page: NewPage) -> None:
    page = open_sweep(new_page(width=390), server)
    page.get_by_text("Select by numbers and names", exact=True).click()
    low = page.get_by_role("textbox", name="Update noise s from")
    low.fill("0.02")
    low.press("Enter")
    expect(page.locator(".sweep-chip")).to_have_count(1)
    assert where(page) == f"{NOISE}:0.02.."
    expect(low).to_be_focused()
    page.get_by_role("button", name="update noise", exact=True).press("Enter")
    expect(page.locator(".sweep-chip")).to_have_count(2)
    assert where(page) == f"{NOISE}:0.02..;noise.kind:=update%20noise"
    expect(page.get_by_role("button", name="update noise", exact=True)).to_be_focused()
    page.go_back()
    expect(page.locator(".sweep-chip")).to_have_count(1)
    low.fill("")
    low.press("Enter")
    expect(page.locator(".sweep-count")).to_contain_text("All ")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
