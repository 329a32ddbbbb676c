"""The paper's simulations by name."""

from __future__ import annotations

import pytest

from simulation.config.schedule import snapshot_steps
from simulation.errors import ConfigError
from simulation.recipes import recipe, recipe_names
from simulation.running.lineage import fork


def test_the_recipes() -> None:
    assert recipe_names() == [
        "activation_tanh",
        "adam",
        "autoencoder",
        "corridor_phases",
        "figure2",
        "noise_off",
        "noise_s003",
        "noise_s003_control",
        "noise_s003_label",
        "probe_corridor",
        "probe_corridor_label",
        "rmsprop",
        "sed",
        "similarity_grid",
        "similarity_ring",
        "two_arenas",
    ]
    for name in recipe_names():
        item = recipe(name)
        assert item.name == name
        assert "Figure " in item.figure
        assert "\n" not in item.title + item.description
        assert len(item.description) > 100


def test_figure2_is_the_published_configuration() -> None:
    config = recipe("figure2").config
    assert (config.task.n_samples, config.task.input_dim, config.task.output_dim) == (150, 18, 17)
    assert (config.network.hidden_units, config.network.init) == (500, "lazy")
    assert (config.rule.learning_rate, config.noise.update_scale) == (0.1, 0.01389)
    assert config.schedule.steps == 1_000_000
    assert config.precision == "float32"


def test_the_fork_starts_from_the_sweep_network() -> None:
    update, off = recipe("noise_s003").config, recipe("noise_off").config
    assert off == fork(update, update.run_id, off.parent.step, {"noise.update_scale": 0})
    assert off.parent.step in snapshot_steps(update.schedule)


def test_the_sweep_network_differs_in_its_noise_alone() -> None:
    update, control, label = (
        recipe(f"noise_s003{suffix}").config for suffix in ("", "_control", "_label")
    )
    assert (update.task.n_samples, update.task.input_dim, update.task.output_dim) == (5, 20, 5)
    assert (update.network.hidden_units, update.network.init) == (100, "rich")
    assert update.schedule.steps == 2_000_000
    assert update.noise.update_scale == 0.03
    assert control.noise.is_silent
    assert control.precision == "float64"
    assert (label.noise.update_scale, label.noise.label_scale) == (0, 1)
    for other in (control, label):
        assert (other.task, other.network, other.rule, other.schedule, other.seed) == (
            update.task,
            update.network,
            update.rule,
            update.schedule,
            update.seed,
        )


def test_recipe_ids_never_change() -> None:
    ids = {name: recipe(name).config.run_id for name in recipe_names()}
    assert ids == {
        "activation_tanh": "17fdac36c02d",
        "adam": "fe0a0be81806",
        "autoencoder": "6631b8267bb0",
        "corridor_phases": "d5af7d6fc13f",
        "figure2": "3ddb5689fff1",
        "noise_off": "3408170a2e48",
        "noise_s003": "e0a959685c6b",
        "noise_s003_control": "79b88eef39db",
        "noise_s003_label": "0240c17bb5e5",
        "probe_corridor": "5f13161b24cf",
        "probe_corridor_label": "3ea7c002a424",
        "rmsprop": "86df2b57360f",
        "sed": "c2491e1e5538",
        "similarity_grid": "2dd5f858aaae",
        "similarity_ring": "c72366017170",
        "two_arenas": "80e09ab0ca3a",
    }


def test_a_typo_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean figure2"):
        recipe("figur2")
