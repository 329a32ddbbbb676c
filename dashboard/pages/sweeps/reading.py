"""A view that came from a browser, which may be anyone's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import urls
from dashboard.sweeps.standard import standard_view
from dashboard.sweeps.table import SweepStore, SweepTable
from dashboard.urls import SweepView


def read_view(store: SweepStore, data: Mapping[str, Any]) -> tuple[SweepTable, SweepView]:
    """The collection and the view of the page's view store."""
    table = store.table(str(data.get("collection", "")))
    query = {key: str(value) for key, value in data.items()}
    return table, urls.read_sweep_view(query, table.columns, standard_view(table))[0]
