"""The sections of a run configuration: tasks, network, learning rules, noise, schedule.

Each field states its default, limits, unit and help here, once; forms, command line, columns and
documents read them. Defaults are part of the format of run ids: they never change.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Precision = Literal["float32", "float64"]


def number(default: float, low: float, high: float, label: str, help: str, unit: str = "") -> Any:
    """A numeric field with inclusive limits."""
    return Field(
        default,
        ge=low,
        le=high,
        title=label,
        description=help,
        json_schema_extra={"unit": unit},
    )


def choice(default: str, label: str, help: str) -> Any:
    """A field with a few named values, which its annotation lists."""
    return Field(default, title=label, description=help, json_schema_extra={"unit": ""})


class Frozen(BaseModel):
    """Never changes, and knows no field but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Samples(Frozen):
    n_samples: int = number(
        5, 1, 20_000, "Training samples N", "Samples in the training batch.", "samples"
    )


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


class RandomTask(_Samples):
    """Uniform random inputs and targets: nothing to generalise, only to fit."""

    label: ClassVar[str] = "Random"
    has_position: ClassVar[bool] = False

    kind: Literal["random"] = "random"
    input_dim: int = number(20, 1, 500, "Input size D", "Values in an input.", "values")
    output_dim: int = number(5, 1, 500, "Output size O", "Values in a target.", "values")


class SmoothedRandomTask(_Samples):
    """Random inputs and targets, smoothed across samples and dimensions."""

    label: ClassVar[str] = "Smoothed random"
    has_position: ClassVar[bool] = False

    kind: Literal["smoothed_random"] = "smoothed_random"
    input_dim: int = number(20, 1, 500, "Input size D", "Values in an input.", "values")
    output_dim: int = number(5, 1, 500, "Output size O", "Values in a target.", "values")


Task = CorridorTask | AbstractPredictiveTask | RandomTask | SmoothedRandomTask


class Network(Frozen):
    """One hidden layer: h = sigma(x m^T + b), prediction = h n^T."""

    hidden_units: int = number(100, 1, 20_000, "Hidden units H", "Units of the layer.", "units")
    init: Literal["rich", "lazy"] = choice(
        "rich",
        "Initialisation",
        "Standard deviation of the output weights: rich sqrt(2/H), lazy 2/H.",
    )
    activation: Literal["relu"] = choice("relu", "Activation", "Nonlinearity of hidden units.")


class SgdRule(Frozen):
    """Full-batch gradient descent; with noise in the update it is SGD as in the paper's eq. 4."""

    label: ClassVar[str] = "Gradient descent (SGD)"

    kind: Literal["sgd"] = "sgd"
    learning_rate: float = number(
        0.1, 1e-8, 10, "Learning rate", "Step size of gradient and noise.", "per step"
    )


class Noise(Frozen):
    """What keeps the network moving after it has learned. All zero: the noise-free control."""

    update_scale: float = number(
        0.0,
        0,
        10,
        "Update noise s",
        "Standard deviation added to each gradient entry; a step moves a weight by lr·s·N(0,1).",
        "gradient",
    )
    label_scale: float = number(
        0.0,
        0,
        10,
        "Label noise",
        "Scale of the noise added to the targets each step.",
        "target",
    )
    label_distribution: Literal["uniform", "gaussian"] = choice(
        "uniform",
        "Label noise shape",
        "uniform: scale is the full width (s.d. scale/√12); gaussian: scale is the s.d.",
    )
    input_scale: float = number(
        0.0, 0, 10, "Input noise", "Standard deviation added to each input, each step.", "input"
    )

    @property
    def is_silent(self) -> bool:
        return not (self.update_scale or self.label_scale or self.input_scale)


Spacing = Literal["linear", "log", "both"]


class Schedule(Frozen):
    """How long to train and when to record. Recording never changes the trajectory."""

    steps: int = number(
        1_000_000, 1, 1_000_000_000, "Training steps", "Length of the run.", "steps"
    )
    curve_points: int = number(
        2_000, 2, 100_000, "Curve points", "Recordings of the curves.", "recordings"
    )
    curve_spacing: Spacing = choice(
        "both", "Curve spacing", "linear, log, or both: half the points each way."
    )
    snapshots: int = number(
        40, 2, 2_000, "Snapshots", "Recordings of weights and rate maps.", "recordings"
    )
    snapshot_spacing: Spacing = choice(
        "both", "Snapshot spacing", "linear, log, or both: half the snapshots each way."
    )
    hessian_snapshots: int = number(
        20, 0, 2_000, "Hessian spectra", "Snapshots that get all eigenvalues.", "recordings"
    )
    hessian_limit: int = number(
        4_000,
        0,
        25_000,
        "Hessian size limit",
        "Eigenvalues are computed only while the matrix of the active units has at most this many "
        "rows (time grows with the cube); the trace and the largest are always exact.",
        "parameters",
    )


TASKS: dict[str, type[Task]] = {
    "corridor": CorridorTask,
    "abstract_predictive": AbstractPredictiveTask,
    "random": RandomTask,
    "smoothed_random": SmoothedRandomTask,
}
RULES: dict[str, type[SgdRule]] = {"sgd": SgdRule}
