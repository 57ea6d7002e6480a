"""Settings as frozen pydantic models, and the sentences a person reads when one is wrong."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args, get_origin

import annotated_types
from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from trainers.errors import UsageError
from trainers.registry import unknown_name

FieldKind = Literal["integer", "number", "choice", "switch", "numbers", "text"]


class Config(BaseModel):
    """Frozen settings that refuse unknown keys; every field has a description and, where it has one, a range."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _truth_is_no_number(cls, value: object, info: ValidationInfo) -> object:
        # Python counts true as 1, and so would a setting of another type.
        field = cls.model_fields[str(info.field_name)]
        entries = value if isinstance(value, list | tuple) else (value,)
        if _kind(field) in ("integer", "number", "numbers") and any(isinstance(entry, bool) for entry in entries):
            raise ValueError("true and false are no numbers")
        return value

    @classmethod
    def from_values(cls, values: Mapping[str, object]) -> Self:
        """Check values and build the settings; raises `UsageError` naming setting, value and allowed range."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise UsageError(_sentence(cls, error)) from error

    @classmethod
    def from_assignments(cls, assignments: Iterable[str], values: Mapping[str, object] | None = None) -> Self:
        """Build the settings from `name=value` texts, laid over `values`; raises `UsageError`."""
        merged = dict(values or {})
        for assignment in assignments:
            name, separator, text = assignment.partition("=")
            if not separator:
                raise UsageError(f"The setting {assignment!r} has no value; write it as name=value.")
            merged[name.strip()] = _value_of(text.strip())
        return cls.from_values(merged)


@dataclass(frozen=True)
class SettingField:
    """What a form, a help text or a range check needs to know of one setting."""

    name: str
    kind: FieldKind
    default: Any
    description: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


def setting_fields(config_type: type[Config]) -> tuple[SettingField, ...]:
    """The settings of a config class in the order of their declaration."""
    return tuple(_setting_field(name, field) for name, field in config_type.model_fields.items())


def _setting_field(name: str, field: FieldInfo) -> SettingField:
    kind = _kind(field)
    choices = tuple(str(choice) for choice in get_args(field.annotation)) if kind == "choice" else ()
    lowest, highest = _range(field)
    default = field.get_default(call_default_factory=True)
    return SettingField(name, kind, default, field.description or "", lowest, highest, choices)


def _kind(field: FieldInfo) -> FieldKind:
    annotation: Any = field.annotation
    if type(None) in get_args(annotation):
        # A setting that may be left open is of the kind it has when it is given.
        (annotation,) = (choice for choice in get_args(annotation) if choice is not type(None))
    origin = get_origin(annotation)
    if origin is Literal:
        return "choice"
    if origin is tuple:
        return "numbers"
    simple: dict[object, FieldKind] = {bool: "switch", int: "integer", float: "number"}
    return simple.get(annotation, "text")


def _range(field: FieldInfo) -> tuple[float | None, float | None]:
    lowest: Any = None
    highest: Any = None
    for constraint in field.metadata:
        if isinstance(constraint, annotated_types.Ge):
            lowest = constraint.ge
        elif isinstance(constraint, annotated_types.Gt):
            lowest = constraint.gt
        elif isinstance(constraint, annotated_types.Le):
            highest = constraint.le
        elif isinstance(constraint, annotated_types.Lt):
            highest = constraint.lt
    return lowest, highest


def _value_of(text: str) -> object:
    # JSON first, so that 3, 0.5, true and [64, 32] mean what they say; anything else is a plain word.
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _sentence(config_type: type[Config], error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else config_type.__name__
    if first["type"] == "extra_forbidden":
        return unknown_name("setting", name, tuple(config_type.model_fields))
    field = config_type.model_fields.get(name)
    if field is None:
        return f"{first['msg'].removeprefix('Value error, ')}."
    return f"{name} = {_shown(first['input'])} is not allowed: {_allowed(name, field, first['msg'])}."


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


def _allowed(name: str, field: FieldInfo, message: str) -> str:
    description = _setting_field(name, field)
    nouns = {
        "integer": "a whole number",
        "number": "a number",
        "numbers": "a list of whole numbers such as [64, 32]",
        "switch": "true or false",
    }
    if description.kind == "choice":
        return "choose one of " + ", ".join(description.choices)
    if description.kind not in nouns:
        return message.removeprefix("Value error, ").rstrip(".").lower()
    allowed = f"it must be {nouns[description.kind]}{_bounds(field.metadata)}"
    if description.kind == "numbers":
        allowed += _entries(field.metadata)
        each = _bounds([part for item in get_args(field.annotation)[:1] for part in _constraints(item)])
        allowed += f", each{each}" if each else ""
    return allowed


def _bounds(constraints: Sequence[object]) -> str:
    limits: dict[str, float] = {}
    for constraint in constraints:
        for kind in ("ge", "gt", "le", "lt"):
            if hasattr(constraint, kind):
                limits[kind] = getattr(constraint, kind)
    if limits.keys() == {"ge", "le"}:
        return f" from {limits['ge']:g} to {limits['le']:g}"
    words = {"ge": "of at least", "gt": "above", "le": "at most", "lt": "below"}
    parts = [f"{words[kind]} {limit:g}" for kind, limit in limits.items()]
    return " " + " and ".join(parts) if parts else ""


def _entries(constraints: Sequence[object]) -> str:
    fewest = [constraint.min_length for constraint in constraints if isinstance(constraint, annotated_types.MinLen)]
    most = [constraint.max_length for constraint in constraints if isinstance(constraint, annotated_types.MaxLen)]
    bounds = [annotated_types.Ge(length) for length in fewest] + [annotated_types.Le(length) for length in most]
    return f" with{_bounds(bounds).removeprefix(' from')} entries" if bounds else ""


def _constraints(annotation: object) -> Sequence[object]:
    # `Annotated[int, Field(ge=1)]` keeps its range one level down.
    found: list[object] = []
    for part in getattr(annotation, "__metadata__", ()):
        found += part.metadata if isinstance(part, FieldInfo) else [part]
    return found
