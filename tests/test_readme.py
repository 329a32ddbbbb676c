"""The README says what the code does: its tables are those of the configuration and settings.

`python -m tests.test_readme` writes them into the README.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.settings import all_settings
from simulation.config import MODELS, RULES, TASKS, FieldSpec, fields

README = Path(__file__).resolve().parents[1] / "README.md"


KINDS = ("model", "task.kind", "rule.kind")


def configuration_table() -> str:
    """Every public field; one that differs between kinds has a row for each form."""
    kinds = [{"task.kind": task} for task in TASKS] + [{"rule.kind": rule} for rule in RULES]
    forms: dict[tuple[str, str, str], tuple[FieldSpec, dict[str, None]]] = {}
    for chosen in kinds:
        for spec in fields(chosen):
            user = _user_of(spec.path, chosen)
            if user is not None:
                default = "" if spec.path in KINDS else str(spec.default)
                key = (spec.path, default, spec.help)
                forms.setdefault(key, (spec, {}))[1][user] = None
    rows = ["| field | default | allowed | unit | meaning |", "|---|---|---|---|---|"]
    for (path, default, meaning), (spec, users) in sorted(forms.items(), key=_by_section):
        only = f" Only {', '.join(users)}." if len(users) < len(_users(path)) else ""
        allowed = ", ".join(users) if path in KINDS else spec.allowed
        cells = (f"`{path}`", default, allowed, spec.unit, (meaning or spec.label) + only)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


_SECTIONS = ("model", "task", "network", "rule", "noise", "schedule", "probe", "parent")


def _by_section(form: Any) -> int:
    section = form[0][0].split(".")[0]
    return _SECTIONS.index(section) if section in _SECTIONS else len(_SECTIONS)


def _users(path: str) -> list[str]:
    """What a field of this section can depend on: the tasks, the rules, or the models."""
    return list({"task": TASKS, "rule": RULES}.get(path.split(".")[0], MODELS))


def _user_of(path: str, chosen: dict[str, str]) -> str | None:
    """Which of `_users` these kinds stand for; None when they do not tell."""
    section = path.split(".")[0]
    if section in ("task", "rule"):
        return chosen.get(f"{section}.kind")
    return next(spec.default for spec in fields(chosen) if spec.path == "model")


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
