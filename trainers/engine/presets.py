"""Recipes that travel with the packages: a model, its data and its settings under one name."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from trainers.engine.training_request import TrainingRequest
from trainers.errors import UsageError
from trainers.registry import unknown_name


@dataclass(frozen=True)
class Preset:
    """A named recipe.

    description: one sentence for a list of presets.
    values: fields of a `TrainingRequest`, as the file has them.
    """

    name: str
    description: str
    values: Mapping[str, Any]

    def request(self) -> TrainingRequest:
        """The recipe as a training request; raises `UsageError` where a field is wrong."""
        return TrainingRequest.from_values(self.values)


def preset_names() -> tuple[str, ...]:
    """All presets in alphabetical order."""
    found = (entry.name for entry in files("resources").joinpath("presets").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def load_preset(name: str) -> Preset:
    """Read a preset; raises `UsageError` with the nearest names if there is none of this name."""
    if name not in preset_names():
        raise UsageError(unknown_name("preset", name, preset_names()))
    text = files("resources").joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")
    values = tomllib.loads(text)
    return Preset(name, str(values.pop("description")), values)
