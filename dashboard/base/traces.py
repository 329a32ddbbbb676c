"""Traces of a figure that has many, as plain values: plotly checks and copies each only once."""

from __future__ import annotations

from typing import Any

Traces = list[dict[str, Any]]
"""In the order they are drawn; for `plotly.graph_objects.Figure(data=...)`."""


def add_scatter(traces: Traces, **values: Any) -> None:
    """One more trace, of type scatter unless `type` is another."""
    traces.append({"type": "scatter", **values})


def named(traces: Traces) -> set[str]:
    """The names that are in a legend so far."""
    return {trace["name"] for trace in traces if trace.get("showlegend")}
