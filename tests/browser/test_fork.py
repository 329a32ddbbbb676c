"""Two clicks from a moment of a run to another run, and the way back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.urls import fork_url, run_url
from simulation.archive import Archive, Status
from tests.browser.conftest import Server, wait_until
from tests.small_runs import CORRIDOR, make_small_archive

expect.set_options(timeout=20_000)

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return make_small_archive(tmp_path_factory.mktemp("fork") / "archive")


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], archive: Archive) -> Server:
    return start_server(archive.path)


@pytest.fixture
def step(archive: Archive) -> int:
    """A snapshot in the middle of the run."""
    return int(archive.open_run(CORRIDOR.run_id).snapshot_steps()[-4])


def traces(page: Page, figure: str) -> list[str]:
    """The names of what a figure draws."""
    drawn: list[str] = page.evaluate(
        "(id) => (document.querySelector(`#${id} .js-plotly-plot`)?.data ?? []).map((t) => t.name)",
        figure,
    )
    return drawn


def test_the_noise_is_switched_off_in_two_clicks(
    server: Server, archive: Archive, new_page: NewPage, step: int
) -> None:
    page = new_page()
    page.goto(server.url + run_url(CORRIDOR.run_id))
    expect(page.locator("#run-moment")).to_contain_text("step 20,000 ·")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#run-moment")).to_contain_text(f"step {step:,} ·")

    page.get_by_role("button", name="Fork here").click()
    expect(page.get_by_text(f"From step {step:,} on")).to_be_visible()
    page.get_by_role("menuitem", name="Noise off").click()

    page.wait_for_url(lambda url: "/runs/" in url and CORRIDOR.run_id not in url)
    run_id = re.search(r"/runs/([0-9a-f]{12})", page.url).group(1)  # type: ignore[union-attr]
    expect(page.get_by_text(f"at its step {step:,}: update noise s 0.1 → 0")).to_be_visible()
    expect(page.get_by_text(Status.FINISHED.words)).to_be_visible()
    run = archive.open_run(run_id)
    assert (run.config.parent.run, run.config.parent.step) == (CORRIDOR.run_id, step)
    for figure in ("run-loss", "run-sparsification", "run-information", "run-decoding"):
        wait_until(lambda name=figure: "parent" in traces(page, name), 10, f"{figure} has both")

    page.get_by_role("link", name="small corridor").click()
    page.wait_for_url(f"**{run_url(CORRIDOR.run_id)}?t={step}")
    expect(page.locator("#run-moment")).to_contain_text(f"step {step:,} ·")
    page.locator(f".lineage a[href='{run_url(run_id)}']").click()
    page.wait_for_url(f"**{run_url(run_id)}")
    expect(page.locator("#run-page")).to_have_attribute("data-run", run_id)


def test_the_form_says_what_a_fork_does_and_lets_go_of_the_parent(
    server: Server, new_page: NewPage, step: int
) -> None:
    page = new_page(width=390)
    page.goto(server.url + run_url(CORRIDOR.run_id) + f"?t={step}")
    page.get_by_role("button", name="Fork here").click()
    page.get_by_role("menuitem", name="Something else…").press("Enter")
    page.wait_for_url("**/live?**")
    origin = page.locator("#live-origin-words")
    expect(origin).to_contain_text(f"Continues small corridor from its step {step:,} on, unchanged")
    page.get_by_role("link", name="Label noise instead").click()
    expect(origin).to_contain_text("update noise s 0.1 → 0, label noise 0 → 0.5")
    expect(page.get_by_label("Hidden units H")).to_have_count(0)
    page.get_by_role("button", name="Start from scratch instead").click()
    expect(origin).to_be_hidden()
    expect(page.get_by_label("Hidden units H")).to_have_value(str(CORRIDOR.network.hidden_units))
    expect(page.locator("input[id*='network.init']")).to_have_value(CORRIDOR.network.init)
    expect(page.locator("#live-launch")).to_be_enabled()
    expect(page.locator("#live-preview")).not_to_contain_text(CORRIDOR.run_id)


def test_fields_follow_model_and_rule(server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(server.url + "/live?task.kind=random&network.hidden_units=33")
    choose(page, "rule.kind", "Adam")
    expect(page.get_by_label("Learning rate")).to_have_value("0.001")
    expect(page.locator("input[id*='rule.kind']")).to_be_focused()
    expect(page.get_by_label("Hidden units H")).to_have_value("33")
    page.get_by_role("button", name="Details of network, learning and recording").click()
    expect(page.get_by_label("Beta 1")).to_have_value("0.9")
    choose(page, "task.kind", "Ring (directions)")
    expect(page.get_by_label("Noise in M")).to_be_visible()
    expect(page.get_by_label("Beta 1")).to_have_count(0)
    expect(page.locator("input[id*='rule.kind']")).to_be_disabled()
    expect(page.locator("#live-preview")).to_contain_text("628 inputs of 2 values")
    choose(page, "task.kind", "Corridor (predict the next view)")
    expect(page.get_by_label("Update noise s")).to_be_visible()
    expect(page.locator("#live-preview")).to_contain_text("SGD at learning rate 0.1")


def choose(page: Page, path: str, option: str) -> None:
    page.locator(f"input[id*='{path}']").click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_parent_that_is_not_here_is_said(server: Server, new_page: NewPage) -> None:
    page = new_page(dark=True)
    page.goto(server.url + fork_url("0123456789ab", 100))
    expect(page.locator("#live-preview")).to_contain_text("The parent run 0123456789ab is not in")
    expect(page.locator("#live-launch")).to_be_disabled()
