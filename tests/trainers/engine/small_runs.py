"""Runs of a few steps on embedded data, of every model in every variant that these data allow."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from trainers.data.data_spec import DataSpec
from trainers.engine.training_request import TrainingRequest
from trainers.errors import UsageError
from trainers.models.catalogue import MODELS

STEPS = 4

_SETTINGS = Path(__file__).parents[1] / "models/small"
_DATA = (
    DataSpec(name="digits", shape=(1, 8, 8), class_names=tuple("0123456789"), count=1437),
    DataSpec(name="moons", kind="points", shape=(2,), class_names=("upper", "lower"), count=20_000),
)


@dataclass(frozen=True)
class SmallRun:
    """A variant of a model that can be trained on embedded data, for four steps of 32 items."""

    name: str
    request: TrainingRequest
    normalises_batches: bool

    def __str__(self) -> str:
        return self.name


def small_runs() -> list[SmallRun]:
    """Every variant in `models/small` on every embedded dataset that it can be trained on."""
    found = []
    for model in MODELS:
        listed = tomllib.loads((_SETTINGS / f"{model}.toml").read_text(encoding="utf-8"))
        for variant in listed["variants"]:
            shapes = [tuple(shape) for shape in variant.get("shapes", listed["shapes"])]
            runs = (_small_run(model, variant, spec) for spec in _DATA if spec.shape in shapes)
            found += [run for run in runs if run is not None]
    return found


def _small_run(model: str, variant: Mapping[str, Any], spec: DataSpec) -> SmallRun | None:
    config_type = MODELS[model].config_type
    try:
        built = MODELS[model](config_type.from_values(variant["settings"]).resolved(spec), spec)
    except UsageError:
        # Some variants need conditions that the embedded data do not have.
        return None
    values: dict[str, Any] = {
        "model": model,
        "model_settings": variant["settings"],
        "data": spec.name,
        "batch_size": 32,
        "seed": 3,
    }
    request = TrainingRequest.from_values({**values, "device": "cpu", "precision": "float32", "max_steps": STEPS})
    normalises = any(isinstance(part, nn.modules.batchnorm._BatchNorm) for part in built.modules())
    return SmallRun(f"{model}-{variant['name']}-{spec.name}", request, normalises)
