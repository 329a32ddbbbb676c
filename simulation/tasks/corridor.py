"""The paper's predictive task: an agent in a corridor predicts what it will see next.

Ratzon, Derdikman & Barak, eLife 12:RP90069, methods ('predictive coding task').
Axes: y runs along the corridor, x across it; a heading of +pi/2 faces larger y.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.config.tasks import CorridorTask
from simulation.tasks.dataset import Dataset, FloatArray, Scaling, Walk
from simulation.tasks.scenery import look_up, smooth_circularly

TURN_ZONE = 0.1
"""Share of the corridor's length, at either end, in which the agent turns back."""
WALL_MARGIN = 1e-3
"""Nearest approach to an end wall, as a share of the corridor's length."""


@dataclass(frozen=True)
class Trajectory:
    """Where the agent is at T+1 moments, and the T heading changes between them.

    Attributes
    ----------
    y : (T+1,), along the corridor's centre line, in arena units.
    heading : (T+1,), in radians.
    turn : (T,), the heading change made on leaving each moment, in radians.
    """

    y: FloatArray
    heading: FloatArray
    turn: FloatArray


def draw_texture(task: CorridorTask, random: np.random.Generator) -> FloatArray:
    """The wall: 2 (Lx + Ly) L_vis tiles of circularly smoothed Gaussian noise."""
    tiles = round(2 * (task.length_x + task.length_y) * task.rays)
    return smooth_circularly(random.normal(size=tiles), task.texture_smoothing)


def walk_about(task: CorridorTask, steps: int, random: np.random.Generator) -> Trajectory:
    """`steps` moves through the corridor, from its middle, facing larger y.

    The agent is held on the corridor's centre line: each step it moves along it by
    N(speed, speed_jitter) times the sine of its heading, and then changes the heading, which
    turns its view, by N(0, heading_noise). Within a tenth of the corridor's length of the end it
    faces, the change is instead a turn to face straight the other way. It never comes nearer to
    an end wall than `WALL_MARGIN`.
    """
    drifts = random.normal(0, task.heading_noise, steps).tolist()
    strides = random.normal(task.speed, task.speed_jitter, steps).tolist()
    y_low, y_high = WALL_MARGIN * task.length_y, (1 - WALL_MARGIN) * task.length_y
    turn_low, turn_high = TURN_ZONE * task.length_y, (1 - TURN_ZONE) * task.length_y
    y, heading = task.length_y / 2, math.pi / 2
    moments, turns = [(y, heading)], []
    for drift, stride in zip(drifts, strides, strict=True):
        if y > turn_high and math.sin(heading) > 0:
            target = -math.pi / 2
        elif y < turn_low and math.sin(heading) < 0:
            target = math.pi / 2
        else:
            target = heading + drift
        y = min(max(y + stride * math.sin(heading), y_low), y_high)
        turns.append(target - heading)
        heading = math.remainder(target, 2 * math.pi)
        moments.append((y, heading))
    along, headings = np.array(moments).T
    return Trajectory(along, headings, np.array(turns))


def view(task: CorridorTask, texture: FloatArray, trajectory: Trajectory) -> FloatArray:
    """What the agent sees at each moment: (T+1, L_vis) texture values, unscaled.

    Rays leave at even angles over heading +- pi/fov_fraction; each takes the texture where it
    first meets a wall.
    """
    half_width = np.pi / task.fov_fraction
    offsets = np.linspace(-half_width, half_width, task.rays)
    angles = trajectory.heading[:, None] + offsets
    hit = perimeter_hit(task, task.length_x / 2, trajectory.y[:, None], angles)
    return look_up(texture, hit, 2 * (task.length_x + task.length_y))


def perimeter_hit(
    task: CorridorTask, x: FloatArray | float, y: FloatArray | float, angles: FloatArray
) -> FloatArray:
    """Where rays from inside meet the walls, as a distance round the perimeter.

    The perimeter starts at the origin and runs along the wall y=0, then x=Lx, y=Ly and x=0, in
    arena units. Arguments broadcast against each other.
    """
    across, along = np.cos(angles), np.sin(angles)
    wall_x = np.where(across > 0, task.length_x, 0.0)
    wall_y = np.where(along > 0, task.length_y, 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        to_side, to_end = np.abs((wall_x - x) / across), np.abs((wall_y - y) / along)
    distance = np.minimum(to_side, to_end)
    hit_x = np.clip(x + distance * across, 0, task.length_x)
    hit_y = np.clip(y + distance * along, 0, task.length_y)
    on_side = np.where(
        across > 0,
        task.length_x + hit_y,
        2 * task.length_x + task.length_y + (task.length_y - hit_y),
    )
    on_end = np.where(along > 0, task.length_x + task.length_y + (task.length_x - hit_x), hit_x)
    return np.where(to_side < to_end, on_side, on_end)


@dataclass(frozen=True)
class Corridor:
    """An arena with its scaling: turns walks into samples that are comparable with each other.

    Attributes
    ----------
    scenery : the texture of its wall, (tiles,).
    view_in, view_out, action : scalings of the view, the next view and the heading change.
    """

    task: CorridorTask
    scenery: FloatArray
    view_in: Scaling
    view_out: Scaling
    action: Scaling

    @classmethod
    def furnish(
        cls, task: CorridorTask, textures: Sequence[FloatArray], training: Sequence[Trajectory]
    ) -> list[Corridor]:
        """The arenas of these textures, scaled so that all training walks together span [-1, 1]."""
        seen = [view(task, *pair) for pair in zip(textures, training, strict=True)]
        scalings = (
            Scaling.of(np.concatenate([views[:-1] for views in seen])),
            Scaling.of(np.concatenate([views[1:] for views in seen])),
            Scaling.of(np.concatenate([path.turn for path in training])),
        )
        return [cls(task, texture, *scalings) for texture in textures]

    def roam(self, steps: int, random: np.random.Generator) -> Dataset:
        """The samples of a walk of `steps` moves through it."""
        return self.dataset(walk_about(self.task, steps, random))

    def unrelated(self, random: np.random.Generator) -> FloatArray:
        """Another scenery of the same statistics."""
        return draw_texture(self.task, random)

    def dataset(self, trajectory: Trajectory) -> Dataset:
        """Inputs: view and the turn about to be made; targets: the view one step later."""
        seen = view(self.task, self.scenery, trajectory)
        walk = Walk(
            position=trajectory.y[:-1],
            direction=(np.sin(trajectory.heading[:-1]) > 0).astype(np.int8),
            track_length=self.task.length_y,
            directions=2,
            circular=False,
        )
        action = self.action(trajectory.turn)[:, None]
        inputs = np.concatenate([self.view_in(seen[:-1]), action], axis=1)
        return Dataset(inputs, self.view_out(seen[1:]), walk)
