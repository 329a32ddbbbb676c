"""Plans are TOML files, one a sweep.

  title = "Update noise, weak to strong"
  about = "The stronger the noise, the sooner units fall silent."
  collection = "noise"              # folder of the archive that the runs are put in
  seeds = 3                         # each combination with the seeds 0, 1, 2

  [base]                            # what all runs share, where it is not the default
  schedule.steps = 10_000_000

  [grid]                            # every combination of these
  task.kind = ["random", "smoothed_random"]
  noise.update_scale = { log = [0.01, 0.1], count = 50 }    # or linear; both ends included

  [together]                        # side by side: the first of each, the second of each, ...
  rule.kind = ["sgd", "adam"]
  rule.learning_rate = [0.1, 0.001]

  [random]                          # drawn anew for each of so many draws
  draws = 20
  draws_seed = 1                    # other numbers with another; default 0
  network.init = ["rich", "lazy"]                           # one of these
  task.n_samples = { integers = [5, 15] }                   # both included
  noise.label_scale = { uniform = [0.1, 1] }                # or log_uniform
  seed = { integers = [0, 2147483647] }                     # then leave out `seeds`

Each part may be left out, any field of a configuration may stand in any of them, and in one of
them only. The runs are all combinations of grid, together, draws and seeds; equal ones are made
once. The first field of a grid varies slowest. Several [[block]] tables hold seeds, base, grid,
together and random of their own (written `grid.task.kind = [...]`), and what stands outside them
holds for all. More draws keep the earlier ones; blocks of the same draws_seed draw the same values
for the same field. Computed values have six digits; those of whole-number fields are rounded. A
combination that cannot be run is an error: none is left out in silence.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

from simulation.archive.names import check_collection
from simulation.errors import ArchiveError, ConfigError, Problem
from simulation.sweeps.axes import MOST_VALUES
from simulation.sweeps.blocks import PARTS, read_block, unknown_parts
from simulation.sweeps.plan import Plan

_FOLDER = Path(__file__).resolve().parents[1] / "recipes" / "sweeps"
_ABOUT = ("title", "about", "collection")


def plan_names() -> list[str]:
    """The plans that come with this software, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def read_plan(source: str) -> Plan:
    """The plan in a file, or the shipped one of this name.

    Raises
    ------
    ConfigError : there is none, or it is not right; see `parse_plan`.
    """
    path = Path(source)
    if path.suffix != ".toml" and source in plan_names():
        path = _FOLDER / f"{source}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        near = difflib.get_close_matches(source, plan_names(), 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        known = ", ".join(plan_names())
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        problem = f"cannot read {source}: {reason}; the shipped plans are {known}{hint}"
        raise ConfigError([Problem("PLAN", problem)]) from None
    return parse_plan(text)


def parse_plan(text: str) -> Plan:
    """The plan that is written in `text`; see this module.

    Raises
    ------
    ConfigError : naming every part at fault, and the nearest known name.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Problem("", f"the plan is not valid TOML: {error}")]) from None
    problems = [*unknown_parts(content, (*_ABOUT, *PARTS, "block")), *_about(content)]
    own = content.get("block", [{}])
    if not (isinstance(own, list) and own and all(isinstance(item, dict) for item in own)):
        problems.append(Problem("block", "is written [[block]], once for each block"))
    if problems:
        raise ConfigError(problems)
    shared = {name: content[name] for name in PARTS if name in content}
    blocks = [
        read_block(shared, item, f"block {number}: " if "block" in content else "", problems)
        for number, item in enumerate(own, 1)
    ]
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))
    title, about = (" ".join(content.get(name, "").split()) for name in _ABOUT[:2])
    plan = Plan(title, about, content["collection"], tuple(blocks), text)
    if plan.count > MOST_VALUES:
        problem = f"the plan has {plan.count:,} runs; {MOST_VALUES:,} at most"
        raise ConfigError([Problem("", problem)])
    return plan


def _about(content: dict[str, Any]) -> list[Problem]:
    """What is wrong with title, about and collection."""
    for name in _ABOUT:
        if name not in content and name != "about":
            return [Problem(name, "is missing")]
        if not isinstance(content.get(name, ""), str):
            return [Problem(name, "is text")]
    try:
        check_collection(content["collection"])
    except ArchiveError as error:
        return [Problem("collection", error.message)]
    return []
