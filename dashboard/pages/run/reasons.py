"""Why something does not apply to a run, where several panels say it."""

from __future__ import annotations

from simulation.config import RunConfig, SimilarityConfig

NO_POSITION = "This task has no position: its samples come in no order along a track."


def no_hessian(config: RunConfig) -> str:
    """Why a run has no Hessian; empty where it has one."""
    if isinstance(config, SimilarityConfig):
        return (
            "This network descends no loss of its weights: Hebbian plasticity follows the "
            "mismatch only on average, so there is no Hessian to look at."
        )
    return ""
