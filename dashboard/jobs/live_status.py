"""How a run in progress stands, on top of its page: words, a bar, numbers, and a way to stop it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html

from dashboard.base import ids
from dashboard.base.aria import aria
from dashboard.base.words import count
from dashboard.jobs.launcher import Launcher
from simulation.archive import Archive, Progress, Run, Status

INTERVAL_MS = 500
SILENT_SECONDS = 5.0
SETTLED_SHARE = 0.01
"""Before, most time goes into the dense first recordings: the time left would be far too long."""


@dataclass(frozen=True)
class Standing:
    """What a reader is told of a run: words for its stage, numbers for its progress."""

    words: str
    numbers: str
    percent: float
    in_progress: bool


def standing(run: Run, position: int | None) -> Standing:
    """How `run` stands now; `position` is its place in the queue, from 1, if it waits."""
    progress = run.progress
    if progress is None:
        words = run.record.get("status_reason") or run.status.words
        return Standing(words, "", 100.0, in_progress=False)
    words, numbers = _stage(progress, position), _numbers(progress)
    return Standing(words, numbers, 100 * progress.share, in_progress=True)


def _stage(progress: Progress, position: int | None) -> str:
    if progress.stage == "queued":
        if position is None:
            return Status.QUEUED.words
        ahead = position - 1
        return "Next in the queue." if not ahead else f"In the queue, {ahead} ahead of it."
    silence = _seconds_since(progress.updated_at)
    if silence > SILENT_SECONDS and progress.stage not in _WITHOUT_NEWS:
        return f"No news from its process for {silence:.0f} s."
    return _STAGES[progress.stage]


_STAGES = {
    "preparing": "Getting ready: building the task, loading the engine.",
    "compiling": "Compiling the engine for networks of this kind, once on this machine.",
    "training": "Training now.",
    "finishing": "Trained; solving the last eigenvalues, then putting the archive in order.",
}


_WITHOUT_NEWS = ("compiling", "finishing")
"""Stages in which a process has other things to do than to tell how far it is."""


def _seconds_since(moment: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()


def _numbers(progress: Progress) -> str:
    if progress.stage == "queued":
        return f"{count(progress.steps - progress.first, 'step')} to train"
    parts = [f"step {progress.step:,} of {progress.steps:,}"]
    if progress.stage == "training":
        if progress.steps_per_second:
            parts.append(f"{_round(progress.steps_per_second):,} steps/s")
        if progress.eta_seconds is not None and progress.share >= SETTLED_SHARE:
            parts.append(f"{duration(progress.eta_seconds)} left")
    return " · ".join(parts)


def _round(value: float) -> int:
    """To two significant digits, so that the number can be read while it changes."""
    return int(float(f"{value:.2g}"))


def duration(seconds: float) -> str:
    """'3 s', '2 min 10 s', '1 h 5 min'."""
    whole = max(round(seconds), 1)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


def live_status(run: Run) -> html.Section:
    """The block for `run`; it keeps itself up to date until the run ends."""
    now = standing(run, None)
    return html.Section(
        [
            dcc.Store(id=ids.STATUS_RUN, data=run.run_id),
            dcc.Interval(id=ids.STATUS_TICK, interval=INTERVAL_MS),
            html.Div(
                [
                    html.P(now.words, id=ids.STATUS_WORDS, className="live-words", role="status"),
                    html.P(now.numbers, id=ids.STATUS_NUMBERS, className="live-numbers"),
                ],
                className="live-line",
            ),
            dmc.Progress(
                id=ids.STATUS_BAR, value=now.percent, size="sm", **aria(label="Progress of the run")
            ),
            html.Div(
                [
                    dmc.Button(
                        "Cancel the run", id=ids.STATUS_CANCEL, variant="default", size="xs"
                    ),
                    html.Span(
                        "Everything recorded until then is kept, under this same link.",
                        className="quiet",
                    ),
                ],
                className="live-line live-cancel",
            ),
        ],
        id=ids.STATUS,
        className="live-status",
        **aria(label="Progress"),
    )


def register(app: Dash, archive: Archive, launcher: Launcher) -> None:
    """The callbacks of `live_status`."""

    @app.callback(
        Output(ids.STATUS_WORDS, "children"),
        Output(ids.STATUS_NUMBERS, "children"),
        Output(ids.STATUS_BAR, "value"),
        Output(ids.STATUS, "className"),
        Output(ids.STATUS_TICK, "disabled"),
        Input(ids.STATUS_TICK, "n_intervals"),
        State(ids.STATUS_RUN, "data"),
    )
    def show(_: int | None, run_id: str) -> tuple[str, str, float, str, bool]:
        now = standing(archive.open_run(run_id), launcher.position(run_id))
        style = "live-status" if now.in_progress else "live-status live-ended"
        return now.words, now.numbers, now.percent, style, not now.in_progress

    @app.callback(
        Output(ids.STATUS_CANCEL, "children"),
        Output(ids.STATUS_CANCEL, "disabled"),
        Input(ids.STATUS_CANCEL, "n_clicks"),
        State(ids.STATUS_RUN, "data"),
        prevent_initial_call=True,
    )
    def cancel(_: int, run_id: str) -> tuple[str, bool]:
        launcher.cancel(run_id)
        return "Cancelling…", True
