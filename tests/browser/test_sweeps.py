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

from dashboard.urls.sweeps import IN_FULL
from tests.browser.conftest import Console, Server

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]
NOISE, RATE = "noise.update_scale", "log10_sparsification_rate"
RATE_AGAINST_NOISE = f"?x={NOISE}&y={RATE}&xscale=linear"


def open_sweep(page: Page, server: Server, query: str = "", name: str = "fidelity") -> Page:
    page.goto(f"{server.url}/sweeps/{name}{query}")
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


def query_of(link: str) -> dict[str, str]:
    found = parse_qs(urlsplit(link).query, keep_blank_values=True)
    return {key: values[0] for key, values in found.items()}


def where(page: Page) -> str:
    return query_of(page.url).get("where", "")


def copied_link(page: Page) -> str:
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def unfold(page: Page) -> None:
    page.get_by_text("Select by numbers and names", exact=True).click()


def count(page: Page) -> str:
    return page.locator(".sweep-count").inner_text()


@pytest.mark.parametrize(
    ("collection", "columns", "start", "end"),
    [
        (
            "fidelity",
            ("active_units_ratio", "active_fraction_ratio"),
            (0.62, 0.1),
            (0.75, 0.9),
        ),
        ("figure4_noise", (NOISE, RATE), (0.45, 0.1), (0.52, 0.9)),
    ],
)
def test_brush_table_run_page_and_back_show_the_same(
    server: Server,
    new_page: NewPage,
    collection: str,
    columns: tuple[str, str],
    start: tuple[float, float],
    end: tuple[float, float],
) -> None:
    page = open_sweep(new_page(), server, name=collection)
    whole = count(page)
    assert re.fullmatch(r"All \d+ runs \(\d+ that ended early are left out\)", whole)
    drag(page, "sweep-scatter", start, end)
    expect(page.locator(".sweep-chip")).to_have_count(2)
    expect(page).to_have_url(re.compile("where={}:[^&]*;{}:".format(*columns)))
    shown, link, said = count(page), page.url, page.locator("#sweep-scatter-words").inner_text()
    selected = re.match(r"\d+", shown)
    assert selected
    rows = page.locator(".ag-center-cols-container .ag-row")
    expect(rows).to_have_count(int(selected[0]))
    run = page.locator(".ag-pinned-left-cols-container .ag-row a").first
    href = run.get_attribute("href")
    run.click()
    expect(page).to_have_url(f"{server.url}{href}")
    expect(page.locator("h1")).to_be_visible()
    page.go_back()
    expect(page.locator(".sweep-count")).to_have_text(shown)
    expect(page.locator("#sweep-scatter-words")).to_have_text(said)
    expect(rows).to_have_count(int(selected[0]))
    assert page.url == link
    page.go_back()  # the choice before
    expect(page.locator(".sweep-count")).to_have_text(whole)


def test_every_view_narrows_the_one_selection(server: Server, new_page: NewPage) -> None:
    page = open_sweep(new_page(), server, RATE_AGAINST_NOISE)
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
    assert re.fullmatch(rf"{RATE}:[^;]+;rule\.learning_rate:[^;]+", where(page))
    page.evaluate(f"dash_ag_grid.getApi('sweep-table').showColumnFilter('{NOISE}')")
    page.locator(".ag-filter input:visible").first.fill("0.02")
    page.locator(".ag-filter input:visible").nth(1).fill("0.05")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".sweep-chip")).to_have_count(3)
    assert f"{NOISE}:0.02..0.05" in where(page)
    page.get_by_role("button", name="Stop selecting by this: learning rate").click()
    expect(page.locator(".sweep-chip")).to_have_count(2)
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator(".sweep-count")).to_contain_text(re.compile(r"All \d+ runs"))
    assert where(page) == ""


