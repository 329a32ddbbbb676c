"""Sweeps: many runs from one plan, on any executor, into one collection of an archive."""

from simulation.sweeps.keeping import keep_plan, kept_plan
from simulation.sweeps.plan import Plan
from simulation.sweeps.reading import plan_names, read_plan

__all__ = ["Plan", "keep_plan", "kept_plan", "plan_names", "read_plan"]
