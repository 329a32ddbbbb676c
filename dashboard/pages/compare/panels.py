"""The quantities that are compared over training: one panel each, in order."""

from __future__ import annotations

from dashboard.pages.compare.quantity import Quantity
from simulation.archive import Run
from simulation.models import model_of
from simulation.models.activations import ACTIVE_MEANS


def _nothing(_: Run) -> str:
    return ""


def _no_information(run: Run) -> str:
    return model_of(run.config).no_information


def _no_decoding(run: Run) -> str:
    return model_of(run.config).no_decoding


def _no_loss_surface(run: Run) -> str:
    return model_of(run.config).no_loss


def _no_spectra(run: Run) -> str:
    if reason := _no_loss_surface(run):
        return reason
    asked = run.config.schedule.spectra
    return "" if asked else "the configuration asks for no spectra"


QUANTITIES = (
    Quantity(
        "loss",
        "Loss",
        "log<sub>10</sub>(loss / reference)",
        "How wrong each network is. The reference is the variance of the targets, so 0 is guessing "
        "the mean; for similarity matching it is a silent network's loss.",
        "curves",
        "log10_normalized_loss",
        "fixed",
        _nothing,
    ),
    Quantity(
        "active-units",
        "Active units",
        "share of units",
        "Units that respond to at least one sample. Under update noise they fall silent one by "
        "one, long after the loss has stopped falling; under label noise most stay. "
        f"{ACTIVE_MEANS}",
        "curves",
        "active_units",
        "share",
        _nothing,
    ),
    Quantity(
        "active-fraction",
        "Active fraction",
        "share of (unit, sample) pairs",
        "How many (unit, sample) pairs are active. It falls when units fall silent, and also when "
        "they stay but become choosier: then it falls faster than the share of active units. "
        f"{ACTIVE_MEANS}",
        "curves",
        "active_fraction",
        "share",
        _nothing,
    ),
    Quantity(
        "information",
        "Spatial information",
        "mean spatial information (bits)",
        "How much a tuned unit's activity tells about position. Where units fall silent, the "
        "survivors become more informative.",
        "curves",
        "mean_spatial_information_bits",
        "fixed",
        _no_information,
    ),
    Quantity(
        "trace",
        "Hessian trace",
        "trace (loss / weight²)",
        "How steep the valley of the loss is in which the weights lie, summed over all directions. "
        "Label noise drives it down.",
        "curves",
        "hessian_trace",
        "ratio",
        _no_loss_surface,
        log=True,
    ),
    Quantity(
        "eigenvalues",
        "Positive eigenvalues",
        "share of eigenvalues",
        "Directions in weight space along which the loss curves upwards. A unit that falls silent "
        "takes all of its directions out.",
        "snapshots",
        "positive_eigenvalue_fraction",
        "share",
        _no_spectra,
    ),
    Quantity(
        "decoding",
        "Position decoding",
        "error (arena units)",
        "Distance between true position and the one read from the hidden layer, cross-validated. "
        "Flat while units fall silent: the code gets sparser, not worse.",
        "snapshots",
        "position_error",
        "ratio",
        _no_decoding,
    ),
)
