"""How to read the paper's figures, for someone who has not read the paper."""

from __future__ import annotations

CAPTIONS = {
    "curves": (
        "Every run is a thin line; where many run together it gets dark. The heavy line is their "
        "mean, the dashed ones are one standard deviation above and below. At a step the mean is "
        "taken over the runs that reach it. A click on a line opens its run."
    ),
    "noise": (
        "Above, how sparse the code became: the share of units (and of pairs of unit and sample) "
        "that are active at the end, over that at the start. Below, how long it took: τ of the "
        "robust fit with its 95 % interval, and one over the rate by the paper's definition. Noise "
        "in the update pushes the weights towards flatter places at a speed that grows with its "
        "variance (Blanc et al. 2020), so the timescale should fall as s⁻²: the dotted line. Of "
        "several tasks the exponent is the one they share, each at a level of its own."
    ),
    "kinds": (
        "Each point is a run, the large marks are mean and standard deviation (on the logarithmic "
        "axis those of the logarithm). Active fraction: pairs of unit and sample with activity. "
        "Active units: units that respond to at least one sample. Trace: sum of the Hessian's "
        "eigenvalues, mean over the last tenth of a run over the mean over its first. Positive "
        "eigenvalues: their share of all at the end. Update noise silences whole units; label "
        "noise leaves them active, makes each choosier, and lowers the trace."
    ),
    "eigenvalues": (
        "The weights of a silent unit change no prediction, so each of their directions has an "
        "eigenvalue of exactly 0. Of the directions that active units' weights make, about half "
        "curve upwards: away from zero loss the small eigenvalues come in both signs, and so do "
        "those that only rounding keeps from 0. Hence the dotted line: half of the share of "
        "active units. Where few units are left the points lie above it: the loss itself curves "
        "upwards along one direction for each output of each sample, however few units there are."
    ),
}
