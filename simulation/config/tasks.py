"""Tasks: what a network is trained on. One class a task, with its sizes.

Ratzon, Derdikman & Barak, eLife 12:RP90069; the last two: Qin et al., Nature Neuroscience 26, 2023.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from simulation.config.field import Frozen, choice, number


class _Samples(Frozen):
    n_samples: int = number(
        5, 1, 20_000, "Training samples N", "Samples in the training batch.", "samples"
    )
    input_range: Literal["symmetric", "unit"] = choice(
        "symmetric",
        "Input range",
        "Inputs are scaled to [-1, 1] (symmetric) or [0, 1] (unit).",
    )
    target_range: Literal["symmetric", "unit"] = choice(
        "symmetric",
        "Target range",
        "Targets are scaled to [-1, 1] (symmetric) or [0, 1] (unit).",
    )

    @property
    def lowest_input(self) -> float:
        """What the smallest input is scaled to; the largest is 1."""
        return _LOWEST[self.input_range]

    @property
    def lowest_target(self) -> float:
        """What the smallest target is scaled to; the largest is 1."""
        return _LOWEST[self.target_range]


_LOWEST = {"symmetric": -1.0, "unit": 0.0}
_BINS = 100
"""Places along a track, for each direction of travel."""
_SHOWN_SAMPLES = 1_000
"""Most samples whose activity is kept of a task without a position."""
_WALKS = 2
"""The training samples and a long walk each have maps of their own."""


class CorridorTask(Frozen):
    """The paper's predictive task: see a wall texture and a turn, predict the next view."""

    label: ClassVar[str] = "Corridor (predict the next view)"
    has_position: ClassVar[bool] = True

    kind: Literal["corridor"] = "corridor"
    n_samples: int = number(
        150, 2, 20_000, "Training samples N", "Steps of the agent in the batch.", "samples"
    )
    length_x: float = number(
        1.0,
        0.1,
        100,
        "Corridor width",
        "Extent across (Lx); the agent keeps to the middle.",
        "length",
    )
    length_y: float = number(14.0, 1, 1_000, "Corridor length", "Extent along (Ly).", "length")
    rays: int = number(
        17, 2, 200, "Visual rays", "Rays that sample the field of view (L_vis).", "rays"
    )
    fov_fraction: float = number(
        8.0, 1.05, 100, "Field of view", "Rays span heading ± π / this number.", ""
    )
    texture_smoothing: float = number(
        0.09,
        0,
        10,
        "Texture smoothing K",
        "Width of the Gaussian that smooths the wall, as a share of its number of tiles.",
        "perimeters",
    )
    speed: float = number(0.2, 0.001, 10, "Speed", "Mean step along the heading.", "length/step")
    speed_jitter: float = number(
        0.1, 0, 10, "Speed jitter", "Standard deviation of a step.", "length/step"
    )
    heading_noise: float = number(
        0.0054831135561607545,
        0,
        1,
        "Heading noise",
        "Standard deviation of the heading change of a step.",
        "rad/step",
    )

    environments: int = number(
        1,
        1,
        20,
        "Environments",
        "Arenas of this shape, each with its own wall texture, between which the agent alternates; "
        "they share the N samples evenly.",
        "arenas",
    )

    @property
    def map_values(self) -> int:
        """Numbers in the rate maps of a unit at one snapshot."""
        return self.environments * _WALKS * 2 * _BINS

    @property
    def input_dim(self) -> int:
        return self.rays + 1

    @property
    def output_dim(self) -> int:
        return self.rays


class AbstractPredictiveTask(_Samples):
    """A view on a ring of random scenery; predict the view after the next move."""

    label: ClassVar[str] = "Abstract predictive (ring)"
    has_position: ClassVar[bool] = True

    kind: Literal["abstract_predictive"] = "abstract_predictive"
    input_dim: int = number(
        20, 1, 500, "View size D", "Points of a view, in and out (O = D).", "values"
    )

    @property
    def output_dim(self) -> int:
        return self.input_dim

    @property
    def map_values(self) -> int:
        """Numbers in the rate maps of a unit at one snapshot."""
        return _WALKS * _BINS


