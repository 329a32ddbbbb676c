"""What every task has in common, and the tasks without an arena."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from simulation.config import TASKS, RunConfig
from simulation.noise.streams import generator
from simulation.tasks import make_dataset, make_evaluation
from simulation.tasks.dataset import Scaling

KINDS = sorted(set(TASKS) - {"ring", "grid_to_place"})  # those that descend a loss
WITH_POSITION = ["corridor", "abstract_predictive"]
PINNED_INPUTS = {
    "abstract_predictive": [-0.27159863529264294, -0.22727198304960505, -0.2576483258686375],
    "corridor": [0.7400369576897015, 0.7404323013444063, 0.7430901488771955],
    "random": [0.5313614417819745, 0.803834452969453, 0.17622028658597277],
    "random_autoencoder": [0.5313614417819745, 0.803834452969453, 0.17622028658597277],
    "smoothed_autoencoder": [0.06725150563877791, 0.05419972315097232, 0.04432241057215447],
    "smoothed_random": [0.5684717770628045, 0.35724428332189206, -0.22748827535183835],
}


def config_of(kind: str, **values: object) -> RunConfig:
    return RunConfig.parse({"task.kind": kind} | {f"task.{k}": v for k, v in values.items()})


@pytest.mark.parametrize("kind", KINDS)
def test_sizes_and_scaling(kind: str) -> None:
    config = config_of(kind)
    dataset = make_dataset(config)
    assert dataset.inputs.shape == (config.task.n_samples, config.task.input_dim)
    assert dataset.targets.shape == (config.task.n_samples, config.task.output_dim)
    assert dataset.inputs.dtype == dataset.targets.dtype == np.float64
    for values in (dataset.inputs, dataset.targets):
        assert values.min() == -1
        assert values.max() == 1
    assert (dataset.walk is not None) == config.task.has_position == (kind in WITH_POSITION)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"corridor"}))
@pytest.mark.parametrize("which", ["inputs", "targets"])
def test_samples_may_span_the_unit_interval(kind: str, which: str) -> None:
    """The same samples, moved; the others stay where they are."""
    symmetric = make_dataset(config_of(kind))
    unit = make_dataset(config_of(kind, **{f"{which[:-1]}_range": "unit"}))
    other = {"inputs": "targets", "targets": "inputs"}[which]
    np.testing.assert_allclose(
        getattr(unit, which), (getattr(symmetric, which) + 1) / 2, atol=1e-15
    )
    np.testing.assert_array_equal(getattr(unit, other), getattr(symmetric, other))


@pytest.mark.parametrize("kind", KINDS)
def test_seed_decides(kind: str) -> None:
    config = config_of(kind)
    first, again = make_dataset(config), make_dataset(config)
    np.testing.assert_array_equal(first.inputs, again.inputs)
    np.testing.assert_array_equal(first.targets, again.targets)
    other = make_dataset(config.with_values({"seed": 1}))
    assert not np.allclose(first.inputs, other.inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_training_samples_do_not_depend_on_rule_noise_or_network(kind: str) -> None:
    config = config_of(kind)
    changed = config.with_values(
        {"noise.update_scale": 0.1, "network.hidden_units": 3, "precision": "float32"}
    )
    np.testing.assert_array_equal(make_dataset(config).inputs, make_dataset(changed).inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_first_inputs_are_pinned(kind: str) -> None:
    """The same configuration is the same run, on any machine and in any later version."""
    expected = PINNED_INPUTS[kind]
    np.testing.assert_allclose(make_dataset(config_of(kind)).inputs[0, :3], expected, rtol=1e-9)


@pytest.mark.parametrize("kind", WITH_POSITION)
def test_targets_are_the_next_view(kind: str) -> None:
    """Up to the two arrays' scalings, a target is what the next sample sees."""
    dataset = make_dataset(config_of(kind))
    seen = dataset.inputs[1:, : dataset.targets.shape[1]].ravel()
    foretold = dataset.targets[:-1].ravel()
    slope, offset = np.polyfit(seen, foretold, 1)
    np.testing.assert_allclose(slope * seen + offset, foretold, atol=1e-9)
    assert slope == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("kind", WITH_POSITION)
def test_evaluation_is_another_walk_through_the_same_arena(kind: str) -> None:
    config = config_of(kind, n_samples=400)
    training, evaluation = make_dataset(config), make_evaluation(config, samples=2_000)
    assert evaluation is not None
    assert evaluation.inputs.shape == (2_000, config.task.input_dim)
    assert training.walk is not None
    assert evaluation.walk is not None
    assert not np.isin(evaluation.walk.position[1:], training.walk.position).any()
    assert np.abs(evaluation.inputs).max() < 1.5
    again = make_evaluation(config, samples=2_000)
    assert again is not None
    np.testing.assert_array_equal(evaluation.inputs, again.inputs)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(WITH_POSITION)))
def test_no_evaluation_without_a_position(kind: str) -> None:
    assert make_evaluation(config_of(kind)) is None


@pytest.mark.parametrize(("samples", "outputs"), [(1, 1), (2, 1), (1, 3), (7, 30)])
@pytest.mark.parametrize("kind", ["random", "smoothed_random"])
def test_smallest_sizes(kind: str, samples: int, outputs: int) -> None:
    dataset = make_dataset(config_of(kind, n_samples=samples, input_dim=1, output_dim=outputs))
    assert np.isfinite(dataset.inputs).all()
    assert np.isfinite(dataset.targets).all()


def test_random_is_uniform_and_independent() -> None:
    dataset = make_dataset(config_of("random", n_samples=2_000, input_dim=20, output_dim=20))
    counts = np.histogram(dataset.inputs, 10)[0] / dataset.inputs.size
    np.testing.assert_allclose(counts, 0.1, atol=0.01)
    assert abs(np.corrcoef(dataset.inputs.ravel(), dataset.targets.ravel())[0, 1]) < 0.02


def test_smoothed_random_is_the_filtered_noise() -> None:
    task = config_of("smoothed_random", n_samples=10, input_dim=20, output_dim=15)
    dataset = make_dataset(task)
    noise = generator(0, "task").random((10, 20))
    smooth = gaussian_filter(noise, (10 / 5, 15 / 5), mode="reflect")
    expected = 2 * (smooth - smooth.min()) / np.ptp(smooth) - 1
    np.testing.assert_allclose(dataset.inputs, expected, atol=1e-12)


@pytest.mark.parametrize("kind", ["random_autoencoder", "smoothed_autoencoder"])
def test_autoencoders_are_asked_for_their_inputs(kind: str) -> None:
    dataset = make_dataset(config_of(kind, n_samples=7, input_dim=9))
    np.testing.assert_array_equal(dataset.inputs, dataset.targets)
    plain = make_dataset(config_of(kind.split("_")[0] + "_autoencoder", n_samples=1, input_dim=1))
    np.testing.assert_array_equal(plain.inputs, 0)


def test_the_smoothed_autoencoder_sees_the_filtered_noise() -> None:
    dataset = make_dataset(config_of("smoothed_autoencoder", n_samples=10, input_dim=15))
    noise = generator(0, "task").random((10, 15))
    smooth = gaussian_filter(noise, (10 / 5, 15 / 5), mode="reflect")
    expected = 2 * (smooth - smooth.min()) / np.ptp(smooth) - 1
    np.testing.assert_allclose(dataset.inputs, expected, atol=1e-12)


def test_scaling_of_a_constant_array_is_zero() -> None:
    values = np.full((3, 2), 0.7)
    np.testing.assert_array_equal(Scaling.of(values)(values), 0)
