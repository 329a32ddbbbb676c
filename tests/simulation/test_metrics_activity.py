"""Active fraction and active units."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.metrics.activity import active_fraction, active_units

activities = arrays(
    np.float64,
    st.tuples(st.integers(1, 8), st.integers(1, 8)),
    elements=st.sampled_from([0.0, 1e-300, 0.5, 3.0]),
)


def test_by_hand() -> None:
    activity = np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0], [1.0, 1.0, 1e-30, 0.0]])
    assert active_fraction(activity) == 4 / 12
    assert active_units(activity).tolist() == [False, True, True]


@given(activities)
def test_bounds_and_extremes(activity: np.ndarray) -> None:
    fraction, units = active_fraction(activity), active_units(activity).mean()
    assert 0 <= fraction <= units <= 1
    assert units <= fraction * activity.shape[1] + 1e-12
    assert (fraction == 0) == (units == 0)


@given(activities, st.randoms())
def test_order_of_units_and_samples_does_not_matter(activity: np.ndarray, random: Random) -> None:
    rows, columns = (random.sample(range(n), n) for n in activity.shape)
    shuffled = activity[rows][:, columns]
    assert active_fraction(shuffled) == active_fraction(activity)
    assert active_units(shuffled).sum() == active_units(activity).sum()
