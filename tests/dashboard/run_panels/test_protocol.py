"""What holds of every panel of the run page."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from dashboard.pages.run.panel import Panel
from dashboard.pages.run.sections import PANELS
from dashboard.urls import RunView
from tests.dashboard.page_helpers import by_id

BROWSER = Path(__file__).resolve().parents[3] / "assets" / "js" / "pages" / "run" / "view.mjs"
MEANINGS = {"", "step", "snapshot", "row", "point"}
each_panel = pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.id)


def test_no_two_panels_share_an_id() -> None:
    assert len({panel.id for panel in PANELS}) == len(PANELS)


@each_panel
def test_what_callbacks_address_is_in_its_placeholder(panel: Panel) -> None:
    addressed = {panel.id, *(name for name, _ in panel.outputs), *panel.choices}
    assert addressed <= by_id(panel.placeholder()).keys()


@each_panel
def test_it_depends_on_what_a_view_has(panel: Panel) -> None:
    known = {"snapshots", *(field.name for field in fields(RunView))}
    assert panel.redrawn_by | panel.moved_by <= known


@each_panel
def test_the_browser_knows_its_clicks_and_choices(panel: Panel) -> None:
    script = BROWSER.read_text()
    assert panel.clicked in MEANINGS
    assert all(f'"{name}"' in script for name in panel.choices)
