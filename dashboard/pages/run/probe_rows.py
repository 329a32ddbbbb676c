"""What a run's probe found in changed scenery: rows by step and grade of change."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from plotly.colors import find_intermediate_color

from dashboard.base.evenly import evenly
from dashboard.base.theme import BLUE, GREY, VERMILLION
from dashboard.pages.run.look import Look
from dashboard.runs.over_time import OverTime
from simulation.models import model_of
from simulation.recording.probe import TRAINED

NAMED_GRADES = 6
MAPS_ALIKE = "maps correlate %{y:.3f} with the familiar ones"
LEGEND = {
    "showlegend": True,
    "legend": {"title": {"text": "change of scenery", "font": {"size": 12}}},
}


@dataclass(frozen=True, eq=False)
class Probed:
    """What was found: `drawn` of the trained units, `whole` of all (see `by_units`), and
    `since_learning`, which is of `drawn` what comes after learning, with the trace then."""

    drawn: pd.DataFrame
    whole: pd.DataFrame
    since_learning: pd.DataFrame


def probed(look: Look) -> Probed:
    """The rows of a run that was asked for them."""
    drawn, whole = by_units(look.run.probes())
    return Probed(drawn, whole, _since_learning(drawn, look.time))


def is_possible(look: Look) -> bool:
    """Whether the run's task has scenery to change."""
    return model_of(look.run.config).has_scenery


def is_asked(look: Look) -> bool:
    """Whether the run's configuration asks for a probe."""
    return model_of(look.run.config).morphs > 0


def nothing_probed(look: Look) -> str:
    """Why there is nothing to draw in a run that was asked; empty where there is."""
    if len(look.of(probed).drawn):
        return ""
    waiting = look.run.status.in_progress
    return "It is measured at the first snapshot." if waiting else "Nothing was recorded."


def by_units(recorded: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is drawn, and the same of all units, which is empty where it is that.

    Drawn are the trained units, those active on a training sample; of runs of earlier versions all.
    """
    if recorded.empty or not (trained := recorded["units"] == TRAINED).any():
        return recorded, recorded.iloc[:0]
    return recorded[trained], recorded[~trained]


def _since_learning(drawn: pd.DataFrame, time: OverTime) -> pd.DataFrame:
    """Rows from the end of learning on (all, if that is unknown), with the trace then."""
    rows = drawn[drawn["step"] >= (time.phases.learning_end or 0)]
    traces = time.curves[["step", "hessian_trace"]].dropna()
    traces = traces.astype({"step": np.int64, "hessian_trace": np.float64})
    return pd.merge_asof(rows.sort_values("step"), traces, on="step", direction="nearest")


def changed(grade: float) -> str:
    """A grade of change in words."""
    alike = math.cos(grade * math.pi / 2)
    return f"scenery changed by {grade:.2g} (correlates {alike:.2f})"


def grades_of(probes: pd.DataFrame) -> Iterator[tuple[float, str, bool]]:
    """Each grade, its colour, and whether the legend names it: at most six, evenly chosen."""
    grades = np.unique(probes["morph"].to_numpy())
    named = set(grades[evenly(len(grades), NAMED_GRADES)].tolist())
    for grade in grades.tolist():
        colour = find_intermediate_color(_rgb(BLUE), _rgb(VERMILLION), grade, colortype="rgb")
        yield grade, colour if grade else GREY, grade in named


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
