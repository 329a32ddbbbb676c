"""The loss over training, beside that of the run it starts from."""

from __future__ import annotations

import pytest

from dashboard.pages.run.panels.loss import loss_figure
from dashboard.runs.over_time import Origin
from tests.dashboard.figure_samples import ALL_PHASES, CURVES, LOG


def test_the_axis_of_the_loss_holds_the_parent_however_deep_its_child_falls() -> None:
    deep = CURVES.assign(log10_normalized_loss=[-1.0, -5.0, -20.0, -30.0, -30.4])
    figure = loss_figure(deep, LOG, ALL_PHASES, Origin(10, CURVES))
    assert figure.layout.yaxis.autorangeoptions.clipmin == pytest.approx(-2.1 - 2.2)
    texts = [note.text for note in figure.layout.annotations]
    assert "this run goes on down to −30" in texts
    alike = loss_figure(CURVES, LOG, ALL_PHASES, Origin(10, CURVES))
    assert not any("down to" in (note.text or "") for note in alike.layout.annotations)
    assert loss_figure(deep, LOG, ALL_PHASES).layout.yaxis.autorangeoptions.clipmin is None
