"""What the short commands do. Each prints its result and returns the exit code."""

from __future__ import annotations

import argparse

from simulation.archive import Archive
from simulation.cli import output
from simulation.recipes import recipe, recipe_names

_ARCHIVE_PROBLEM = 1


def run_recipes(options: argparse.Namespace) -> int:
    """`recipes`: the paper's runs by name."""
    output.print_recipes([recipe(name) for name in recipe_names()], as_json=options.json)
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """`verify`: every problem of an archive, one a line."""
    archive = Archive.open(options.archive)
    findings = archive.verify()
    for finding in findings:
        print(finding)
    runs = len(archive.runs(["run_id"]))
    print(f"{runs} runs checked, {len(findings)} problems found in {archive.path}")
    return _ARCHIVE_PROBLEM if findings else 0


def run_reindex(options: argparse.Namespace) -> int:
    """`reindex`: the index made anew."""
    archive = Archive.open(options.archive)
    print(f"{archive.reindex()} runs indexed in {archive.path}")
    return 0


def run_export(options: argparse.Namespace) -> int:
    """`export`: one run copied into another archive."""
    place = Archive.open(options.archive).export(options.run_id, options.to)
    print(f"{options.run_id} copied to {place}")
    return 0
