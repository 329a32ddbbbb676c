"""The published tables: read as they are, and what they say about their own networks."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulation.analysis.published_table import (
    COLUMNS,
    DATA,
    FILES,
    HIDDEN_UNITS,
    PublishedDataError,
    published,
    read_published,
)


def test_every_simulation_is_there_with_its_type() -> None:
    table = read_published()
    assert table["study"].value_counts().to_dict() == {
        "random": 710,
        "update_vs_label": 362,
        "random_sed": 49,
        "noise_sweep": 45,
        "vary_update_noise": 30,
    }
    assert table.index.tolist() == list(range(1_196))
    assert set(table.dtypes[["n_samples", "steps", "output_dim"]].astype(str)) == {"int64"}
    assert table["active_units_ratio"].between(0, 1.2).all()


def test_the_tables_own_counts_give_the_networks_output_size() -> None:
    """The share of positive eigenvalues is a mean of ten counts out of H (D + 1 + O)."""
    table = read_published()
    parameters = HIDDEN_UNITS * (table["input_dim"] + 1 + table["output_dim"])
    counts = 10 * table["positive_eigenvalue_fraction"] * parameters
    assert np.abs(counts - counts.round()).max() < 0.005
    listed = HIDDEN_UNITS * (table["input_dim"] + 1 + table["listed_output_dim"])
    moved = table["output_dim"] != table["listed_output_dim"]
    wrong = (10 * table["positive_eigenvalue_fraction"] * listed)[moved]
    assert (np.abs(wrong - wrong.round()) > 0.005).mean() > 0.8


def test_the_listed_loss_of_random_draws_contains_the_label_noise() -> None:
    """Over orders of magnitude it is the variance of uniform noise of the listed full width."""
    table = read_published()
    random = table[(table["study"] == "random") & (table["rule"] == "sgd")]
    rows = random[random["label_noise_scale"] > 0]
    excess = rows["final_log10_loss"] - np.log10(rows["label_noise_scale"] ** 2 / 12)
    assert len(rows) == 353
    assert abs(excess.median()) < 0.01
    assert excess.quantile(0.75) - excess.quantile(0.25) < 0.07


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / FILES[1]).unlink()
    with pytest.raises(PublishedDataError, match=f"{FILES[1]}.*restore it"):
        read_published(folder)


@pytest.mark.parametrize("spoilt", ["", "study,task\n1,2\n", None])
def test_a_damaged_file_is_named(folder: Path, spoilt: str | None) -> None:
    path = folder / FILES[0]
    text = path.read_text()
    path.write_text(text.replace(",lazy,5,", ",lazy,five,", 1) if spoilt is None else spoilt)
    with pytest.raises(PublishedDataError, match=FILES[0]):
        read_published(folder)


def small_table(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    """Rows that are 1 everywhere but for what is given, with a column more than is read."""
    given = [dict.fromkeys(COLUMNS, 1) | {"extra": 9} | row for row in rows]
    pd.DataFrame(given).to_csv(folder / name, index=False)


def test_the_corrections_of_a_small_table(tmp_path: Path) -> None:
    random = {"study": "random", "init": "07", "rule": "sgd", "input_dim": 4, "output_dim": 3}
    small_table(
        tmp_path,
        FILES[0],
        [
            random | {"task": "random", "final_log10_normalized_loss": -1.5},
            random | {"task": "random_autoencoder", "study": "update_vs_label"},
            random | {"task": "smoothed_autoencoder", "study": "vary_update_noise"},
        ],
    )
    small_table(tmp_path, FILES[1], [random | {"task": "abstract_predictive"}])
    table = read_published(tmp_path)
    assert table.columns.tolist() == [*COLUMNS, "listed_output_dim", "final_log10_loss"]
    assert table.index.tolist() == [0, 1, 2, 3]
    assert table["output_dim"].tolist() == [3, 4, 4, 4]
    assert table["listed_output_dim"].tolist() == [3, 3, 3, 3]
    assert table["init"].tolist() == ["07"] * 4
    assert table["learning_rate"].dtype == np.float64
    np.testing.assert_array_equal(table["final_log10_loss"], [-1.5, np.nan, 1, 1])
    listed = table["final_log10_normalized_loss"]
    np.testing.assert_array_equal(listed, [np.nan, 1, np.nan, np.nan])


def test_what_is_wrong_with_a_file_is_said(tmp_path: Path) -> None:
    small_table(tmp_path, FILES[0], [{}])
    path = tmp_path / FILES[1]
    for spoil, reason in (
        (lambda: None, "No such file or directory"),
        (lambda: path.write_text("study,task\n1,2\n"), "it has no column init"),
    ):
        spoil()
        with pytest.raises(PublishedDataError) as caught:
            read_published(tmp_path)
        problem = caught.value
        assert str(problem).startswith(
            f"The published simulations cannot be read from {path}: {reason}."
        )
        assert problem.subject == str(path)
        assert problem.remedy == (
            "The file comes with this software; restore it from its repository."
        )


def test_the_tables_are_read_once() -> None:
    assert published() is published()
    assert published().equals(read_published())
