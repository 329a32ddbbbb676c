"""Learning rules, one a file: pure functions of parameters, gradient and noise.

They are written for anything with array arithmetic; the plain engines call them on tensors, and the
compiled one has a loop for each (`simulation.engines.compiled`).
"""

from __future__ import annotations

from typing import Any

from simulation.rules import adam, rmsprop, sed, sgd
from simulation.rules.rule import UpdateRule

RULES: dict[str, UpdateRule[Any]] = {
    "sgd": sgd.RULE,
    "adam": adam.RULE,
    "rmsprop": rmsprop.RULE,
    "sed": sed.RULE,
}
"""The rules of networks that descend a loss, by kind."""
