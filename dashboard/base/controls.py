"""The small choices of the run page."""

from __future__ import annotations

from collections.abc import Mapping

import dash_mantine_components as dmc

from dashboard.base.aria import aria


def choice(id: str, name: str, options: Mapping[str, str], value: str) -> dmc.SegmentedControl:
    """One of a few: `options` are value -> label; `name` is for screen readers."""
    return dmc.SegmentedControl(
        id=id,
        data=[{"value": key, "label": label} for key, label in options.items()],
        value=value,
        size="xs",
        className="choice",
        **aria(label=name),
    )


def long_choice(id: str, name: str, options: Mapping[str, str], value: str) -> dmc.Select:
    """One of many, as a list that opens; otherwise as `choice`."""
    return dmc.Select(
        id=id,
        data=[{"value": key, "label": label} for key, label in options.items()],
        value=value,
        allowDeselect=False,
        size="xs",
        w=170,
        comboboxProps={"withinPortal": False},
        **aria(label=name),
    )


def unit_choice(id: str, units: int, value: int | None) -> dmc.NumberInput:
    """The unit to follow, typed; empty: none. What a click on a unit does too."""
    return dmc.NumberInput(
        id=id,
        value="" if value is None else value,
        min=0,
        max=units - 1,
        allowDecimal=False,
        clampBehavior="strict",
        placeholder=f"0–{units - 1}",
        size="xs",
        w=96,
        debounce=300,
        **aria(label="Unit to follow"),
    )
