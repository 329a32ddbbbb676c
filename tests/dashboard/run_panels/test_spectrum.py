"""Eigenvalues by sign: from the archive, as bars, and in words."""

from __future__ import annotations

import numpy as np

from dashboard.pages.run.panels.spectrum import (
    Spectrum,
    SpectrumBins,
    spectrum_at,
    spectrum_figure,
    spectrum_words,
    split_by_sign,
)
from simulation.archive import Run, SpectrumRow


def test_a_spectrum_is_split_by_sign() -> None:
    values = np.array([-2.0, -1.0, -1e-13, 0.0, 1e-13, 0.1, 10.0])
    spectrum = split_by_sign(SpectrumRow(5, values, exact_zeros=4))
    np.testing.assert_allclose(spectrum.log10_positive, [-1, 1])
    assert (spectrum.negative, spectrum.rounded_zeros, spectrum.exact_zeros) == (2, 3, 4)
    assert spectrum.parameters == 11


def test_the_spectrum_at_a_moment_is_the_last_one_until_then(corridor: Run) -> None:
    recorded = corridor.spectrum_steps().tolist()
    between = next(
        step for step in corridor.snapshot_steps().tolist() if recorded[1] < step < recorded[2]
    )
    found = spectrum_at(corridor, between)
    assert found is not None
    assert found.step == recorded[1]
    assert found.parameters == corridor.config.parameter_count


def spectrum(step: int, *log10: float) -> Spectrum:
    return Spectrum(step, np.array(log10), negative=1, exact_zeros=2, rounded_zeros=0)


def test_one_set_of_bins_holds_all_spectra() -> None:
    spectra = [spectrum(0, -3.0, 0.0, 0.1), spectrum(9, -30.0, -2.0)]
    bins = SpectrumBins.over(spectra)
    assert [int(bins.counts(item).sum()) for item in spectra] == [3, 2]
    assert bins.counts(spectra[1])[0] == 1
    assert bins.counts(None).sum() == 0
    figure = spectrum_figure(bins, spectra[0], None)
    assert "eigenvalue" in figure.layout.xaxis.title.text
    assert figure.layout.yaxis.title.text == "positive eigenvalues"


def test_bins_of_spectra_without_a_positive_eigenvalue() -> None:
    bins = SpectrumBins.over([spectrum(0)])
    assert bins.counts(spectrum(0)).sum() == 0


def test_a_spectrum_in_words_counts_every_eigenvalue() -> None:
    now = Spectrum(10, np.array([-20.0, -1.0, 0.0]), negative=2, exact_zeros=5, rounded_zeros=0)
    said = spectrum_words(now, 25, "the matrix is too large", -10.0)
    assert said == (
        "Step 10, the last recorded before the cursor: of 10 eigenvalues 3 are positive (30.0%), "
        "2 negative, 5 exactly zero (weights of silent units, unused input directions). "
        "The first bar holds 1 that are smaller still. The matrix is too large."
    )


def test_no_spectrum_says_why() -> None:
    assert spectrum_words(None, 5, "too large.", -10.0) == (
        "No eigenvalues were recorded at or before step 5. Too large."
    )
