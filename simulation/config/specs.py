"""The fields of a configuration as forms, the command line and the docs need them."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel


class FieldSpec(BaseModel):
    """One field: where it is, what it means, what it may be."""

    path: str
    label: str
    help: str
    unit: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    is_integer: bool = False

    @property
    def allowed(self) -> str:
        """What may be entered: '2 to 20,000', or the choices."""
        if self.minimum is None or self.maximum is None:
            return ", ".join(self.choices)
        low, high = (f"{limit:,}".removesuffix(".0") for limit in (self.minimum, self.maximum))
        return f"{low} to {high}"


def in_sentence(label: str) -> str:
    """A label within a sentence: 'Update noise s' -> 'update noise s'; symbols and names stay."""
    word = label.split(" ")[0].rstrip(",")
    is_plain = word[1:].islower() and word not in _NAMES
    return f"{label[0].lower()}{label[1:]}" if is_plain else label


_NAMES = ("Hessian",)


def kinds_of(model: type[BaseModel], section: str) -> dict[str, type[Any]]:
    """The classes that a section of this model can be, by their kind."""
    annotation = model.model_fields[section].annotation
    members = get_args(annotation) or (annotation,)
    return {member.model_fields["kind"].default: member for member in members}


def specs_of(model: type[BaseModel], kinds: dict[str, str]) -> list[FieldSpec]:
    """Every field of a configuration of this model with these kinds (the default ones else)."""
    sections, single = [], []
    for name, info in model.model_fields.items():
        if isinstance(info.default, BaseModel):
            sections += _section(model, name, info, kinds)
        else:
            single.append(_spec(name, info, ()))
    return single[:1] + sections + single[1:]


def _section(
    model: type[BaseModel], name: str, info: Any, kinds: dict[str, str]
) -> list[FieldSpec]:
    kind: type[BaseModel] = type(info.default)
    choices: dict[str, type[BaseModel]] = {}
    if "kind" in kind.model_fields:
        choices = kinds_of(model, name)
        kind = choices.get(kinds.get(f"{name}.kind", ""), kind)
    return [
        _spec(f"{name}.{key}", field, tuple(choices) if key == "kind" else ())
        for key, field in kind.model_fields.items()
    ]


def _spec(path: str, info: Any, kinds: tuple[str, ...]) -> FieldSpec:
    if kinds:
        label = path.split(".")[0].capitalize()
        return FieldSpec(
            path=path, label=label, help="", unit="", default=info.default, choices=kinds
        )
    limits = {
        name: getattr(rule, name)
        for rule in info.metadata
        for name in ("ge", "le")
        if hasattr(rule, name)
    }
    return FieldSpec(
        path=path,
        label=info.title or path,
        help=info.description or "",
        unit=(info.json_schema_extra or {}).get("unit", ""),
        default=info.default,
        minimum=limits.get("ge"),
        maximum=limits.get("le"),
        choices=() if limits else tuple(_literals(info.annotation)),
        is_integer=info.annotation is int,
    )


def _literals(annotation: Any) -> list[str]:
    values: list[str] = []
    for part in get_args(annotation):
        values += [part] if isinstance(part, str) else _literals(part)
    return values
