"""How far a run is, on standard error: a bar on a terminal, a line every tenth elsewhere."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tqdm import tqdm

from simulation.archive import Progress
from simulation.config import RunConfig

if TYPE_CHECKING:
    from simulation.sweeps.reports import Report

LINE_SECONDS = 10.0
SILENT_SECONDS = 60.0


@contextmanager
def watch(config: RunConfig) -> Iterator[Callable[[Progress], None]]:
    """A function to be told of progress, of a run of this configuration."""
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    steps, first = config.schedule.steps, config.parent.step
    with tqdm(
        total=steps, initial=first, unit=" steps", unit_scale=True, dynamic_ncols=True
    ) as bar:
        yield lambda progress: _move(bar, progress)


def _move(bar: tqdm[None], progress: Progress) -> None:
    if progress.stage == "preparing":
        bar.set_postfix_str("preparing")
    elif progress.stage == "compiling":
        bar.set_postfix_str("compiling the engine, once")
    elif progress.stage == "finishing":
        bar.set_postfix_str("archiving")
    elif progress.active_units is not None:
        bar.set_postfix_str(_state(progress), refresh=False)
    bar.update(progress.step - bar.n)


def _state(progress: Progress) -> str:
    loss = progress.log10_normalized_loss
    shown = "unknown" if loss is None else f"{loss:.2f}"
    return f"log10 loss {shown}, active units {progress.active_units:.0%}"


class _Lines:
    """Prints a line whenever another tenth of the run is done."""

    def __init__(self) -> None:
        self._next = 0.0

    def tell(self, progress: Progress) -> None:
        if progress.active_units is None or progress.share < self._next:
            return
        self._next = int(progress.share * 10 + 1) / 10
        eta = progress.eta_seconds
        left = "" if eta is None else f", {eta:.0f} s left"
        text = f"step {progress.step:,} of {progress.steps:,}{left}, {_state(progress)}"
        print(text, file=sys.stderr, flush=True)


@contextmanager
def watch_sweep() -> Iterator[Callable[[Report], None]]:
    """A function to be told of progress, of a sweep: one line redrawn, or one now and then."""
    if sys.stderr.isatty():
        yield _redraw
        print(file=sys.stderr)
    else:
        yield _NowAndThen().tell


def _redraw(report: Report) -> None:
    print(f"\r\x1b[K{in_words(report)}", end="", file=sys.stderr, flush=True)


class _NowAndThen:
    """Prints a line every ten seconds while runs end, every minute while none does."""

    def __init__(self) -> None:
        self._printed, self._done = -math.inf, 0

    def tell(self, report: Report) -> None:
        silence = time.monotonic() - self._printed
        wanted = LINE_SECONDS if report.done > self._done else SILENT_SECONDS
        if silence > wanted or report.done == report.total:
            self._printed, self._done = time.monotonic(), report.done
            print(in_words(report), file=sys.stderr, flush=True)


def in_words(report: Report) -> str:
    """One line: '12 of 450 done, 2 running, 1 h 5 min left'."""
    parts = [f"{report.done:,} of {report.total:,} done", f"{report.running:,} running"]
    if report.failed:
        parts.insert(1, f"{report.failed:,} failed")
    if report.elsewhere:
        parts.append(f"{report.elsewhere:,} computed by others")
    if not report.slots:
        parts.append("waiting for a worker")
    if report.seconds_left is not None and report.done < report.total:
        parts.append(f"about {duration(report.seconds_left)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """'40 s', '12 min', '3 h 20 min'."""
    if seconds < 100:
        return f"{max(seconds, 0):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60:,} h {minutes % 60} min"
