"""How fast tuning wanders: the panel of the run page."""

from __future__ import annotations

import numpy as np
from dash import html

from dashboard.base import ids
from dashboard.base.empty import empty_figure
from dashboard.base.panel import absent, graph, panel
from dashboard.pages.run.drift_rows import (
    NO_POSITION,
    DiffusionLine,
    DriftCurve,
    diffusion_line,
    drift_curve,
)
from dashboard.pages.run.panels.drift import drift_figure
from dashboard.runs.fits import phases
from dashboard.runs.place_words import place_words
from simulation.archive import Run

CAPTION = (
    "A field's centroid is its centre of mass {where}. Plotted is how far centroids have "
    "moved, squared and averaged over units, against the time in between. A random walk grows in "
    "proportion to time, with slope 2 D: D is the diffusion constant. The line starts above zero "
    "where fields also jitter about their {noun}. Points bend away from its dotted continuation "
    "because the {track} is finite and units differ in speed; at the dashed line they have "
    "forgotten where they were. Units that are not tuned at both moments do not count."
)


def drift_panel(run: Run) -> html.Section:
    """The figure with its fitted line, or why there is none; a line without a position."""
    if not run.config.task.has_position:
        return _without_position()
    curve, called = drift_curve(run), place_words(run.config.task)
    caption = CAPTION.format(where=called.where, noun=called.noun, track=called.track)
    if isinstance(curve, str):
        hidden = graph(ids.DRIFT, empty_figure(""), label="")
        return panel("Drift", absent(hidden, reason=curve, height="square"), caption)
    line = diffusion_line(run.record)
    return panel(
        "Drift",
        graph(
            ids.DRIFT,
            drift_figure(curve, line, called),
            label="Mean squared shift of centroids against lag",
            height="square",
        ),
        caption,
        words=html.P(drift_words(curve, line, run), className="words"),
    )


def _without_position() -> html.Section:
    """A line: nothing of the panel would ever apply."""
    hidden = html.Div(graph(ids.DRIFT, empty_figure(""), label=""), hidden=True)
    said = html.P([html.Strong("Drift. "), NO_POSITION], className="caption remark")
    return html.Section([said, hidden])


def drift_words(curve: DriftCurve, line: DiffusionLine | None, run: Run) -> str:
    """D with its interval and what it comes to, or why it is not known."""
    found = phases(run)
    when = "From the start of the run"
    if found.stationary_from is not None:
        steady = found.name("null")
        when = f"{steady if found.at_rest else f'In {steady.lower()}'}, from step {curve.since:,}"
    if line is None:
        reason = run.reasons.get("centroid_diffusion", "it is not known for runs recorded earlier")
        return f"{when}. No diffusion constant: {reason.rstrip('.')}."
    walked = np.sqrt(2 * max(line.constant, 0) * 1000)
    jitter, unit = np.sqrt(max(line.offset, 0) / 2), place_words(run.config.task).unit
    return (
        f"{when}: D = {_power(line.constant)} {unit}² a step (95 % interval "
        f"{_power(line.low)} to {_power(line.high)}), so a field walks {walked:.2g} {unit} in "
        f"1,000 steps, and jitters by {jitter:.2g}."
    )


def _power(value: float) -> str:
    """'1.65 × 10⁻⁴'."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_RAISED)}".replace("-", "−")


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
