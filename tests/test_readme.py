"""The README says what the code does: its tables are those of the configuration and settings.

`python -m tests.test_readme` writes them into the README.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.settings import all_settings
from simulation.config import TASKS, FieldSpec, fields

README = Path(__file__).resolve().parents[1] / "README.md"


def configuration_table() -> str:
    """Every public field, in the order of the form; a field whose tasks differ has a row each."""
    specs: dict[tuple[str, str], tuple[FieldSpec, list[str]]] = {}
    for task in TASKS:
        for spec in fields({"task.kind": task}):
            default = "" if spec.path == "task.kind" else str(spec.default)
            specs.setdefault((spec.path, default), (spec, []))[1].append(task)
    rows = ["| field | default | allowed | unit | meaning |", "|---|---|---|---|---|"]
    for (path, default), (spec, tasks) in specs.items():
        only = f" Only {', '.join(tasks)}." if len(tasks) < len(TASKS) else ""
        cells = (f"`{path}`", default, spec.allowed, spec.unit, (spec.help or spec.label) + only)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def settings_table() -> str:
    """Every environment variable of the server."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for setting in all_settings():
        default = "number of cores" if callable(setting.default) else setting.default_in_words()
        rows.append(f"| `{setting.variable}` | {default} | {setting.help} |")
    return "\n".join(rows)


TABLES = {"configuration": configuration_table, "settings": settings_table}


def section(name: str, text: str) -> tuple[int, int]:
    """Where the table of this name stands in the README's text."""
    start, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
    return text.index(start) + len(start), text.index(end)


@pytest.mark.parametrize("name", TABLES)
def test_table_is_current(name: str) -> None:
    text = README.read_text()
    start, end = section(name, text)
    assert text[start:end] == TABLES[name](), "run `python -m tests.test_readme`"


if __name__ == "__main__":
    readme = README.read_text()
    for name, table in TABLES.items():
        start, end = section(name, readme)
        readme = readme[:start] + table() + readme[end:]
    README.write_text(readme)
