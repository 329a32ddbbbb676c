"""How to read the figures of the toy landscape, for someone who has not read the paper."""

from __future__ import annotations

from dash import html

_BLANC = "https://arxiv.org/abs/1904.09080"
_LI = "https://arxiv.org/abs/2110.06914"

LEAD = (
    "The simplest loss on which noise causes drift: L(x, y) = (x y)². It is zero on both axes, so "
    "learning ends in a whole valley of equally good solutions. Noise does not leave a walker "
    "where it landed: it pushes it towards the crossing, where the valley is flattest."
)
CONTROLS = (
    "Update noise adds s·ξ to the gradient, ξ a fresh standard normal number for x and for y; "
    "label noise makes each step descend (x y − ε)², ε fresh and normal with standard deviation "
    "s. Click anywhere on the map to start there."
)
MAP = (
    "Contours are a factor of ten apart; the numbers are the loss. A walker falls into a valley "
    "within a few dozen steps (learning) and then moves along it at almost no loss (drift); its "
    "dotted twin meets no noise and stays where it lands. Across the valley the loss curves by "
    "2x², the Hessian's eigenvalue, so the valley widens towards the crossing."
)
DRIFT = [
    "Noise shakes a walker across the valley. The slope there pulls it back, and also a little "
    "inwards: by 2·lr·x·y² a step. Averaged over y, the prediction is lr²s²/(2x) for update noise, "
    "which is descent on log λ, and 2·lr²s²x for label noise, descent on λ = 2x² itself; both are "
    "divided by 1 − lr·x² (",
    html.A("Blanc et al. 2020", href=_BLANC, rel="noopener"),
    ", ",
    html.A("Li et al. 2022", href=_LI, rel="noopener"),
    "). Points are means over thousands of walkers with two standard errors. The noise's own "
    "kicks along the valley average to zero and are left out, which keeps the bars short.",
]
SPREAD = (
    "A thousand walkers from the start above, measured from where they would be without noise. "
    "Update noise also kicks along the valley: walkers wander widely and only their mean moves "
    "inwards, while those that stray outwards keep the mean of x² nearly where it was. Label "
    "noise hardly spreads them: they march to the flat end together."
)
FLOW = (
    "Many valleys at once, each with one eigenvalue λ = 2x², moved by the mean drift alone. The "
    "sum of logarithms pulls with strength 1/λ, hardest on the small ones: here every eigenvalue "
    "loses the same amount, so small ones reach zero one after the other while large ones hardly "
    "notice. In a network such zeros are silent units. The trace pulls on all alike: on this "
    "landscape all shrink by the same share, the large ones lose most and none reaches zero. In a "
    "network units stay active, and their activity becomes sparser."
)
