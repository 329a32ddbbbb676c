"""What a task's positions are called: along a track, round a ring, or directions on a circle."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.config.tasks import AbstractPredictiveTask, GridToPlaceTask, RingTask, Task


@dataclass(frozen=True)
class PlaceWords:
    """The words for one task.

    Attributes
    ----------
    noun : what a unit is tuned to.
    unit : its unit, in the plural; squared it is that of a squared shift.
    where : what positions lie along or round.
    track : the same as a noun.
    is_angle : in radians round a circle, so that axes are labelled in parts of π.
    """

    noun: str
    unit: str
    where: str
    track: str
    is_angle: bool = False

    @property
    def axis(self) -> str:
        """Title of an axis of positions."""
        return f"{self.noun} {self.where} ({self.unit})"


def place_words(task: Task) -> PlaceWords:
    """What the positions of this task are called."""
    match task:
        case RingTask():
            return PlaceWords("direction", "rad", "round the circle", "circle", is_angle=True)
        case AbstractPredictiveTask():
            return PlaceWords("position", "arena units", "round the ring", "ring")
        case GridToPlaceTask():
            return PlaceWords("position", "track lengths", "along the track", "track")
    return PlaceWords("position", "arena units", "along the track", "track")
