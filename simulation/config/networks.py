"""Networks: their size, start and nonlinearity."""

from __future__ import annotations

from typing import Literal

from simulation.config.field import Frozen, choice, number

Activation = Literal["relu", "leaky_relu", "softplus", "tanh", "sigmoid"]


class Network(Frozen):
    """One hidden layer: h = sigma(x m^T + b), prediction = h n^T."""

    hidden_units: int = number(100, 1, 20_000, "Hidden units H", "Units of the layer.", "units")
    init: Literal["rich", "lazy"] = choice(
        "rich",
        "Initialisation",
        "Standard deviation of the output weights: rich sqrt(2/H), lazy 2/H.",
    )
    activation: Activation = choice("relu", "Activation", "Nonlinearity of hidden units.")


class SimilarityNetwork(Frozen):
    """Similarity matching (Qin et al. 2023): y is where its neural dynamics come to rest.

    u <- u + dt (-u + W x - sqrt(alpha) b - (M - diag M) y), y = max((u - l1) / (l2 + diag M), 0).
    """

    hidden_units: int = number(200, 1, 5_000, "Units", "Units of the layer.", "units")
    weight_scale: float = number(
        0.1, 0, 10, "Initial weights", "Standard deviation of W at the start; M starts as I.", ""
    )
    threshold: float = number(
        0.0, 0, 10, "Threshold l1", "A unit stays silent while its drive is below.", "activity"
    )
    decay: float = number(0.05, 0, 10, "Decay l2", "Adds to each unit's self-inhibition.", "")
    bias_strength: float = number(
        0.0, 0, 1_000, "Bias strength alpha", "Keeps mean activity down, by sqrt(alpha) b.", ""
    )
    time_step: float = number(
        0.05, 0.0001, 1, "Time step dt", "Step of the neural dynamics.", "time constants"
    )
