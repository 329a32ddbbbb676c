"""Live runs as people meet them: launched in one tab, watched in any, ended in every way."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from dashboard.urls import live_url, run_url
from simulation.archive import Archive, Run, Status
from tests.browser.conftest import Server, wait_until

ENDLESS = {
    "schedule.steps": 10**9,
    "schedule.hessian_snapshots": 0,
    "schedule.curve_points": 4_000,
    "noise.update_scale": 0.001,
}
SHORT = {
    "schedule.steps": 3_000,
    "schedule.hessian_snapshots": 2,
    "schedule.curve_points": 100,
    "schedule.snapshots": 6,
    "noise.update_scale": 0.01,
}
SECONDS = 1_000

expect.set_options(timeout=20 * SECONDS)

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    return start_server(
        tmp_path_factory.mktemp("live") / "archive",
        DRIFTSCAPE_MAX_CONCURRENT_RUNS="1",
        DRIFTSCAPE_MAX_QUEUED_RUNS="1",
        DRIFTSCAPE_MAX_LIVE_STEPS=str(10**9),
    )


@pytest.fixture
def archive(server: Server) -> Archive:
    return Archive.open(server.archive)


def open_form(page: Page, server: Server, **values: object) -> None:
    """The form with these values; names with __ for the dots."""
    fields = {name.replace("__", "."): value for name, value in values.items()}
    page.goto(server.url + live_url(values=fields))
    expect(button(page)).to_be_enabled()


def button(page: Page):
    return page.locator("#live-launch")


def launch(page: Page, server: Server, **values: object) -> str:
    """Launch a run and wait for its page; its id."""
    open_form(page, server, **values)
    button(page).click()
    page.wait_for_url("**/runs/*")
    return page.url.rsplit("/", 1)[-1]


def points(page: Page) -> int:
    """How many points of the loss are drawn."""
    return int(
        page.evaluate(
            "() => document.querySelector('#run-loss .js-plotly-plot')?.calcdata?.[0]?.length ?? 0"
        )
    )


def watch_growth(page: Page, beyond: int = 0) -> int:
    """Wait until the page shows more points than `beyond`, and then still more."""
    wait_until(lambda: points(page) > beyond, 40, f"more than {beyond} points are drawn")
    seen = points(page)
    wait_until(lambda: points(page) > seen, 20, f"the curve grows beyond {seen} points")
    return points(page)


def shown_range(page: Page) -> list[float]:
    """What part of the loss curve is shown, as plotly has it."""
    drawn: list[float] = page.evaluate(
        "() => document.querySelector('#run-loss .js-plotly-plot')._fullLayout.xaxis.range"
    )
    return drawn


def zoom_in(page: Page) -> list[float]:
    """Drag over the right half of the loss curve; the range that is shown then."""
    before = shown_range(page)
    box = page.locator("#run-loss .nsewdrag").first.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.5, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, middle, steps=4)
    page.mouse.up()
    wait_until(lambda: shown_range(page) != before, 5, "the curve is zoomed in on")
    return shown_range(page)


def cancel(page: Page) -> None:
    page.get_by_role("button", name="Cancel the run").click()


def ended(archive: Archive, run_id: str, *statuses: Status) -> Run:
    wait_until(
        lambda: archive.open_run(run_id).status in statuses, 20, f"run {run_id} is {statuses}"
    )
    return archive.open_run(run_id)


def test_a_run_is_watched_from_any_tab_and_cancelled_from_another(
    server: Server, archive: Archive, new_page: NewPage
) -> None:
    first = new_page()
    run_id = launch(first, server, **_named(ENDLESS), seed=1)
    expect(first.locator("#live-status-numbers")).to_contain_text("steps/s")
    seen = watch_growth(first)

    first.reload()
    seen = watch_growth(first, beyond=seen)

    second = new_page()
    second.goto(server.url + run_url(run_id))
    watch_growth(second, beyond=seen)
    assert archive.open_run(run_id).status is Status.RUNNING

    zoomed = zoom_in(first)
    cancel(second)
    run = ended(archive, run_id, Status.CANCELLED)
    for page in (first, second):
        expect(page.get_by_text(Status.CANCELLED.words).first).to_be_visible()
        expect(page.locator("#live-status")).to_have_count(0)
    assert 0 < run.record["steps_reached"] < run.config.schedule.steps
    assert len(run.curves()) > seen
    wait_until(lambda: points(first) == len(run.curves()), 10, "the partial run is drawn whole")
    wait_until(lambda: shown_range(first) == zoomed, 5, "the curve is still zoomed in on")


def test_a_finished_run_is_archived_under_the_link_it_was_watched_at(
    server: Server, archive: Archive, new_page: NewPage
) -> None:
    page = new_page()
    run_id = launch(page, server, **_named(SHORT), seed=2)
    expect(page.get_by_text(Status.FINISHED.words).first).to_be_visible()
    assert page.url == server.url + run_url(run_id)
    run = ended(archive, run_id, Status.FINISHED)
    assert run.collection == "live"
    assert not archive.verify()
    page.reload()
    expect(page.get_by_text(Status.FINISHED.words).first).to_be_visible()
    wait_until(lambda: points(page) == len(run.curves()), 10, "the run is drawn whole")


def test_the_same_configuration_again_opens_the_finished_run(
    server: Server, archive: Archive, new_page: NewPage
) -> None:
    page = new_page()
    run_id = launch(page, server, **_named(SHORT), seed=3)
    finished_at = ended(archive, run_id, Status.FINISHED).record["finished_at"]
    open_form(page, server, **_named(SHORT), seed=3)
    expect(button(page)).to_have_text("Open this run")
    button(page).click()
    page.wait_for_url(f"**{run_url(run_id)}")
    assert archive.open_run(run_id).record["finished_at"] == finished_at


def test_the_same_configuration_again_watches_the_run_in_progress(
    server: Server, archive: Archive, new_page: NewPage
) -> None:
    page, other = new_page(), new_page()
    run_id = launch(page, server, **_named(ENDLESS), seed=4)
    open_form(other, server, **_named(ENDLESS), seed=4)
    expect(button(other)).to_have_text("Watch this run")
    button(other).click()
    other.wait_for_url(f"**{run_url(run_id)}")
    watch_growth(other)
    cancel(other)
    ended(archive, run_id, Status.CANCELLED)


def test_another_launch_in_the_same_tab_leaves_the_first_run_alone(
    server: Server, archive: Archive, new_page: NewPage
) -> None:
    page = new_page()
    first = launch(page, server, **_named(ENDLESS), seed=11)
    watch_growth(page)
    page.get_by_role("link", name="Change something and run it live").click()
    page.get_by_label("Seed").fill("12")
    expect(button(page)).to_have_text("Launch")
    button(page).click()
    page.wait_for_url("**/runs/*")
    second = page.url.rsplit("/", 1)[-1]
    expect(page.locator("#live-status-words")).to_have_text("Next in the queue.")
    recorded = len(archive.open_run(first).curves())
    wait_until(lambda: len(archive.open_run(first).curves()) > recorded, 10, "the first goes on")
    cancel(page)
    ended(archive, second, Status.CANCELLED)
    archive.request_cancel(first)
    ended(archive, first, Status.CANCELLED)


def test_a_killed_worker_is_said_within_15_seconds(
    server: Server, archive: Archive, new_page: NewPage
) -> None:
    page = new_page()
    run_id = launch(page, server, **_named(ENDLESS), seed=5)
    watch_growth(page)
    worker = int(archive.open_run(run_id).record["owner"]["pid"])
    assert worker in {child.pid for child in psutil.Process(server.process.pid).children()}
    os.kill(worker, signal.SIGKILL)
    expect(page.get_by_text("SIGKILL").first).to_be_visible(timeout=15 * SECONDS)
    assert len(ended(archive, run_id, Status.INTERRUPTED).curves()) > 1
    assert not archive.verify()


def test_runs_wait_for_their_turn_and_a_full_queue_refuses(
    server: Server, archive: Archive, new_page: NewPage
) -> None:
    page, list_page = new_page(), new_page()
    running = launch(page, server, **_named(ENDLESS), seed=6)
    watch_growth(page)
    waiting = launch(page, server, **_named(ENDLESS), seed=7)
    expect(page.locator("#live-status-words")).to_have_text("Next in the queue.")

    open_form(list_page, server, **_named(ENDLESS), seed=8)
    button(list_page).click()
    expect(list_page.get_by_role("alert")).to_contain_text("Try again in a few minutes")
    rows = list_page.locator(".live-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Next in the queue.")
    rows.nth(0).get_by_role("button", name="Cancel").click()
    ended(archive, running, Status.CANCELLED)
    expect(rows).to_have_count(1)
    watch_growth(page)
    rows.nth(0).get_by_role("button", name="Cancel").click()
    ended(archive, waiting, Status.CANCELLED)
    expect(list_page.get_by_text("Nothing runs at the moment.")).to_be_visible()


def test_the_tab_that_launched_hears_of_the_end_elsewhere(
    server: Server, archive: Archive, new_page: NewPage
) -> None:
    page = new_page()
    run_id = launch(page, server, **_named(ENDLESS), seed=9)
    page.get_by_role("link", name="Overview").click()
    page.wait_for_url(f"{server.url}/")
    archive.request_cancel(run_id)
    told = page.get_by_role("alert").filter(has_text=f"Run {run_id} has ended")
    expect(told).to_contain_text(Status.CANCELLED.words)
    told.get_by_role("link", name="Open it").click()
    page.wait_for_url(f"**{run_url(run_id)}")


def test_fields_are_checked_as_one_types(server: Server, new_page: NewPage) -> None:
    page = new_page()
    open_form(page, server, **_named(SHORT))
    run_id = page.locator(".summary code").inner_text()

    page.get_by_label("Training samples N").fill("many")
    expect(page.get_by_text("'many' is not a whole number from 1 to 2,000.")).to_be_visible()
    expect(button(page)).to_be_disabled()
    page.get_by_label("Training samples N").fill("5")
    page.get_by_label("Hidden units H").fill("2e4")
    expect(page.get_by_text("520,000 parameters")).to_be_visible()
    page.get_by_label("Hidden units H").fill("100")
    expect(button(page)).to_be_enabled()
    assert page.locator(".summary code").inner_text() == run_id


def test_another_task_brings_its_own_fields_and_keeps_what_was_typed(
    server: Server, new_page: NewPage
) -> None:
    page = new_page()
    open_form(page, server, **_named(SHORT), task__input_dim=12)
    page.get_by_label("Training samples N").fill("7")
    choose_task(page, "Corridor")
    page.get_by_role("button", name="Details of the task").click()
    expect(page.get_by_label("Corridor length")).to_have_value("14")
    expect(page.get_by_label("Training samples N")).to_have_value("7")
    expect(page.get_by_label("Input size D")).to_have_count(0)
    choose_task(page, "Abstract predictive")
    expect(page.get_by_label("Training samples N")).to_have_value("7")
    expect(page.get_by_text("D=20 O=20")).to_be_visible()


def choose_task(page: Page, label: str) -> None:
    page.locator("input[id*='task.kind']").click()
    page.get_by_role("option", name=label).click()


def test_a_link_fills_in_the_form_and_says_what_it_cannot_use(
    server: Server, archive: Archive, new_page: NewPage
) -> None:
    page = new_page()
    run_id = launch(page, server, **_named(SHORT), seed=10)
    ended(archive, run_id, Status.FINISHED)
    page.goto(f"{server.url}{live_url(run_id)}&noise.update_scal=1&seed=-1&noise.label_scale=0.3")
    expect(page.get_by_label("Training steps")).to_have_value("3000")
    expect(page.get_by_label("Label noise", exact=False).first).to_have_value("0.3")
    expect(page.get_by_label("Seed")).to_have_value("10")
    expect(page.get_by_text("did you mean noise.update_scale?")).to_be_visible()
    expect(page.get_by_text(re.compile("seed: -1 is not a whole number"))).to_be_visible()


def test_an_archive_of_another_version_is_explained_on_every_page(
    start_server: Callable[..., Server], new_page: NewPage, tmp_path: Path
) -> None:
    Archive.open(tmp_path, create=True)
    marker = tmp_path / "archive.json"
    marker.write_text(marker.read_text().replace('"schema_version": 1', '"schema_version": 999'))
    server = start_server(tmp_path)
    page = new_page()
    for path in ("/", "/live", "/runs/0123456789ab"):
        page.goto(server.url + path)
        expect(page.get_by_role("heading", name="schema version 999")).to_be_visible()
    assert "Traceback" not in server.log


def _named(values: dict[str, object]) -> dict[str, object]:
    return {name.replace(".", "__"): value for name, value in values.items()}
