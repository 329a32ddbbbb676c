"""The environment variables, read once into frozen settings: each says its default and meaning."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from simulation.errors import DriftscapeError


class SettingError(DriftscapeError):
    """An environment variable whose value cannot be used."""


@dataclass(frozen=True)
class Setting:
    """One environment variable.

    `low` and `high` are the inclusive limits of a whole number; None for text and folders.
    """

    variable: str
    default: str | Callable[[], int]
    help: str
    low: int | None = None
    high: int | None = None

    def read(self, environment: Mapping[str, str]) -> Any:
        """The variable's value, or its default where it is unset or empty."""
        text = environment.get(self.variable, "").strip()
        if self.low is None or self.high is None:
            return text or self.default
        default = str(self.default() if callable(self.default) else self.default)
        return self._whole_number(text or default, self.low, self.high)

    def _whole_number(self, text: str, low: int, high: int) -> int:
        value: int | None
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            raise SettingError(
                f"{self.variable}={text!r} is not a whole number from {low:,} to {high:,}.",
                subject=self.variable,
                remedy=f"{self.help} Unset it for the default, {self.default_in_words()}.",
            )
        return value

    def default_in_words(self) -> str:
        if callable(self.default):
            return f"{self.default()} here, the number of cores"
        if self.low is None:
            return self.default or "your cache folder"
        return self.default.replace("_", "")


def _cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _text(variable: str, default: str, help: str) -> Any:
    return field(metadata={"setting": Setting(variable, default, help)})


def _whole(variable: str, default: str | Callable[[], int], low: int, high: int, help: str) -> Any:
    return field(metadata={"setting": Setting(variable, default, help, low, high)})


@dataclass(frozen=True)
class Settings:
    """How this server runs. Build with `read_settings`."""

    host: str = _text("HOST", "127.0.0.1", "Address to listen on; 0.0.0.0 for every interface.")
    port: int = _whole("PORT", "8050", 1, 65_535, "Port to listen on.")
    archive: str = _text(
        "DRIFTSCAPE_ARCHIVE", "data/archive", "Folder of the archive; made where it is missing."
    )
    cache: str = _text(
        "DRIFTSCAPE_CACHE",
        "",
        "Folder for what can be made again: results of launches, measured speeds.",
    )
    max_concurrent_runs: int = _whole(
        "DRIFTSCAPE_MAX_CONCURRENT_RUNS", _cores, 1, 1_024, "Live runs at once."
    )
    max_queued_runs: int = _whole(
        "DRIFTSCAPE_MAX_QUEUED_RUNS", "16", 0, 10_000, "Live runs that may wait for their turn."
    )
    max_live_steps: int = _whole(
        "DRIFTSCAPE_MAX_LIVE_STEPS", "10_000_000", 1, 10**9, "Training steps of a live run."
    )
    max_live_seconds: int = _whole(
        "DRIFTSCAPE_MAX_LIVE_SECONDS", "900", 1, 10**7, "Seconds after which a live run ends."
    )
    max_live_parameters: int = _whole(
        "DRIFTSCAPE_MAX_LIVE_PARAMETERS",
        "100_000",
        1,
        10**9,
        "Parameters of the network of a live run, H (D + 1 + O).",
    )
    max_live_samples: int = _whole(
        "DRIFTSCAPE_MAX_LIVE_SAMPLES", "2_000", 1, 20_000, "Training samples of a live run."
    )
    max_live_snapshots: int = _whole(
        "DRIFTSCAPE_MAX_LIVE_SNAPSHOTS", "200", 2, 2_000, "Snapshots of a live run."
    )
    max_live_hessian: int = _whole(
        "DRIFTSCAPE_MAX_LIVE_HESSIAN",
        "4_000",
        0,
        25_000,
        "Parameters up to which a live run computes all Hessian eigenvalues.",
    )

    def environment(self) -> dict[str, str]:
        """The environment variables that give these settings in another process."""
        paths = {"archive": Path(self.archive).resolve(), "cache": self.cache_path.resolve()}
        values = {item.name: getattr(self, item.name) for item in fields(self)} | paths
        return {item.metadata["setting"].variable: str(values[item.name]) for item in fields(self)}

    @property
    def cache_path(self) -> Path:
        """The cache folder; without DRIFTSCAPE_CACHE, `driftscape` in the user's own."""
        if self.cache:
            return Path(self.cache).expanduser()
        return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "driftscape"


def all_settings() -> list[Setting]:
    """Every environment variable, in the order of `Settings`."""
    return [item.metadata["setting"] for item in fields(Settings)]


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables.

    Raises
    ------
    SettingError : naming the variable, its value and the allowed range.
    """
    return Settings(
        **{item.name: item.metadata["setting"].read(environment) for item in fields(Settings)}
    )


def describe() -> str:
    """Every variable with default and meaning, for `python app.py --help`."""
    lines = []
    for setting in all_settings():
        text = f"{setting.help} Default: {setting.default_in_words()}."
        lines += [f"  {setting.variable}", *textwrap.wrap(text, 76, **_INDENT)]
    return "\n".join(lines)


_INDENT: dict[str, Any] = {"initial_indent": " " * 6, "subsequent_indent": " " * 6}
