"""Stand-ins for what pages are handed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class FakeLauncher:
    """A launcher that is told what runs."""

    active: set[str] = field(default_factory=set)
    cancelled: list[str] = field(default_factory=list)
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)

    def launch(self, *_: object) -> str:
        raise AssertionError("the manager launches nothing")

    def is_active(self, run_id: str) -> bool:
        return run_id in self.active

    def position(self, _: str) -> int | None:
        return None

    def cancel(self, run_id: str) -> None:
        self.cancelled.append(run_id)

    def outcome(self, run_id: str) -> dict[str, str] | None:
        return self.outcomes.get(run_id)