class _NoPosition(_Samples):
    """No latent variable: the samples themselves are the places."""

    has_position: ClassVar[bool] = False

    @property
    def map_values(self) -> int:
        """Numbers in the rate maps of a unit at one snapshot."""
        return min(self.n_samples, _SHOWN_SAMPLES)


class _FreeSizes(_NoPosition):
    """Input and output sizes are choices."""

    input_dim: int = number(20, 1, 500, "Input size D", "Values in an input.", "values")
    output_dim: int = number(5, 1, 500, "Output size O", "Values in a target.", "values")


class _Autoencoder(_NoPosition):
    """The inputs are to be reproduced."""

    input_dim: int = number(
        20, 1, 500, "Size D", "Values of a sample, in and out (O = D).", "values"
    )

    @property
    def output_dim(self) -> int:
        return self.input_dim


class RandomTask(_FreeSizes):
    """Uniform random inputs and targets: nothing to generalise, only to fit."""

    label: ClassVar[str] = "Random"

    kind: Literal["random"] = "random"


class SmoothedRandomTask(_FreeSizes):
    """Random inputs and targets, smoothed across samples and dimensions."""

    label: ClassVar[str] = "Smoothed random"

    kind: Literal["smoothed_random"] = "smoothed_random"


class RandomAutoencoderTask(_Autoencoder):
    """Uniform random inputs, to be reproduced: Y = X."""

    label: ClassVar[str] = "Random autoencoder"

    kind: Literal["random_autoencoder"] = "random_autoencoder"


class SmoothedAutoencoderTask(_Autoencoder):
    """Random inputs, smoothed across samples and dimensions, to be reproduced: Y = X."""

    label: ClassVar[str] = "Smoothed autoencoder"

    kind: Literal["smoothed_autoencoder"] = "smoothed_autoencoder"


class _Inputs(Frozen):
    """Inputs that are places in their order."""

    has_position: ClassVar[bool] = True

    @property
    def map_values(self) -> int:
        """Numbers in the rate map of a unit at one snapshot."""
        return _BINS


class RingTask(_Inputs):
    """Directions on a circle, each shown as its cosine and sine; one random direction a step."""

    label: ClassVar[str] = "Ring (directions)"

    kind: Literal["ring"] = "ring"
    n_samples: int = number(
        628, 2, 20_000, "Directions", "Directions, evenly spaced round the circle.", "samples"
    )

    @property
    def input_dim(self) -> int:
        return 2


class GridToPlaceTask(_Inputs):
    """Positions on a track, each shown as the activity of grid cells; one random one a step."""

    label: ClassVar[str] = "Grid cells to place cells"

    kind: Literal["grid_to_place"] = "grid_to_place"
    n_samples: int = number(
        200, 2, 20_000, "Positions", "Positions, evenly spaced along the track.", "samples"
    )
    spacings: int = number(
        5, 1, 10, "Grid spacings", "Grid modules, of spacing 0.2 x 1.42^i (track = 1).", "modules"
    )
    orientations: int = number(
        6, 1, 30, "Grid orientations", "Orientations from 0 to 60 degrees a module.", "orientations"
    )
    offsets: int = number(
        3, 1, 10, "Grid offsets", "Offsets along each axis, evenly over one spacing.", "offsets"
    )
    slice_angle: float = number(
        0.5235987755982988,
        0,
        1.5,
        "Slice angle",
        "Direction of the track through the plane of the grids, (1, tan angle) (pi/6).",
        "rad",
    )

    @property
    def input_dim(self) -> int:
        return self.spacings * self.orientations * self.offsets**2


FeedforwardTask = (
    CorridorTask
    | AbstractPredictiveTask
    | RandomTask
    | SmoothedRandomTask
    | RandomAutoencoderTask
    | SmoothedAutoencoderTask
)
SimilarityTask = RingTask | GridToPlaceTask
Task = FeedforwardTask | SimilarityTask
