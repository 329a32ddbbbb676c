"""Server time and size on the wire of the sweep explorer's answers: a page, a brush, the rows.

python -m tests.benchmarks.bench_sweep_page [RUNS ...]
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import zlib
from collections.abc import Callable
from typing import Any

from plotly.utils import PlotlyJSONEncoder

from dashboard.pages.sweeps.grid import rows_of
from dashboard.pages.sweeps.layout import drawn, page_layout
from dashboard.pages.sweeps.reading import read_view
from dashboard.sweeps.scene import scene
from dashboard.sweeps.table import SweepStore
from tests.sweep_runs import COLLECTION, MadeUpArchive, made_up_runs

TIMES = 7
VIEWS = {
    "first view": {},
    "box": {"where": "noise.update_scale:0.02..0.05;log10_sparsification_rate:-6..-4.5"},
    "power law, colours, panels, means": {
        "fit": "power", "fitby": "colour", "facet": "task.n_samples", "mean": "ci",
    },
}  # fmt: skip


def main(counts: list[int]) -> None:
    """Print median milliseconds and kilobytes."""
    for count in counts:
        store = SweepStore(MadeUpArchive(made_up_runs(count)))  # type: ignore[arg-type]
        started = time.perf_counter()
        store.table(COLLECTION)
        print(f"{count:,} runs: read once in {1e3 * (time.perf_counter() - started):.0f} ms")
        report("whole page", lambda: page_layout(store, COLLECTION, {}))  # noqa: B023
        for name, query in VIEWS.items():
            data = query | {"collection": COLLECTION}
            report(name, lambda: answer(store, data))  # noqa: B023
        table, view = read_view(store, {"collection": COLLECTION})
        report("100 rows of the table", lambda: rows_of(table, view, {}))  # noqa: B023


def answer(store: SweepStore, data: dict[str, str]) -> list[Any]:
    """What the page asks for after every change of its view."""
    return drawn(scene(*read_view(store, data), store.archive))


def report(name: str, ask: Callable[[], Any]) -> None:
    """Time making and writing an answer; of the processor, and by the clock."""
    taken, worked = [], []
    for _ in range(TIMES):
        started, busy = time.perf_counter(), time.process_time()
        text = json.dumps(ask(), cls=PlotlyJSONEncoder).encode()
        taken.append(time.perf_counter() - started)
        worked.append(time.process_time() - busy)
    print(
        f"  {name:36} {1e3 * statistics.median(worked):6.0f} ms of processor "
        f"{1e3 * statistics.median(taken):6.0f} ms {len(text) / 1e3:8.0f} kB"
        f" ({len(zlib.compress(text, 6)) / 1e3:.0f} kB compressed)"
    )


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [1_000, 100_000])
