"""ARIA attributes, whose names are no Python names."""

from __future__ import annotations

from typing import Any


def aria(**attributes: str) -> dict[str, Any]:
    """`aria(label="Main")` is {"aria-label": "Main"}, to be spread into a component."""
    return {f"aria-{name}": value for name, value in attributes.items()}


DECORATION = aria(hidden="true")
"""For what only eyes need."""
