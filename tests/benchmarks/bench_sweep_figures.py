"""The paper's figures of 616 and of 1,000 runs: server time, and what travels.

    python -m tests.benchmarks.bench_sweep_figures [RUNS ...]

Made-up runs of the paper's kind are put in a table like an archive's; then each figure is drawn,
turned to JSON and compressed as the server does. Reading the thumbnails is timed on an archive by
`bench_archive`.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from dashboard.compression import LEVEL
from dashboard.pages.sweeps.paper.data import sweep_runs
from dashboard.pages.sweeps.paper.views import FIGURES, Thumbnails
from dashboard.sweeps.table import SweepTable
from dashboard.urls import FigureView
from tests.sweep_frames import made_up_sweep

REPEATS = 9
VIEWS = {
    "all curves": FigureView(),
    "all curves, of the run, normalised": FigureView(time="share", start="ratio"),
    "loss": FigureView(quantity="loss"),
    "curves by noise": FigureView(by="noise"),
    "curves by rule": FigureView(by="rule.kind"),
    "against update noise": FigureView("noise"),
    "update against label noise": FigureView("kinds"),
    "eigenvalues": FigureView("eigenvalues"),
}


def measure(draw: Callable[[], Any]) -> tuple[float, int, int]:
    """Median milliseconds of drawing, JSON and compression; bytes before and after."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        text = draw().figure.to_json().encode()
        packed = gzip.compress(text, LEVEL)
        times.append(1e3 * (time.perf_counter() - start))
    return float(np.median(times)), len(text), len(packed)


def drawn(table: SweepTable, thumbnails: Thumbnails, view: FigureView) -> Any:
    """The figure of all runs of a table."""
    runs = sweep_runs(table, np.ones(len(table), np.bool_), view.by)
    return FIGURES[view.figure].draw(runs, view, thumbnails)


def main() -> None:
    for count in [int(text) for text in sys.argv[1:]] or [616, 1_000]:
        table, thumbnails = made_up_sweep(count)
        print(f"{count:,} runs")
        for name, view in VIEWS.items():
            draw = partial(drawn, table, thumbnails, view)
            milliseconds, raw, packed = measure(draw)
            print(f"  {name:36} {milliseconds:6.0f} ms {raw / 1e3:7.0f} kB {packed / 1e3:6.0f} kB")


if __name__ == "__main__":
    main()
