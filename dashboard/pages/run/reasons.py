"""Why something does not apply to a run, where several panels say it."""

from __future__ import annotations

from simulation.config import RunConfig
from simulation.models import model_of

NO_POSITION = "This task has no position: its samples come in no order along a track."


def no_hessian(config: RunConfig) -> str:
    """Why a run has no Hessian; empty where it has one."""
    return model_of(config).words.no_spectrum
