"""What the figures of the toy landscape show, said in words."""

from __future__ import annotations

import numpy as np

from dashboard.base.words import count, minus
from dashboard.pages.landscape.data import WALKERS, LandscapeData
from dashboard.pages.landscape.regulariser import END, START
from simulation.analysis import valley_theory
from simulation.analysis.valley_drift import Ratio
from simulation.analysis.valley_theory import eigenvalues_over_time
from simulation.models.landscape import hessian_eigenvalues, loss


def walker(data: LandscapeData) -> str:
    """Where the walker and its twin without noise end."""
    seen, steps = data.excursion, data.view.steps
    if seen.end.diverged[0]:
        return (
            f"This walker ran away at step {int(seen.end.diverged_at[0]):,}: its steps overshoot "
            "the valley by more each time. Lower the learning rate, or start closer to the axes."
        )
    if data.view.scale == 0:
        return _twin(data)
    place = seen.path[-1]
    large, _ = hessian_eigenvalues(*place)
    return (
        f"{_twin(data)} With noise it is at ({_place(place[0])}, {_place(place[1])}) after "
        f"{count(steps, 'step')}: loss {_short(float(loss(*place)))}, eigenvalue {large:.2f}."
    )


def _twin(data: LandscapeData) -> str:
    seen = data.excursion
    if seen.twin_diverged:
        return "Without noise it runs away."
    if seen.falling:
        x, y = seen.rest
        return f"Without noise it is still falling, at ({_place(x)}, {_place(y)})."
    along = seen.rest[0] if seen.valley == "x" else seen.rest[1]
    large, _ = hessian_eigenvalues(*seen.rest)
    return (
        f"Without noise it rests at {seen.valley} = {_place(along)}, where the Hessian's large "
        f"eigenvalue is {large:.2f}."
    )


def drift(data: LandscapeData) -> str:
    """How well the prediction does, and where it is not trusted."""
    if data.view.scale == 0:
        return "Without noise nothing moves along the valley."
    profile = data.profile
    trusted = profile.measured & profile.holds
    gone = [f"{count(profile.diverged, 'walker')} ran away."] if profile.diverged else []
    if not trusted.any():
        text = "The prediction is trusted at no place: noise or learning rate are too large for it."
        return " ".join([text, *gone])
    text = (
        f"At the {count(int(trusted.sum()), 'place')} where the prediction is trusted, measured "
        f"drift is {_ratio(profile.slope_ratio)} of it; with the noise's own kicks left in, "
        f"{_ratio(profile.change_ratio)} (± standard error)."
    )
    return " ".join([text, *_limits(data), *gone])


def spread(data: LandscapeData) -> str:
    """Mean and spread of the displacements, predicted ones beside them."""
    if data.view.scale == 0:
        return "Without noise every walker goes the same way, and none moves any further."
    seen = data.excursion
    moved = seen.displacements
    gone = int(seen.end.diverged.sum())
    lost = f" {gone:,} of {WALKERS:,} walkers ran away and are left out." if gone else ""
    error = moved.std(ddof=1) / np.sqrt(len(moved))
    mean, deviation = data.expected
    why = (
        "the walkers are still falling"
        if seen.falling
        else "walkers reach places where it is not trusted"
    )
    predicted = (
        f"predicted {minus(mean, 3)}, spread {deviation:.3f}"
        if np.isfinite(mean)
        else f"no prediction, because {why}"
    )
    return (
        f"Mean displacement {minus(moved.mean(), 3)} ± {error:.3f}, spread {moved.std():.3f} "
        f"({predicted}). {_flatter(data):.0%} of the walkers are where the loss curves less.{lost}"
    )


def no_spread(data: LandscapeData) -> str:
    """Why there are no displacements, or too few for a mean."""
    if data.excursion.twin_diverged:
        return "Even without noise the walker runs away from this start at this learning rate."
    return "The walkers ran away: the noise carries them to where steps overshoot."


def flow() -> str:
    """What the regularisers have done at the end of the time drawn."""
    logs, trace = (
        eigenvalues_over_time(noise, START, [END])[:, 0] for noise in ("update", "label")
    )
    return (
        f"At T = {END:g} the sum of logs has taken {int((logs == 0).sum())} of {len(START)} "
        f"eigenvalues to zero, and {1 - logs[-1] / START[-1]:.0%} of the largest; the trace has "
        f"taken {1 - trace[-1] / START[-1]:.0%} of each."
    )


def _flatter(data: LandscapeData) -> float:
    """Share of the walkers whose Hessian's larger eigenvalue is below the twin's."""
    end, rest = data.excursion.end, data.excursion.rest
    large = hessian_eigenvalues(end.x, end.y)[~end.diverged, 0]
    return float((large < hessian_eigenvalues(*rest)[0]).mean())


def _limits(data: LandscapeData) -> list[str]:
    """Between which distances the prediction is trusted."""
    place = np.linspace(0.01, 3, 300)
    inside = place[valley_theory.holds(data.descent, place)]
    reasons = []
    if inside[0] > place[0]:
        reasons.append(f"below |x| = {inside[0]:.2f} the cloud of walkers is too wide")
    if inside[-1] < place[-1]:
        reasons.append(f"above {inside[-1]:.2f} a step overshoots the valley's floor")
    return [f"Not trusted (grey): {', '.join(reasons)}."] if reasons else []


def _place(value: float) -> str:
    return minus(round(value, 2) + 0.0, 2)  # no minus zero


def _ratio(ratio: Ratio) -> str:
    return f"{ratio.value:.3f} ± {ratio.standard_error:.3f}"


def _short(value: float) -> str:
    if value < 1e-12:
        return "below 1e-12"
    return f"{value:.2g}" if value >= 1e-3 else f"{value:.0e}".replace("e-0", "e-")
