"""The settings of a model as a table, from the same fields that check them."""

from typing import Any

from rich.table import Table

from trainers.config import Config, SettingField, setting_fields


def settings_table(config_type: type[Config]) -> Table:
    """Name, default, allowed values and description of every setting."""
    table = Table("setting", "default", "allowed", "description")
    for field in setting_fields(config_type):
        table.add_row(field.name, _shown(field.default), _allowed(field), field.description)
    return table


def settings_values(config_type: type[Config]) -> dict[str, dict[str, Any]]:
    """The same for a program, by name of the setting."""
    return {
        field.name: {
            "kind": field.kind,
            "default": field.default,
            "minimum": field.minimum,
            "maximum": field.maximum,
            "choices": list(field.choices),
            "description": field.description,
        }
        for field in setting_fields(config_type)
    }


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(str(number) for number in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _allowed(field: SettingField) -> str:
    if field.choices:
        return ", ".join(field.choices)
    if field.kind == "switch":
        return "true, false"
    if field.minimum is not None and field.maximum is not None:
        return f"{field.minimum:g} to {field.maximum:g}"
    if field.minimum is not None:
        return f"at least {field.minimum:g}"
    return f"at most {field.maximum:g}" if field.maximum is not None else ""