def test_a_link_reproduces_the_view_and_files_hold_its_runs(
    server: Server, new_page: NewPage
) -> None:
    query = (
        f"?x={NOISE}&y={RATE}&fit=power&colour=task.kind&facet=network.init&published=yes"
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
    asked, copied = query_of(page.url), query_of(copied_link(page))
    assert copied | asked == copied


def test_a_copied_link_says_in_full_what_another_archive_could_change(
    server: Server, new_page: NewPage
) -> None:
    page = open_sweep(new_page(), server)
    link = copied_link(page)
    assert page.url == f"{server.url}/sweeps/fidelity"
    said = query_of(link)
    assert set(said) == set(IN_FULL)
    assert (said["x"], said["y"]) == ("active_units_ratio", "active_fraction_ratio")
    assert (said["xscale"], said["yscale"], said["fit"]) == ("log", "log", "none")
    words = page.locator("#sweep-scatter-words").inner_text()
    page.locator("#sweep-control-colour").fill("Rule")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"colour=rule\.kind"))
    assert page.url == copied_link(page) == link.replace("colour=noise.kind", "colour=rule.kind")
    page.goto(link)
    expect(page.locator("#sweep-scatter-words")).to_have_text(words)
    expect(page.locator("#sweep-control-colour")).to_have_value("Kind of noise")
    assert page.locator(".note").count() == 0
    assert copied_link(page) == page.url == link


def test_rows_that_do_not_come_are_missed_and_asked_for_again(
    server: Server, new_page: NewPage, console: Console
) -> None:
    page = new_page(width=390)
    page.route("**/rows/*", lambda route: route.abort())
    page.goto(f"{server.url}/sweeps/fidelity")
    message = page.get_by_role("alert")
    again = page.get_by_role("button", name="Try again")
    expect(message).to_contain_text("The rows could not be fetched.")
    page.route("**/rows/*", lambda route: route.fulfill(status=500))
    page.locator("#sweep-control-table").focus()
    page.keyboard.press("Tab")
    expect(again).to_be_focused()
    with page.expect_response("**/rows/*"):
        page.keyboard.press("Enter")
    expect(message).to_contain_text("The rows could not be fetched.")
    page.unroute("**/rows/*")
    page.keyboard.press("Enter")
    expect(page.locator(".ag-center-cols-container .ag-cell").first).to_be_visible()
    expect(message).to_be_hidden()
    expect(page.locator(".ag-cell:focus")).to_have_count(1)
    console.complaints[:] = [
        said for said in console.complaints if "Failed to load resource" not in said
    ]


def test_a_percent_sign_that_is_no_code_selects(server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{server.url}/sweeps/fidelity?where=name:~50%")
    expect(page.locator(".sweep-count")).to_contain_text(re.compile(r"^0 of \d+ runs selected"))
    expect(page.locator(".sweep-table")).to_contain_text("No run meets the selection.")
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator(".ag-center-cols-container .ag-cell").first).to_be_visible()


def test_menus_of_the_table_show_the_selection_and_keep_it(
    server: Server, new_page: NewPage
) -> None:
    query = f"?table=name,rule.kind,{NOISE}&where=rule.kind:=SGD;task.n_samples:5..10"
    page = open_sweep(new_page(), server, query)
    model = "Object.keys(dash_ag_grid.getApi('sweep-table').getFilterModel()).join()"
    page.wait_for_function(f"{model} === 'rule.kind'")
    columns = page.locator("#sweep-control-table")
    columns.fill("Training samples")
    columns.press("ArrowDown")
    columns.press("Enter")
    page.wait_for_function(f"{model} === 'rule.kind,task.n_samples'")
    page.wait_for_load_state("networkidle")  # the rows of the new column have come
    menu = "{filterType: 'number', type: 'inRange', filter: 0.02, filterTo: 0.05}"
    page.evaluate(f"""async () => {{
        const api = dash_ag_grid.getApi('sweep-table');
        await api.setColumnFilterModel('{NOISE}', {menu});
        api.onFilterChanged('columnFilter');
    }}""")
    expect(page.locator(".sweep-chip")).to_have_count(3)
    assert where(page) == f"rule.kind:=SGD;task.n_samples:5..10;{NOISE}:0.02..0.05"


def test_a_point_tells_its_run_and_opens_it(server: Server, new_page: NewPage) -> None:
    page = open_sweep(new_page(), server, RATE_AGAINST_NOISE)
    box = page.locator("#sweep-scatter .scatterlayer .point").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    expect(page.locator("#sweep-hover")).to_contain_text("Update noise s: 0")
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
    expect(page.locator(".sweep-count")).to_contain_text(re.compile(r"All \d+ runs"))


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wider_than_the_window(server: Server, new_page: NewPage, width: int) -> None:
    page = open_sweep(new_page(width=width, dark=True), server, "?facet=network.init")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_runs_are_selected_by_keyboard(server: Server, new_page: NewPage) -> None:
    page = open_sweep(new_page(width=390), server, RATE_AGAINST_NOISE)
    unfold(page)
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


