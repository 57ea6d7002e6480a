"""The small models that the contract is tested on, and random data for them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.models.catalogue import MODELS
from trainers.models.latent_model import LatentModel

SETTINGS = Path(__file__).parent / "small"
CLASS_NAMES = ("first", "second", "third")
ATTRIBUTES = ("smile", "age")
ITEMS, BATCH = 40, 12


@dataclass(frozen=True)
class Case:
    """One model in one variant, small enough for a test, on data of one shape.

    `small/<model>.toml` lists the shapes that a model must take and its variants with their settings.
    """

    name: str
    variant: str
    settings: Mapping[str, object]
    shape: tuple[int, ...]

    def __str__(self) -> str:
        return "-".join([self.name, self.variant, "x".join(map(str, self.shape))])

    def build(self) -> LatentModel:
        """The model of this case, prepared on random data; the same one every time."""
        torch.manual_seed(0)
        spec = _spec(self.shape)
        config_type = MODELS[self.name].config_type
        model = MODELS[self.name](config_type.from_values(self.settings).resolved(spec), spec)
        model.prepare(_dataset(spec), seeded())
        return model


def _spec(shape: tuple[int, ...]) -> DataSpec:
    return DataSpec(
        name="random",
        kind="images" if len(shape) == 3 else "points",
        shape=shape,
        class_names=CLASS_NAMES,
        attribute_names=ATTRIBUTES,
        attribute_minima=(-1.0, 0.0),
        attribute_maxima=(1.0, 90.0),
        count=ITEMS,
    )


def all_cases() -> list[Case]:
    """Every variant of every model on every shape it is listed with."""
    found = []
    for name in MODELS:
        listed = tomllib.loads((SETTINGS / f"{name}.toml").read_text(encoding="utf-8"))
        found += [
            Case(name, variant["name"], variant["settings"], tuple(shape))
            for variant in listed["variants"]
            for shape in variant.get("shapes", listed["shapes"])
        ]
    return found


def first_shapes() -> list[Case]:
    """The first case of every variant."""
    return list({(case.name, case.variant): case for case in reversed(all_cases())}.values())


def _dataset(spec: DataSpec) -> ImageDataset:
    if spec.kind == "points":
        items = torch.randn(ITEMS, *spec.shape, generator=seeded())
    else:
        items = torch.randint(256, (ITEMS, *spec.shape), dtype=torch.uint8, generator=seeded())
    return ImageDataset(spec, "train", items, torch.arange(ITEMS) % len(CLASS_NAMES), _attributes(ITEMS))


def _attributes(count: int) -> Tensor:
    return torch.rand(count, 2, generator=seeded(3)) * torch.tensor([2.0, 90.0]) - torch.tensor([1.0, 0.0])


def batch_for(model: LatentModel) -> Batch:
    """Random items for a step of a model, the same ones every time."""
    spec = model.data_spec
    if spec.kind == "points":
        images = torch.randn(BATCH, *spec.shape, generator=seeded(1))
    else:
        # Grey values in steps of an 8-bit picture, as every dataset has them.
        images = torch.randint(256, (BATCH, *spec.shape), generator=seeded(1)) / 255.0
    images = images.round() if model.needs_binary_data else images
    return Batch(images, torch.arange(BATCH), seeded(2), torch.arange(BATCH) % len(CLASS_NAMES), _attributes(BATCH))


def seeded(seed: int = 0) -> torch.Generator:
    """A source of randomness of its own."""
    return torch.Generator().manual_seed(seed)
