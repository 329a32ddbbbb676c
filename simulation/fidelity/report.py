"""What an archive holds of each stratum, compared with the published simulations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from simulation.archive import Archive, Status
from simulation.config import FeedforwardConfig, RunConfig
from simulation.fidelity.compare import Comparison, Verdict, compare, judge_stillness
from simulation.fidelity.explanations import UNPUBLISHED, explanation
from simulation.fidelity.exponent import Exponent, exponent, judge_exponents
from simulation.fidelity.stratum import (
    LATE_CHANGES,
    LOSS,
    METRICS,
    NORMALIZED_LOSS,
    RATE,
    Stratum,
)
from simulation.metrics.loss import log10_loss
from simulation.tasks import make_dataset

NOISE = "update_noise_scale"


@dataclass(frozen=True, eq=False)
class StratumReport:
    """One stratum.

    Attributes
    ----------
    published : its published simulations, a row each (`simulation.analysis.published_table`).
    runs : the planned runs, indexed like `published`: run_id, status ('' where it is not in the
        archive) and the metrics, which are NaN unless the run finished.
    comparisons : one a metric of the stratum.
    exponents : slope of log10 rate against log10 s, {'published': ..., 'ours': ...}; empty where
        the stratum sweeps no noise; None where there are too few runs.
    """

    stratum: Stratum
    published: pd.DataFrame
    runs: pd.DataFrame
    comparisons: list[Comparison]
    exponents: dict[str, Exponent | None]

    @property
    def exponents_verdict(self) -> tuple[Verdict, str] | None:
        """Whether both slopes agree, and that in words; None where no noise is swept."""
        if not self.exponents:
            return None
        why = explanation(self.stratum.name, "exponent")
        return judge_exponents(self.exponents["published"], self.exponents["ours"], why)

    @property
    def finished(self) -> int:
        return self._count(Status.FINISHED)

    @property
    def missing(self) -> int:
        """Runs that are not in the archive, or were cut short there."""
        settled = [status for status in Status if status.settled]
        return int((~self.runs["status"].isin(settled)).sum())

    @property
    def left_out(self) -> dict[str, int]:
        """Runs that ended as the published tables leave them out, by how."""
        endings = (Status.DIVERGED, Status.ALL_UNITS_SILENT)
        return {str(ending): count for ending in endings if (count := self._count(ending))}

    def _count(self, status: Status) -> int:
        return int((self.runs["status"] == status).sum())

    def as_dict(self) -> dict[str, Any]:
        """For JSON: numbers, texts, lists and dictionaries."""
        judged = self.exponents_verdict
        return {
            "name": self.stratum.name,
            "title": self.stratum.title,
            "published_simulations": len(self.published),
            "planned_runs": len(self.runs),
            "finished_runs": self.finished,
            "missing_runs": self.missing,
            "left_out": self.left_out,
            "metrics": [asdict(comparison) for comparison in self.comparisons],
            "log10_rate_against_log10_noise": {
                whose: None if found is None else asdict(found)
                for whose, found in self.exponents.items()
            },
            "exponents_verdict": judged and dict(zip(("verdict", "words"), judged, strict=True)),
            "runs": {str(index): run_id for index, run_id in self.runs["run_id"].items()},
        }


def report(archive: Archive, table: pd.DataFrame, strata: Sequence[Stratum]) -> list[StratumReport]:
    """Compare what the archive holds of each of `strata` with the published `table`."""
    archived = archive.runs(["run_id", "status", *METRICS]).set_index("run_id")
    return [_report(stratum, archive, table, archived) for stratum in strata]


def _report(
    stratum: Stratum, archive: Archive, table: pd.DataFrame, archived: pd.DataFrame
) -> StratumReport:
    published, runs = stratum.rows(table), _runs(stratum, table, archived)
    if stratum.without_noise:
        for name in LATE_CHANGES:
            runs[name] = np.nan
        for index, run_id in runs.loc[runs["status"] == Status.FINISHED, "run_id"].items():
            runs.loc[index, list(LATE_CHANGES)] = late_changes(archive.open_run(run_id).curves())
        comparisons = [
            judge_stillness(name, runs[name], explanation(stratum.name, name))
            for name in stratum.metrics
        ]
    else:
        comparisons = [
            compare(
                name,
                published[name],
                runs[name],
                published.loc[runs.index, name],
                explanation(stratum.name, name),
            )
            for name in stratum.metrics
        ]
        if stratum.rule_now:
            comparisons = [
                replace(found, verdict=Verdict.UNPUBLISHED, words=UNPUBLISHED)
                for found in comparisons
            ]
    return StratumReport(
        stratum, published, runs, comparisons, _exponents(stratum, published, runs)
    )


def _runs(stratum: Stratum, table: pd.DataFrame, archived: pd.DataFrame) -> pd.DataFrame:
    plan = stratum.plan(table)
    run_ids = [config.run_id for config in plan.values()]
    found = archived.reindex(run_ids).set_axis(list(plan))
    found.insert(0, "run_id", run_ids)
    found["status"] = found["status"].fillna("")
    found.loc[found["status"] != Status.FINISHED, list(METRICS)] = np.nan
    found = found.astype(dict.fromkeys(METRICS, "float64"))
    if LOSS in stratum.metrics:
        found[LOSS] = [
            listed_loss(normalized, config)
            for normalized, config in zip(found[NORMALIZED_LOSS], plan.values(), strict=True)
        ]
    return found


def listed_loss(normalized: float, config: RunConfig) -> float:
    """log10 of the mean squared error as it is listed in the studies that do not divide it.

    It was taken against the targets that were trained on, so label noise adds its variance, that of
    uniform noise of full width `noise.label_scale`; how that is known: `data/README.md`.
    """
    assert isinstance(config, FeedforwardConfig)
    error = 10 ** log10_loss(normalized, make_dataset(config).targets)
    return float(np.log10(error + config.noise.label_scale**2 / 12))


def late_changes(curves: pd.DataFrame) -> list[float]:
    """The `LATE_CHANGES` of a run, from its curves."""
    late = curves[curves["step"] >= curves["step"].max() / 2]
    names = [name.removeprefix("late_change_") for name in LATE_CHANGES]
    return [float(np.ptp(late[name])) for name in names]


def _exponents(
    stratum: Stratum, published: pd.DataFrame, runs: pd.DataFrame
) -> dict[str, Exponent | None]:
    if not stratum.sweeps_noise:
        return {}
    noise = np.log10(published[NOISE])
    return {
        "published": exponent(noise, published[RATE]),
        "ours": exponent(noise.loc[runs.index], runs[RATE]),
    }
