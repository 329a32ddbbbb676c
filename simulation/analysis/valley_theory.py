"""Drift along a valley of the toy landscape under small noise: the derivation and its formulas.

Notation: lr the learning rate, s the noise scale, h = lr x^2, <.> a mean. A walker sits in the
valley along x, so |y| is small against |x|.

**Across the valley** y relaxes fast. With x held, both kinds of noise make it an AR(1) process,

    update noise   y <- (1 - 2h) y - lr s xi_y        label noise   y <- (1 - 2h) y + 2 lr x eps

stable for 0 < h < 1. Its settled variance v is the kick's variance over 1 - (1 - 2h)^2 = 4h(1-h):

    update noise   v = lr s^2 / (4 x^2 (1 - h))       label noise   v = lr s^2 / (1 - h)

**Along the valley** x moves slowly,

    update noise   dx = -2 lr x y^2 - lr s xi_x       label noise   dx = -2 lr x y^2 + 2 lr y eps

The kicks have mean zero, <y eps> too, because eps is fresh while y holds earlier ones only. So
<dx> = -2 lr x v:

    update noise   <dx> = -lr^2 s^2 / (2 x (1 - h))   label noise   <dx> = -2 lr^2 s^2 x / (1 - h)

With lambda = 2 x^2, the Hessian's one positive eigenvalue, and h -> 0 this is descent with rate lr
on an added term: <dx> = -lr dR/dx with

    update noise   R = (lr s^2 / 4) log lambda        label noise   R = (lr s^2 / 2) lambda

In general, with noise of covariance C on the gradient, the covariance S across a valley with
Hessian H solves H S + S H = lr C, and the loss averaged over it pulls along the valley by
-(1/2) tr(S dH/dx). C = s^2 I gives S = (lr s^2/2) H^-1 and descent on the sum of log eigenvalues;
label noise, whose C = 2 s^2 H at zero loss, gives S = lr s^2 across the valley and descent on
their sum, the trace. The latter is due to Blanc, Gupta, Valiant & Valiant, Implicit regularization
for deep neural networks driven by an Ornstein-Uhlenbeck like process, COLT 2020; any covariance,
for times of order lr^-2, to Li, Wang & Arora, What happens after SGD reaches zero loss? A
mathematical framework, ICLR 2022.

**Diffusion along the valley.** Update noise kicks x by lr s xi_x: variance lr^2 s^2 a step. With
h -> 0, x is then a Bessel process of dimension 0: the pull inwards and the spread balance in
<x^2>, so that the mean eigenvalue stays while the mean of x and of log lambda falls. Label noise
kicks x by 2 lr y eps, but these kicks cancel: with r = x y - eps a step is
(x, y) <- (x - 2 lr r y, y - 2 lr r x), exactly, hence x^2 - y^2 <- (1 - 4 lr^2 r^2)(x^2 - y^2).
Only r^2 matters; r is a difference of AR(1) values with covariances 2 s^2/(1+a) at lag 0 and
-s^2 (1-a)/(1+a) a^(k-1) at lag k, a = 1 - 2h. For Gaussian eps the covariances of r^2 are twice
their squares; summed over all lags, the variance of log |x^2 - y^2| grows by 16 lr^4 s^4 (2-h) /
(1-h)^3 a step, that of x by x^2/4 of it: 8 lr^4 s^4 x^2 for small h, of higher order than the
drift. Label noise makes walkers march, update noise makes them wander with a bias.

**Where it holds.** The cloud across the valley must be narrow against the distance to the
crossing, v <= x^2 / 20 (corrections are of relative order v/x^2), and a step must not overshoot
the valley's floor, h <= 1/2: beyond, walkers that come from near h = 1, where y hardly settles,
are seen among those that have. Within these limits walkers show the prediction to a few percent,
at the limits themselves to about a tenth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.models.landscape import Floats, NoisyDescent

WIDEST_CLOUD = 1 / 20
"""Largest v / x^2 for which the prediction is trusted."""
LARGEST_STEP = 1 / 2
"""Largest lr x^2 for which it is trusted."""
_STAGES = 200


def settled_variance(descent: NoisyDescent, x: ArrayLike) -> Floats:
    """v: variance of y once it has settled at `x`. NaN where it never does: lr x^2 >= 1, x = 0."""
    along = np.asarray(x, np.float64)
    h = descent.learning_rate * along**2
    with np.errstate(divide="ignore", invalid="ignore"):
        kick = 4 * along**2 if descent.noise == "label" else np.ones_like(along)
        v = descent.learning_rate * descent.noise_scale**2 * kick / (4 * along**2 * (1 - h))
    return np.where((h > 0) & (h < 1), v, np.nan)


def drift(descent: NoisyDescent, x: ArrayLike) -> Floats:
    """Mean change of x in one step, <dx> = -2 lr x v. NaN where `settled_variance` is."""
    along = np.asarray(x, np.float64)
    return -2 * descent.learning_rate * along * settled_variance(descent, along)


def diffusion(descent: NoisyDescent, x: ArrayLike) -> Floats:
    """Variance that x gains with each step in the long run. NaN where lr x^2 >= 1."""
    along = np.asarray(x, np.float64)
    rate, scale = descent.learning_rate, descent.noise_scale
    h = rate * along**2
    if descent.noise == "update":
        return np.where(h < 1, (rate * scale) ** 2, np.nan)
    left = np.where(h < 1, 1 - h, np.nan)
    variance: Floats = 4 * (rate * scale) ** 4 * along**2 * (2 - h) / left**3
    return variance


def relaxation_steps(descent: NoisyDescent, x: ArrayLike) -> Floats:
    """Steps in which the variance of y comes closer to v by a factor e; inf where it never does."""
    decay = np.abs(1 - 2 * descent.learning_rate * np.square(x, dtype=np.float64))
    with np.errstate(divide="ignore"):
        return np.where(decay < 1, -0.5 / np.log(decay), np.inf)


def holds(descent: NoisyDescent, x: ArrayLike) -> NDArray[np.bool_]:
    """Where the prediction is trusted: v <= x^2 / 20 and lr x^2 <= 1/2."""
    along = np.asarray(x, np.float64)
    narrow = settled_variance(descent, along) <= WIDEST_CLOUD * along**2
    return narrow & (descent.learning_rate * along**2 <= LARGEST_STEP)


def displacement(descent: NoisyDescent, x: float, steps: int) -> tuple[float, float]:
    """Mean and standard deviation of the displacement from `x` > 0 along the valley.

    Integrates the drift f and the diffusion D for the two moments of x, whose distribution is
    stood in for by m - sd and m + sd with equal weights: dm = (f(m-sd) + f(m+sd)) / 2 and
    dV = D + sd (f(m+sd) - f(m-sd)) a step. NaN where m - sd or m + sd comes to where the
    prediction does not hold.
    """
    mean, variance = float(x), 0.0
    stages = min(steps, _STAGES)
    for _ in range(stages):
        pair = mean + np.sqrt(variance) * np.array([-1.0, 1.0])
        if pair[0] <= 0 or not holds(descent, pair).all():
            return np.nan, np.nan
        low, high = drift(descent, pair)
        spread = float(diffusion(descent, mean)) + np.sqrt(variance) * (high - low)
        mean += steps / stages * (low + high) / 2
        variance = max(variance + steps / stages * spread, 0.0)
    return mean - x, float(np.sqrt(variance))


def eigenvalues_over_time(noise: str, start: ArrayLike, time: ArrayLike) -> Floats:
    """Many valleys at once: eigenvalues lambda_i = 2 x_i^2 moved by the drift alone, h -> 0.

    `time` T = steps * (lr s)^2. Descent on the sum of logs has d lambda/dT = -2, the same for
    all: the small ones are gone first. Descent on the sum has d lambda/dT = -4 lambda: all fall in
    proportion, so the large ones lose most.

    Parameters
    ----------
    start : (eigenvalues,) at T = 0, positive.
    time : (times,).

    Returns
    -------
    (eigenvalues, times); 0 from the moment a valley's walker has reached the crossing.
    """
    first, elapsed = np.asarray(start, np.float64)[:, None], np.asarray(time, np.float64)
    if noise == "label":
        return first * np.exp(-4 * elapsed)
    return np.maximum(first - 2 * elapsed, 0)


def vanishing_time(noise: str, start: float) -> float:
    """T at which an eigenvalue that is `start` at T = 0 reaches 0; inf: never."""
    return np.inf if noise == "label" else start / 2
