"""How a field of a configuration is declared: default, limits, unit and help, once.

Forms, command line, columns and documents read them from here. Defaults are part of the format of
run ids: they never change.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Precision = Literal["float32", "float64"]


def number(default: float, low: float, high: float, label: str, help: str, unit: str = "") -> Any:
    """A numeric field with inclusive limits."""
    return Field(
        default,
        ge=low,
        le=high,
        title=label,
        description=help,
        json_schema_extra={"unit": unit},
    )


def choice(default: str, label: str, help: str) -> Any:
    """A field with a few named values, which its annotation lists."""
    return Field(default, title=label, description=help, json_schema_extra={"unit": ""})


def text(default: str, pattern: str, label: str, help: str) -> Any:
    """A field of text in a certain form."""
    return Field(
        default,
        pattern=pattern,
        title=label,
        description=help,
        json_schema_extra={"unit": ""},
    )


class Frozen(BaseModel):
    """Never changes, and knows no field but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
