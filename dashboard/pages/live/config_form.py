"""The form of a run, made from the configuration model: a field there is a field here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.base import ids
from simulation.config import MODELS, RULES, TASKS, FieldSpec, RunConfig
from simulation.config.reading import read_scalar
from simulation.config.specs import kinds_of
from simulation.errors import Problem
from simulation.running.lineage import COMES_WITH_WEIGHTS

KIND_FIELDS = ("task.kind", "rule.kind")
"""Choices that decide which other fields there are."""
TASK_FIELDS = ("task.n_samples", "task.input_dim", "task.output_dim", "task.environments")
NETWORK_FIELDS = (
    "network.hidden_units",
    "network.init",
    "network.weight_scale",
    "network.activation",
)
RULE_FIELDS = ("rule.learning_rate", "rule.perturbation")
MORE_FIELDS = (
    (
        "What keeps it moving",
        (
            "noise.update_scale",
            "noise.label_scale",
            "noise.input_scale",
            "rule.feedforward_noise",
            "rule.lateral_noise",
        ),
    ),
    ("Length", ("schedule.steps", "seed")),
)
_IN_SIGHT = {
    *KIND_FIELDS,
    *TASK_FIELDS,
    *NETWORK_FIELDS,
    *RULE_FIELDS,
    *(path for _, paths in MORE_FIELDS for path in paths),
}

Specs = Sequence[FieldSpec]
Values = Mapping[str, Any]


def config_form(specs: Specs, values: Values) -> html.Div:
    """Every field that can be changed: the usual ones in sight, the others folded away.

    Parameters
    ----------
    specs : the fields of a configuration of these kinds, with the ranges that are allowed.
    values : what to fill in, by dotted name.
    """
    task, network, rule, more, details, rest = form_parts(specs, values)
    kinds = {spec.path: _field(spec, values) for spec in specs if spec.path in KIND_FIELDS}
    return html.Div(
        [
            _group("Task", [kinds["task.kind"], _swapped(ids.LIVE_TASK, task)]),
            _group("Network", [_swapped(ids.LIVE_NETWORK, network)]),
            _group("Learning", [kinds["rule.kind"], _swapped(ids.LIVE_RULE, rule)]),
            html.Div(more, id=ids.LIVE_MORE, className="form"),
            dmc.Accordion(
                [
                    _folded("Details of the task", ids.LIVE_TASK_DETAILS, details),
                    _folded("Details of network, learning and recording", ids.LIVE_REST, rest),
                ],
                multiple=True,
                variant="separated",
                className="form-more",
            ),
        ],
        className="form",
    )


def form_parts(specs: Specs, values: Values) -> tuple[list[Any], ...]:
    """What depends on the kinds, and stands beside their choices, which stay where they are.

    Sizes of the task, the network, settings of the rule, the other groups in sight, details of the
    task, the rest.
    """
    shown = {spec.path: spec for spec in specs if _can_change(spec, values)}
    hidden = [spec for spec in shown.values() if spec.path not in _IN_SIGHT]

    def these(paths: Iterable[str]) -> list[Any]:
        return [_field(shown[path], values) for path in paths if path in shown]

    details = [_field(spec, values) for spec in hidden if spec.path.startswith("task.")]
    return (
        these(TASK_FIELDS),
        these(NETWORK_FIELDS)
        or [html.P("It comes with the weights it starts from.", className="quiet")],
        these(RULE_FIELDS),
        [_group(title, these(paths)) for title, paths in MORE_FIELDS],
        details or [html.P("This task has no further settings.", className="quiet")],
        [_field(spec, values) for spec in hidden if not spec.path.startswith("task.")],
    )


def _can_change(spec: FieldSpec, values: Values) -> bool:
    """Whether a field belongs in the form: lineage is said in words, a lone choice is none.

    What comes with the weights of a parent is not to be chosen either.
    """
    if spec.path.startswith("parent."):
        return False
    if spec.path in COMES_WITH_WEIGHTS and values.get("parent.run"):
        return False
    if spec.path.startswith("probe."):
        return TASKS[values["task.kind"]].has_position
    return len(spec.choices) != 1 or spec.path in KIND_FIELDS


def form_values(config: RunConfig) -> dict[str, Any]:
    """What the form shows for `config`: precision auto where that comes to the same."""
    values = config.values()
    auto = RunConfig.parse({**values, "precision": "auto"})
    return values | ({"precision": "auto"} if auto == config else {})


def read_form(paths: Iterable[str], values: Iterable[Any]) -> dict[str, Any]:
    """What was typed, as a configuration takes it: '1e6' is a number, an empty field stays ''."""
    return {path: read_scalar(value) for path, value in zip(paths, values, strict=True)}


def problems_by_field(problems: Iterable[Problem], paths: Iterable[str]) -> dict[str, str]:
    """The messages of `problems` by field of the form; what belongs to none is under ''."""
    shown, messages = set(paths), dict[str, list[str]]()
    for problem in problems:
        own = problem.path in shown
        text = problem.message if own else str(problem)
        messages.setdefault(problem.path if own else "", []).append(text)
    return {path: _sentence("; ".join(texts)) for path, texts in messages.items()}


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def rule_choice(specs: Specs, rule: str) -> dict[str, Any]:
    """Properties of the choice of a rule, for the model that these are the fields of."""
    spec = next(spec for spec in specs if spec.path == "rule.kind")
    return {"data": _options(spec), "disabled": len(spec.choices) == 1, "value": rule}


def _swapped(id: str, fields: list[Any]) -> html.Div:
    """Fields of a group that change with the kinds."""
    return html.Div(fields, id=id, className="fields-more")


def _group(title: str, fields: list[Any]) -> html.Fieldset:
    return html.Fieldset(
        [html.Legend(title), html.Div(fields, className="fields")], className="form-group"
    )


def _folded(title: str, id: str, fields: list[Any]) -> dmc.AccordionItem:
    content = html.Div(fields, id=id, className="fields")
    return dmc.AccordionItem(
        [dmc.AccordionControl(title), dmc.AccordionPanel(content)], value=title
    )


def _field(spec: FieldSpec, values: Values) -> Any:
    field_id = {"type": ids.LIVE_FIELD, "path": spec.path}
    value = values.get(spec.path, spec.default)
    if spec.choices:
        return dmc.Select(
            id=field_id,
            label=_LABELS.get(spec.path, spec.label),
            description=spec.help or _MORE_HELP.get(spec.path),
            data=_options(spec),
            value=value,
            allowDeselect=False,
            inputWrapperOrder=_ORDER,
            comboboxProps={"withinPortal": False},
            disabled=len(spec.choices) == 1,
        )
    return dmc.TextInput(
        id=field_id,
        label=_label(spec),
        description=f"{spec.help} {_range(spec)}",
        value=_text(value),
        inputWrapperOrder=_ORDER,
        autoComplete="off",
        spellCheck=False,
    )


def _label(spec: FieldSpec) -> Any:
    said = spec.unit in spec.label.lower()
    return spec.label if said else [spec.label, html.Span(spec.unit, className="unit")]


_ORDER = ["label", "input", "error", "description"]
_LABELS = {"rule.kind": "Learning rule"}
_MORE_HELP = {
    "task.kind": "What the network learns, and with it which network.",
    "rule.kind": "How a step changes the weights.",
}


def _options(spec: FieldSpec) -> list[dict[str, Any]]:
    """The choices of a select; tasks are grouped by the model they belong to."""
    if spec.path == "task.kind":
        return [
            {
                "group": model.label,
                "items": [_option(spec, kind) for kind in kinds_of(model, "task")],
            }
            for model in MODELS.values()
        ]
    return [_option(spec, choice) for choice in spec.choices]


def _option(spec: FieldSpec, choice: str) -> dict[str, str]:
    kinds: Mapping[str, type[Any]] = {**TASKS, **RULES} if spec.path in KIND_FIELDS else {}
    label = kinds[choice].label if kinds else choice.replace("_", " ")
    return {"value": choice, "label": label}


def _range(spec: FieldSpec) -> str:
    low, high = (_number(limit, spec.is_integer) for limit in (spec.minimum, spec.maximum))
    return f"{low} to {high}."


def _number(limit: float | None, whole: bool) -> str:
    if limit is None:
        return "any"
    return f"{int(limit):,}" if whole else f"{limit:g}"


def _text(value: Any) -> str:
    return str(value).removesuffix(".0")
