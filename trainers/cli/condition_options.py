"""Options that say what a model is told beside its codes, and how far samples spread."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from trainers.errors import UsageError

if TYPE_CHECKING:
    from trainers.engine.conditions import SpokenCondition
    from trainers.latent.latent_space import Temperature
    from trainers.models.latent_model import LatentModel

ClassOption = Annotated[
    str | None, typer.Option("--class", metavar="NAME", help="Class that pictures are made of.", show_default=False)
]
AttributeOption = Annotated[
    list[str] | None,
    typer.Option("--attribute", metavar="NAME=VALUE", help="Attribute of the pictures; may be repeated."),
]
TemperatureOption = Annotated[
    str,
    typer.Option(
        metavar="NUMBER", help="Scale of the prior's noise, 0 to 10; or one per level with commas, the picture's first."
    ),
]
_HOTTEST = 10.0


def parse_temperature(text: str) -> "Temperature":
    """One number, or several with commas between them; raises `UsageError` for anything but numbers from 0 to 10."""
    numbers = [_number(word) for word in text.split(",")]
    if not all(0.0 <= number <= _HOTTEST for number in numbers):
        raise UsageError(
            f"--temperature {text} is not allowed: give a number from 0 to {_HOTTEST:g}, or one per level with commas."
        )
    return numbers[0] if len(numbers) == 1 else tuple(numbers)


def parse_attributes(texts: Sequence[str] | None) -> dict[str, float | None]:
    """Attributes by name from `NAME=VALUE`, the value None where only a name is given.

    Raises `UsageError` for a value that is no number, or a name given twice.
    """
    attributes: dict[str, float | None] = {}
    for text in texts or ():
        name, separator, value = text.partition("=")
        name = name.strip()
        if name in attributes:
            raise UsageError(f"--attribute {name} is given twice; give it once.")
        number = _number(value) if separator else None
        if number is not None and not math.isfinite(number):
            raise UsageError(f"--attribute {text} is not allowed: the value must be a number, such as {name}=1.")
        attributes[name] = number
    return attributes


def one_condition(
    model: "LatentModel", class_name: str | None, attributes: "dict[str, float | None]"
) -> "SpokenCondition":
    """The condition of a sheet of decoded codes: the one asked for, else the usual one; raises `UsageError`."""
    from trainers.engine.conditions import chosen_condition, usual_condition

    spec = model.condition_spec
    return chosen_condition(spec, class_name, attributes, decoding=True) or usual_condition(spec)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