def test_names_are_pressed_by_value_or_words_and_others_are_kept(
    server: Server, new_page: NewPage
) -> None:
    query = "?colour=rule.kind&where=rule.kind:=SGD|none%20of%20these"
    page = open_sweep(new_page(), server, query)
    unfold(page)
    names = page.locator(".sweep-name")
    expect(names.get_by_text("SGD", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".sweep-name[aria-pressed=true]")).to_have_count(1)
    page.get_by_role("button", name="Adam", exact=True).press("Enter")
    expect(page.locator(".sweep-name[aria-pressed=true]")).to_have_count(2)
    assert where(page) == "rule.kind:=adam|sgd|none%20of%20these"
    page.get_by_role("button", name="Adam", exact=True).press("Enter")
    expect(page.locator(".sweep-name[aria-pressed=true]")).to_have_count(1)
    page.get_by_role("button", name="SGD", exact=True).press("Enter")
    expect(page.locator(".sweep-name[aria-pressed=true]")).to_have_count(0)
    assert where(page) == "rule.kind:=none%20of%20these"


def test_an_end_that_is_left_as_it_was_changes_nothing(server: Server, new_page: NewPage) -> None:
    selected = f"{NOISE}:0.0200..;{RATE}:-6.123456789..;task.n_samples:=5|10|20"
    query = f"?x={NOISE}&y={RATE}&colour=task.n_samples&where={selected}"
    page = open_sweep(new_page(), server, query)
    unfold(page)
    before = page.evaluate("history.length")
    for name in ("Update noise s from", "Rate of falling silent from", "Training samples N to"):
        end = page.get_by_role("textbox", name=name)
        end.press("Enter")
        end.blur()
    low = page.get_by_role("textbox", name="Update noise s from")
    low.fill("infinity")
    low.press("Enter")
    low.fill("0.02")
    low.blur()
    assert page.evaluate("history.length") == before
    assert where(page) == selected
    low.fill("0.03")
    low.blur()
    expect(page).to_have_url(re.compile(f"{NOISE}:0.03"))
    again = page.get_by_role("textbox", name="Rate of falling silent from")
    again.fill("-6.50")
    again.press("Enter")
    expect(page).to_have_url(re.compile(rf"{RATE}:-6\.5\.\.$"))
    again.fill("-6.5")  # said again in other digits
    length = page.evaluate("history.length")
    again.blur()
    assert page.evaluate("history.length") == length


def test_the_keyboard_finds_its_way_past_the_table_and_along_the_conditions(
    server: Server, new_page: NewPage
) -> None:
    page = open_sweep(new_page(), server, f"?where=rule.kind:=sgd;{NOISE}:0.01..0.06")
    page.locator(".ag-center-cols-container .ag-cell").first.click()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".ag-cell:focus")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator(".ag-root-wrapper :focus")).to_have_count(0)
    expect(page.get_by_role("button", name="All curves")).to_be_focused()
    page.locator(".sweep-chip").first.press("Enter")
    expect(page.locator(".sweep-chip")).to_have_count(1)
    expect(page.locator(".sweep-chip")).to_be_focused()
    page.locator(".sweep-clear").press("Enter")
    expect(page.locator(".sweep-actions a").first).to_be_focused()


def test_on_a_phone_the_bar_stays_low_and_covers_nothing_in_use(
    server: Server, new_page: NewPage
) -> None:
    many = f"{NOISE}:0.01..0.06;{RATE}:-7..-4;rule.kind:=sgd|adam;name:~update;task.n_samples:5..10"
    page = open_sweep(new_page(width=390, height=844), server, f"?where={many}")
    expect(page.locator(".sweep-chip")).to_have_count(5)
    bar = page.locator(".sweep-selection").bounding_box()
    assert bar
    assert bar["height"] < 844 / 5
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="All curves").focus()
    page.keyboard.press("Shift+Tab")
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        covered = """() => {
            const bar = document.querySelector(".sweep-selection");
            const used = document.activeElement.getBoundingClientRect();
            return used.top < bar.getBoundingClientRect().bottom;
        }"""
        assert not page.evaluate(covered)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
