"""The paper's simulations as configurations, by name: one TOML file each, in this folder.

Ratzon, Derdikman & Barak, eLife 12:RP90069.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from simulation.config import RunConfig
from simulation.errors import ConfigError, Problem

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Recipe:
    """A named configuration.

    Attributes
    ----------
    title : one line.
    description : what it shows, one paragraph.
    figure : the figure of the paper it belongs to.
    """

    name: str
    title: str
    description: str
    figure: str
    config: RunConfig


def recipe_names() -> list[str]:
    """Every recipe's name, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def recipe(name: str) -> Recipe:
    """The recipe of this name. ConfigError: there is none; it names the nearest."""
    names = recipe_names()
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        problem = f"{name!r} is not one of {', '.join(names)}{hint}"
        raise ConfigError([Problem("recipe", problem)])
    content = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return Recipe(
        name=name,
        title=content["title"],
        description=content["description"].strip(),
        figure=content["figure"],
        config=RunConfig.parse(content["config"]),
    )
