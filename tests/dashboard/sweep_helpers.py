"""Views of made-up sweeps, for the tests of the explorer's figures."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd

from dashboard.pages.sweeps.reading import read_view
from dashboard.sweeps.scene import Scene, scene
from dashboard.sweeps.table import SweepStore
from tests.sweep_runs import COLLECTION, MadeUpArchive, made_up_runs

COUNT = 240
RUNS = made_up_runs(COUNT)


def scene_of(frame: pd.DataFrame, **query: str) -> Scene:
    store = SweepStore(cast(Any, MadeUpArchive(frame)))
    return scene(*read_view(store, query | {"collection": COLLECTION}), store.archive)


def with_engines(kinds: int, *, unknown: bool = False) -> pd.DataFrame:
    """Runs of as many engines, a, b, ...; the first ones more often."""
    places = np.minimum(np.arange(COUNT) % (2 * kinds), np.arange(COUNT) % kinds)
    engines = pd.Series([chr(ord("a") + place) for place in places], dtype=object)
    return RUNS.assign(engine=engines.where((not unknown) | (np.arange(COUNT) > 40), None))
