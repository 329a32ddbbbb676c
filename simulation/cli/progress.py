"""How far a run is, on standard error: a bar on a terminal, a line every tenth elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from simulation.archive import Progress
from simulation.config import RunConfig


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
