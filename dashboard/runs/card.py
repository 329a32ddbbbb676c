"""A run at a glance: thumbnail, what it was, what came of it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import urls
from dashboard.base import words
from dashboard.runs.header import run_name, status_badge
from dashboard.runs.thumbnail import as_image, thumbnail_svg
from simulation.archive import Run, Status
from simulation.config import RunConfig
from simulation.models import model_of
from simulation.models.activations import ACTIVATIONS

COLUMNS = (
    "run_id",
    "collection",
    "name",
    "status",
    "created_at",
    "steps_reached",
    "task.kind",
    "parent.run",
    "config_json",
    "active_units_initial",
    "active_units_final",
    "tau_steps",
    "tau_steps_low",
    "tau_steps_high",
    "thumbnail_step",
    "thumbnail_loss",
    "thumbnail_active_units",
)
"""Columns of the runs table that a card needs."""


def run_card(row: dict[str, Any], config: RunConfig) -> dcc.Link:
    """A card for one archived run, from its row of the runs table; the whole card is the link."""
    name = run_name(row["name"], row["run_id"])
    return dcc.Link(
        html.Article(
            [
                html.Img(src=_thumbnail(row), alt=_thumbnail_words(row), className="thumbnail"),
                html.Div(
                    [html.H3(name), status_badge(Status(row["status"]))], className="card-head"
                ),
                html.P(config.in_words(), className="card-words"),
                html.Ul(
                    [html.Li(line) for line in _outcome(row, config)], className="card-outcome"
                ),
            ]
        ),
        href=urls.run_url(row["run_id"]),
        className="card",
    )


def running_card(run: Run) -> dcc.Link:
    """A card for a run in progress."""
    progress = run.progress
    share = f"{progress.share:.0%} done" if progress else run.status.words
    return dcc.Link(
        html.Article(
            [
                html.Div(
                    [html.H3(run_name(run.name, run.run_id)), status_badge(run.status)],
                    className="card-head",
                ),
                html.P(run.config.in_words(), className="card-words"),
                html.P(share, className="card-outcome"),
            ]
        ),
        href=urls.run_url(run.run_id),
        className="card",
    )


def _thumbnail(row: dict[str, Any]) -> str:
    series = (row["thumbnail_step"], row["thumbnail_loss"], row["thumbnail_active_units"])
    return as_image(thumbnail_svg(*(values if values is not None else [] for values in series)))


def _thumbnail_words(row: dict[str, Any]) -> str:
    steps = row["thumbnail_step"]
    span = 0 if steps is None or not len(steps) else steps[-1] - steps[0]
    return f"Loss and share of active units over {span:,.0f} steps, log time"


def _active(config: RunConfig) -> str:
    """What 'active' means, where it is not what it means for the usual rectifier."""
    name = model_of(config).activation
    return "" if name == "relu" else f" ({ACTIVATIONS[name].active_words})"


def _outcome(row: dict[str, Any], config: RunConfig) -> list[str]:
    first, last = row["active_units_initial"], row["active_units_final"]
    tau, low, high = (row[f"tau_steps{part}"] for part in ("", "_low", "_high"))
    lines = []
    if words.known(first) and words.known(last):
        since = f", from step {config.parent.step:,} on" if config.parent.run else ""
        lines.append(f"Active units{_active(config)} {first:.0%} → {last:.0%}{since}")
    if words.known(tau):
        lines.append(f"τ = {words.whole(tau)} steps ({words.whole(low)} to {words.whole(high)})")
    else:
        lines.append("No timescale τ identified")
    return lines
