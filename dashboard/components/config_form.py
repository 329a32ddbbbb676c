"""The form of a run, made from the configuration model: a field there is a field here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard import ids
from simulation.config import TASKS, FieldSpec, RunConfig
from simulation.config.reading import read_scalar
from simulation.errors import Problem

TASK_FIELDS = ("task.n_samples", "task.input_dim", "task.output_dim")
BASIC_FIELDS = (
    ("Network", ("network.hidden_units", "network.init", "rule.learning_rate")),
    ("What keeps it moving", ("noise.update_scale", "noise.label_scale", "noise.input_scale")),
    ("Length", ("schedule.steps", "seed")),
)

Specs = Sequence[FieldSpec]
Values = Mapping[str, Any]


def config_form(specs: Specs, values: Values) -> html.Div:
    """Every field that can be changed: the usual ones in sight, the others folded away.

    Parameters
    ----------
    specs : the fields of a configuration of these kinds, with the ranges that are allowed.
    values : what to fill in, by dotted name.
    """
    shown = {spec.path: spec for spec in specs if len(spec.choices) != 1}
    used = {path for _, paths in BASIC_FIELDS for path in paths} | {"task.kind"}
    rest = [spec for spec in shown.values() if spec.path not in used and not _is_task(spec)]
    return html.Div(
        [
            _group(
                "Task",
                [
                    _field(shown["task.kind"], values),
                    html.Div(task_fields(specs, values), id=ids.LIVE_TASK, className="fields-more"),
                ],
            ),
            *(
                _group(title, [_field(shown[path], values) for path in paths])
                for title, paths in BASIC_FIELDS
            ),
            dmc.Accordion(
                [
                    _folded(
                        "Details of the task",
                        html.Div(
                            task_details(specs, values),
                            id=ids.LIVE_TASK_DETAILS,
                            className="fields",
                        ),
                    ),
                    _folded(
                        "Noise shape, recording, precision",
                        html.Div([_field(spec, values) for spec in rest], className="fields"),
                    ),
                ],
                multiple=True,
                variant="separated",
                className="form-more",
            ),
        ],
        className="form",
    )


def task_fields(specs: Specs, values: Values) -> list[Any]:
    """The fields that size this kind of task."""
    return [_field(spec, values) for spec in specs if spec.path in TASK_FIELDS]


def task_details(specs: Specs, values: Values) -> list[Any]:
    """The other fields of this kind of task, or a sentence saying that it has none."""
    details = [_field(spec, values) for spec in specs if _is_detail(spec)]
    return details or [html.P("This task has no further settings.", className="quiet")]


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


def _is_task(spec: FieldSpec) -> bool:
    return spec.path.startswith("task.")


def _is_detail(spec: FieldSpec) -> bool:
    return _is_task(spec) and spec.path not in (*TASK_FIELDS, "task.kind")


def _group(title: str, fields: list[Any]) -> html.Fieldset:
    return html.Fieldset(
        [html.Legend(title), html.Div(fields, className="fields")], className="form-group"
    )


def _folded(title: str, content: Any) -> dmc.AccordionItem:
    return dmc.AccordionItem(
        [dmc.AccordionControl(title), dmc.AccordionPanel(content)], value=title
    )


def _field(spec: FieldSpec, values: Values) -> Any:
    field_id = {"type": ids.LIVE_FIELD, "path": spec.path}
    value = values.get(spec.path, spec.default)
    if spec.choices:
        return dmc.Select(
            id=field_id,
            label=spec.label,
            description=spec.help or _MORE_HELP.get(spec.path),
            data=[{"value": choice, "label": _choice(spec, choice)} for choice in spec.choices],
            value=value,
            allowDeselect=False,
            inputWrapperOrder=_ORDER,
            comboboxProps={"withinPortal": False},
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
_MORE_HELP = {"task.kind": "What the network learns to predict."}


def _choice(spec: FieldSpec, choice: str) -> str:
    return TASKS[choice].label if spec.path == "task.kind" else choice


def _range(spec: FieldSpec) -> str:
    low, high = (_number(limit, spec.is_integer) for limit in (spec.minimum, spec.maximum))
    return f"{low} to {high}."


def _number(limit: float | None, whole: bool) -> str:
    if limit is None:
        return "any"
    return f"{int(limit):,}" if whole else f"{limit:g}"


def _text(value: Any) -> str:
    return str(value).removesuffix(".0")
