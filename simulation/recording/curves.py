"""What is measured of a network at every recording of its curves: often, and so in little time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulation.config import FeedforwardConfig
from simulation.metrics.activity import active_fraction, active_units
from simulation.metrics.curvature import hessian_largest, hessian_trace
from simulation.metrics.loss import log10_share, mean_square
from simulation.metrics.spatial import mean_spatial_information, tuned_units
from simulation.models import model_of
from simulation.models.activations import ACTIVATIONS
from simulation.models.feedforward import NetworkState, answers, hidden_activity
from simulation.recording import CurvePoint
from simulation.recording.map_history import Maps
from simulation.recording.sources import Source
from simulation.tasks.dataset import Dataset


class CurveMeter:
    """Measures points of the curves; what is the same at all of them is computed once.

    Parameters
    ----------
    judged : the sources that tuning is judged by.
    """

    def __init__(
        self, config: FeedforwardConfig, dataset: Dataset, judged: Sequence[Source]
    ) -> None:
        self._samples = (dataset.inputs, dataset.targets)
        self._variance = float(np.var(dataset.targets))
        self._sigma = ACTIVATIONS[config.network.activation]
        self._judged = () if model_of(config).no_information else tuple(judged)

    def measure(
        self, state: NetworkState, *, largest: bool = False
    ) -> tuple[CurvePoint, list[Maps]]:
        """The point at this moment, and the rate maps in the judged sources that were made for it.

        No maps where units have no spatial information. `largest`: with the largest eigenvalue.
        """
        inputs, targets = self._samples
        activity = hidden_activity(state, inputs)
        active = self._sigma.active(activity)
        loss = mean_square(answers(state, activity) - targets)
        maps = [source.maps(state) for source in self._judged]
        point = CurvePoint(
            step=state.step,
            loss=loss,
            log10_normalized_loss=log10_share(loss, self._variance),
            active_fraction=active_fraction(active),
            active_units=active_fraction(active_units(active)),
            hessian_trace=hessian_trace(state, inputs, targets),
            hessian_largest=hessian_largest(state, inputs, targets) if largest else None,
            **self._tuning(maps),
        )
        return point, maps

    def _tuning(self, maps: Sequence[Maps]) -> dict[str, Any]:
        if not maps:
            return {}
        pairs = zip(self._judged, maps, strict=True)
        information = np.concatenate([source.information(there) for source, there in pairs])
        return {
            "tuned_units": active_fraction(tuned_units(information)),
            "mean_spatial_information_bits": mean_spatial_information(information),
        }
