"""What every run has besides task, network and rule: noise, recording, lineage, probes."""

from __future__ import annotations

from typing import Literal

from simulation.config.field import Frozen, choice, number, text


class AddedNoise(Frozen):
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


class Recording(Frozen):
    """How long to train and when to record. Recording never changes the trajectory."""

    steps: int = number(
        1_000_000, 1, 1_000_000_000, "Training steps", "Step at which the run ends.", "steps"
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

    @property
    def spectra(self) -> int:
        """Snapshots at most that get all eigenvalues of the Hessian."""
        return 0


class Schedule(Recording):
    """How long to train and what to record of a network that descends a loss."""

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

    @property
    def spectra(self) -> int:
        return self.hessian_snapshots


class Parent(Frozen):
    """The snapshot of another run that this one starts from; none: it starts from scratch."""

    run: str = text(
        "", "^([0-9a-f]{12})?$", "Parent run", "Run whose snapshot this one starts from."
    )
    step: int = number(
        0,
        0,
        1_000_000_000,
        "Parent step",
        "Step of that snapshot; steps count on from it.",
        "steps",
    )


class Probing(Frozen):
    """What the network is asked at every snapshot, without learning from it."""

    morphs: int = number(
        0,
        0,
        20,
        "Texture morphs",
        "Grades of change, from the familiar wall texture to an unrelated one, at which loss and "
        "rate maps are measured; 0: none.",
        "grades",
    )
