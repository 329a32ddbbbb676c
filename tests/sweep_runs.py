"""Made-up sweeps: an archive that holds its runs table in memory, of any size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simulation.archive.schema import RUNS
from simulation.archive.store import LocalStore, Place
from simulation.config import RunConfig

COLLECTION = "made_up"
TRUE_EXPONENT = 2.0


def made_up_runs(count: int, seeds: int = 4, rng_seed: int = 0) -> pd.DataFrame:
    """`count` runs whose rate of falling silent grows as s², each setting with `seeds` seeds.

    Every tenth run has no rate, every fiftieth ended early.
    """
    rng = np.random.default_rng(rng_seed)
    index = np.arange(count)
    setting = index // seeds
    places = -(-count // seeds)
    scale = np.geomspace(0.01, 0.1, max(places, 2))[setting]
    rules = np.array(["sgd", "adam"])[setting % 2]
    rate = -2.5 + TRUE_EXPONENT * np.log10(scale) + 0.05 * rng.standard_normal(count)
    unknown = index % 10 == 7
    early = index % 50 == 13
    frame = pd.DataFrame(
        {
            "run_id": [f"{number:012x}" for number in index],
            "collection": COLLECTION,
            "name": "",
            "status": np.where(early, "diverged", "finished"),
            "status_reason": "",
            "created_at": [f"2026-01-01T00:00:{number:09d}" for number in index],
            "wall_seconds": rng.uniform(1, 5, count),
            "steps_reached": 10_000,
            "parameter_count": 2_600,
            "engine": "compiled",
            "noise.update_scale": scale,
            "rule.kind": rules,
            "rule.learning_rate": 0.1,
            "task.n_samples": 5 + 5 * (setting % 3),
            "seed": index % seeds,
            "log10_sparsification_rate": np.where(unknown, np.nan, rate),
            "active_units_final": rng.uniform(0.05, 1, count),
            "positive_eigenvalue_fraction": rng.uniform(0.1, 0.9, count),
            "reasons_json": np.where(
                unknown, '{"log10_sparsification_rate": "the curve is flat"}', "{}"
            ),
        }
    )
    base = RunConfig.parse({}).values()
    for column in RUNS.columns:
        if column.name not in frame:
            value: Any = base.get(column.name)
            frame[column.name] = [None] * count if isinstance(value, list) else value
    return frame


class MadeUpArchive:
    """What the explorer asks of an archive."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.root = Place(LocalStore(Path("made-up")))
        self.frame = frame

    def collections(self) -> list[str]:
        return [COLLECTION]

    def counts(self) -> dict[str, int]:
        return {COLLECTION: len(self.frame)}

    def state(self, collection: str | None = None) -> str:
        return f"{collection}-{len(self.frame)}"

    def runs(
        self,
        columns: Sequence[str],
        collection: str | None = None,
        *,
        where: Sequence[tuple[str, str, Any]] = (),
        newest: int | None = None,
    ) -> pd.DataFrame:
        assert collection in (None, COLLECTION)
        rows = self.frame
        for column, op, value in where:
            assert op == "in"
            rows = rows[rows[column].isin(value)]
        if newest is not None:
            rows = rows.tail(newest)
        return rows[list(columns)].reset_index(drop=True)
