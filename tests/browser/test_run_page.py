"""The run page in a real browser: one cursor, one view, one link."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard import urls
from dashboard.runs import queries
from simulation.archive import Archive
from tests.browser.conftest import Server
from tests.small_runs import CORRIDOR, RANDOM, make_small_archive

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]
RUN = f"/runs/{CORRIDOR.run_id}"
SVG = ".//{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def small_archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return make_small_archive(tmp_path_factory.mktemp("browse") / "archive")


@pytest.fixture(scope="module")
def server(start_server: Callable[[Path], Server], small_archive: Archive) -> Server:
    return start_server(small_archive.path)


@pytest.fixture
def steps(small_archive: Archive) -> list[int]:
    return [int(step) for step in small_archive.open_run(CORRIDOR.run_id).snapshot_steps()]


def open_run(page: Page, server: Server, path: str = RUN) -> Page:
    page.goto(server.url + path)
    expect(page.locator("#run-maps .nsewdrag").first).to_be_attached()
    expect(page.locator("#run-page")).to_have_attribute("data-run", re.compile("."))
    return page


def at_step(page: Page, step: int) -> None:
    """The cursor is at `step`, and so are the maps that the server drew."""
    expect(page.locator("#run-moment")).to_contain_text(f"step {step:,} ·")
    expect(page.locator("#run-maps-words")).to_contain_text(f"Step {step:,}:")


def has_query(page: Page, query: str) -> None:
    """The link says `query`, a regular expression ('' for none)."""
    expect(page).to_have_url(re.compile(rf"/runs/[0-9a-f]+{query}$"))


def click_plot(figure: Locator, across: float, down: float) -> None:
    figure.scroll_into_view_if_needed()
    area = figure.locator(".nsewdrag").first
    size = area.bounding_box()
    assert size is not None
    area.click(position={"x": size["width"] * across, "y": size["height"] * down}, force=True)


def cursor_line(page: Page, name: str) -> tuple[float, float]:
    """Where the cursor line over a figure is and where its step is on the axis, in pixels."""
    line, place = page.evaluate(
        """(name) => {
            const frame = document.querySelector(`#run-${name}`).parentElement;
            const plot = frame.querySelector(".js-plotly-plot");
            const step = Number(document.querySelector("#run-moment").textContent
                .split("·")[0].replace(/[^0-9]/g, ""));
            const axis = plot._fullLayout.xaxis;
            const line = frame.querySelector(".cursor-line").getBoundingClientRect().left;
            const left = frame.getBoundingClientRect().left + axis._offset;
            return [line, left + axis.c2p(step || plot.layout.meta.zero)];
        }""",
        name,
    )
    return line, place


def picture(page: Page, name: str) -> str:
    """What the server drew: the numbers of a figure's first trace, as sent."""
    expect(page.locator(f"#run-{name} .nsewdrag").first).to_be_attached()
    return str(
        page.evaluate(
            "(name) => document.querySelector(`#run-${name} .js-plotly-plot`).data[0].z.bdata",
            name,
        )
    )


