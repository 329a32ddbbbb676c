"""Configurations of runs: everything that decides what a run computes, and its id."""

from simulation.config.models import RULES, TASKS, FeedforwardConfig, SimilarityConfig
from simulation.config.networks import Activation, Network, SimilarityNetwork
from simulation.config.run_config import (
    MODELS,
    RUN_ID_LENGTH,
    SCHEMA_VERSION,
    RunConfig,
    fields,
)
from simulation.config.specs import FieldSpec, in_sentence

__all__ = [
    "MODELS",
    "RULES",
    "RUN_ID_LENGTH",
    "SCHEMA_VERSION",
    "TASKS",
    "Activation",
    "FeedforwardConfig",
    "FieldSpec",
    "Network",
    "RunConfig",
    "SimilarityConfig",
    "SimilarityNetwork",
    "fields",
    "in_sentence",
]
