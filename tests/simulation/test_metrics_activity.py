"""Active fraction and active units."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.metrics.activity import active_fraction, active_units
from simulation.models.activations import ACTIVATIONS

activities = arrays(
    np.float64,
    st.tuples(st.integers(1, 8), st.integers(1, 8)),
    elements=st.sampled_from([0.0, 1e-300, 0.5, 3.0]),
)


def test_by_hand() -> None:
    activity = np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0], [1.0, 1.0, 1e-30, 0.0]])
    assert active_fraction(activity > 0) == 4 / 12
    assert active_units(activity > 0).tolist() == [False, True, True]


def test_what_counts_as_active() -> None:
    activity = np.array([-1.0, -0.04, 0.0, 1e-30, 0.04, 0.06])
    above_zero = [False, False, False, True, True, True]
    for name in ("relu", "leaky_relu"):
        assert ACTIVATIONS[name].active(activity).tolist() == above_zero
    assert ACTIVATIONS["tanh"].active(activity).tolist() == [True, *[False] * 4, True]
    for name in ("softplus", "sigmoid"):
        assert ACTIVATIONS[name].active(np.abs(activity))[-2:].tolist() == [False, True]


@given(activities)
def test_bounds_and_extremes(activity: np.ndarray) -> None:
    fraction, units = active_fraction(activity > 0), active_units(activity > 0).mean()
    assert 0 <= fraction <= units <= 1
    assert units <= fraction * activity.shape[1] + 1e-12
    assert (fraction == 0) == (units == 0)


@given(activities, st.randoms())
def test_order_of_units_and_samples_does_not_matter(activity: np.ndarray, random: Random) -> None:
    rows, columns = (random.sample(range(n), n) for n in activity.shape)
    active = activity > 0
    shuffled = active[rows][:, columns]
    assert active_fraction(shuffled) == active_fraction(active)
    assert active_units(shuffled).sum() == active_units(active).sum()