def test_from_the_overview_to_a_link_that_shows_the_same_view(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    page = new_page()
    page.goto(server.url)
    page.locator(f"a.card[href='{RUN}']").click()
    expect(page.locator("h1")).to_have_text("small corridor")
    at_step(page, steps[-1])
    page.keyboard.press("Home")
    at_step(page, steps[0])
    page.keyboard.press("ArrowRight")
    at_step(page, steps[1])
    click_plot(page.locator("#run-maps"), 0.3, 0.2)
    expect(page.locator("#run-unit-words")).to_contain_text(f"at step {steps[1]:,}")
    page.get_by_text("by the cursor", exact=True).click()
    page.get_by_text("linear", exact=True).click()
    has_query(page, rf"\?t={steps[1]}&unit=\d+&sort=now&x=linear")
    expect(page.locator("#run-maps-words")).to_contain_text(f"peak at step {steps[1]:,}")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url

    other = new_page()
    other.goto(link)
    at_step(other, steps[1])
    for name in ("#run-maps-words", "#run-unit-words", "#run-spectrum-words", "#run-moment"):
        expect(other.locator(name)).to_have_text(page.locator(name).inner_text())
    for name in ("maps", "unit"):
        assert picture(other, name) == picture(page, name)
    assert other.locator("input[type=radio]:checked").evaluate_all(
        "all => all.map(one => one.value)"
    ) == ["linear", "sorted", "now", "active", "evaluation", "maps"]


def test_the_browser_writes_the_links_that_urls_reads(
    server: Server, new_page: NewPage, small_archive: Archive
) -> None:
    page = open_run(new_page(), server)
    page.keyboard.press("Home")
    has_query(page, r"\?t=0")
    page.get_by_text("4 × 4", exact=True).click()
    page.get_by_text("all units", exact=True).click()
    page.get_by_text("training", exact=True).click()
    page.get_by_text("population vectors", exact=True).click()
    page.locator("#run-unit-choice").fill("5")
    has_query(page, r"\?t=0&unit=5&.*")
    view = urls.RunView(t=0, unit=5, view="grid", rows="all", maps="training", corr="population")
    default = queries.limits(small_archive.open_run(CORRIDOR.run_id)).default_view()
    assert page.url == server.url + urls.run_url(CORRIDOR.run_id, view, default)


def test_back_and_forward_go_through_choices_but_not_through_scrubbing(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    page = open_run(new_page(), server)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    at_step(page, steps[-3])
    page.get_by_text("linear", exact=True).click()
    page.get_by_text("all units", exact=True).click()
    has_query(page, rf"\?t={steps[-3]}&rows=all&x=linear")
    page.go_back()
    has_query(page, rf"\?t={steps[-3]}&x=linear")
    expect(page.get_by_role("radio", name="all units")).not_to_be_checked()
    page.go_back()
    has_query(page, rf"\?t={steps[-3]}")
    expect(page.get_by_role("radio", name="log time")).to_be_checked()
    at_step(page, steps[-3])
    page.go_forward()
    expect(page.get_by_role("radio", name="linear")).to_be_checked()


def test_what_the_page_sets_itself_is_not_taken_for_a_choice(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    """A control tells of a new value a moment later: by then the reader may be a step further."""
    page = open_run(new_page(), server)
    for pause in (10, 20, 40):
        page.get_by_text("linear", exact=True).click()
        page.get_by_text("all units", exact=True).click()
        has_query(page, r"\?rows=all&x=linear")
        page.evaluate(
            "pause => { history.back(); setTimeout(() => history.back(), pause); }", pause
        )
        has_query(page, "")
        expect(page.get_by_role("radio", name="log time")).to_be_checked()
        expect(page.get_by_role("radio", name="all units")).not_to_be_checked()
        page.keyboard.press("ArrowLeft")
        has_query(page, rf"\?t={steps[-2]}")
        page.keyboard.press("ArrowRight")
        has_query(page, "")


def test_back_from_another_page_restores_the_view(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    page = open_run(new_page(), server)
    page.keyboard.press("ArrowLeft")
    has_query(page, rf"\?t={steps[-2]}")
    page.get_by_role("link", name="Overview").click()
    expect(page.locator(".hero")).to_be_visible()
    page.go_back()
    at_step(page, steps[-2])


def test_reloading_keeps_the_view(server: Server, new_page: NewPage, steps: list[int]) -> None:
    page = open_run(new_page(), server)
    page.keyboard.press("ArrowLeft")
    page.get_by_text("4 × 4", exact=True).click()
    has_query(page, rf"\?t={steps[-2]}&view=grid")
    page.reload()
    expect(page.locator("#run-moment")).to_contain_text(f"step {steps[-2]:,} ·")
    expect(page.get_by_role("radio", name="4 × 4")).to_be_checked()


def test_dragging_the_slider_moves_every_line_and_asks_one_question_at_a_time(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    page = open_run(new_page(), server)
    open_questions, most = 0, 0

    def asked(request: object) -> None:
        nonlocal open_questions, most
        if is_frame(request):
            open_questions += 1
            most = max(most, open_questions)

    def answered(request: object) -> None:
        nonlocal open_questions
        open_questions -= is_frame(request)

    page.on("request", asked)
    page.on("requestfinished", answered)
    thumb = page.get_by_role("slider", name="Snapshot under the time cursor")
    box = thumb.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.down()
    for part in range(30):
        page.mouse.move(box["x"] + 9 - 8 * part, box["y"] + 9)
    page.mouse.up()
    moment = page.locator("#run-moment").inner_text()
    step = int(moment.split("·")[0].removeprefix("step ").replace(",", ""))
    assert step in steps[:-1]
    at_step(page, step)
    assert most == 1
    for name in ("loss", "sparsification", "information", "decoding"):
        line, place = cursor_line(page, name)
        assert line == pytest.approx(place, abs=1.5)


def is_frame(request: object) -> bool:
    return "run-request" in (getattr(request, "post_data", None) or "")


def test_playing_reaches_the_end_and_stops(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    page = open_run(new_page(), server)
    page.keyboard.press("Home")
    at_step(page, steps[0])
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    at_step(page, steps[-1])
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_click_on_a_curve_or_on_the_matrix_moves_the_cursor(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    page = open_run(new_page(), server)
    click_plot(page.locator("#run-loss"), 0.02, 0.5)
    at_step(page, steps[0])
    click_plot(page.locator("#run-correlation"), 1.5 / len(steps), 0.5)
    at_step(page, steps[1])


def test_a_unit_is_followed_by_a_click_on_its_point_and_let_go_by_escape(
    server: Server, new_page: NewPage
) -> None:
    page = open_run(new_page(), server)
    page.locator("#run-population").scroll_into_view_if_needed()
    page.locator("#run-population .points path").first.click(force=True)
    has_query(page, r"\?unit=\d+")
    unit = page.url.split("unit=")[1]
    expect(page.locator("#run-unit-words")).to_contain_text(f"Unit {unit} ")
    expect(page.locator("#run-unit-choice")).to_have_value(unit)
    page.keyboard.press("Escape")
    has_query(page, "")
    expect(page.locator("#run-unit-words")).to_be_empty()


def test_the_keyboard_alone_reaches_and_moves_the_cursor(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    page = open_run(new_page(), server)
    thumb = page.get_by_role("slider", name="Snapshot under the time cursor")
    thumb.focus()
    page.keyboard.press("ArrowLeft")
    at_step(page, steps[-2])
    page.keyboard.press("Home")
    at_step(page, steps[0])
    page.get_by_role("button", name="Next snapshot").focus()
    page.keyboard.press("Enter")
    at_step(page, steps[1])
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_link_with_mistakes_says_so_and_shows_the_rest(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    page = open_run(new_page(), server, f"{RUN}?t=soon&unit=9999&sort=now&view=cube")
    note = page.get_by_role("alert")
    expect(note).to_contain_text("Step “soon” is not a whole number.")
    expect(note).to_contain_text("Unit “9999” is not one of this run's units 0 to 23.")
    expect(note).to_contain_text("Map view “cube” is not one of sorted, grid.")
    at_step(page, steps[-1])
    expect(page.get_by_role("radio", name="by the cursor")).to_be_checked()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/runs/0123456789ab", "No run 0123456789ab"),
        ("/runs/not-a-run", "'not-a-run' is not a run id."),
        ("/runs/a/b", "'a/b' is not a run id."),
        ("/nowhere", "There is no page at this address"),
    ],
)
def test_bad_addresses_say_what_happened(
    server: Server, new_page: NewPage, path: str, title: str
) -> None:
    page = new_page()
    page.goto(server.url + path)
    expect(page.locator("h1")).to_contain_text(title)
    page.get_by_role("link", name="Go to the overview").click()
    expect(page.locator(".introduction")).to_be_visible()


def test_a_run_without_a_position(server: Server, new_page: NewPage) -> None:
    page = open_run(new_page(), server, f"/runs/{RANDOM.run_id}")
    expect(page.get_by_text("This task has no position")).to_have_count(3)
    page.keyboard.press("Home")
    at_step(page, 0)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 768, 390])
def test_nothing_is_wider_than_the_window(
    server: Server, new_page: NewPage, width: int, dark: bool
) -> None:
    page = open_run(new_page(width=width, dark=dark), server)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    dark_page = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", dark_page))) < 120) == dark


def test_the_page_stands_still_while_its_figures_load(server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { window.shift += entry.value })).observe({type: 'layout-shift', buffered: true})"
    )
    open_run(page, server)
    assert page.evaluate("window.shift") < 0.05


def test_a_finger_on_a_curve_scrolls_the_page_and_a_tap_moves_the_cursor(
    server: Server, new_page: NewPage, steps: list[int]
) -> None:
    page = open_run(new_page(width=390), server)
    at_step(page, steps[-1])
    touch = page.context.new_cdp_session(page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    curve = page.locator("#run-loss .nsewdrag").first
    curve.scroll_into_view_if_needed()
    box, before = curve.bounding_box(), page.evaluate("window.scrollY")
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shown = "() => document.querySelector('#run-loss .js-plotly-plot')._fullLayout.xaxis.range"
    whole = page.evaluate(shown)

    def send(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    send("touchStart", (x, y))
    for moved in range(20, 241, 20):
        send("touchMove", (x + moved / 10, y - moved))
    send("touchEnd")
    page.wait_for_function("before => window.scrollY > before + 100", arg=before)
    assert page.evaluate(shown) == whole
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    assert box is not None
    x, y = box["x"] + 2, box["y"] + box["height"] / 2
    send("touchStart", (x, y))
    send("touchEnd")
    at_step(page, steps[0])


def test_a_saved_picture_has_the_cursor(
    server: Server, new_page: NewPage, steps: list[int], tmp_path: Path
) -> None:
    page = open_run(new_page(), server, f"{RUN}?t={steps[-3]}")
    at_step(page, steps[-3])
    for name, lines in (("loss", 1), ("correlation", 2)):
        figure = page.locator(f"#run-{name}")
        figure.hover()
        drawn = figure.locator(".shapelayer path").count()
        with page.expect_download() as saved:
            figure.locator(".modebar-btn[data-title^='Download']").click()
        saved.value.save_as(tmp_path / name)
        picture = ET.fromstring((tmp_path / name).read_text())
        layers = [part for part in picture.iter() if part.get("class") == "shapelayer"]
        assert sum(len(layer.findall(f"{SVG}path")) for layer in layers) == drawn + lines
        expect(figure.locator(".shapelayer path")).to_have_count(drawn)
