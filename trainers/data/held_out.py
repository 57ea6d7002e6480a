"""Classes kept out of training, for a model to meet them for the first time when it is tested."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import UsageError
from trainers.registry import unknown_name


def class_name(spec: DataSpec, named: str) -> str:
    """The class of some data that a name or a number from 0 stands for; a name is taken for one first.

    Raises `UsageError` for data without classes, and for one that is none of them.
    """
    names = spec.class_names
    if not names:
        raise UsageError(f"{spec.name} has no classes, so none can be named; choose data with labels.")
    if named in names:
        return named
    if named.isdecimal() and int(named) < len(names):
        return names[int(named)]
    raise UsageError(unknown_name("class", named, names))


def without_class(dataset: ImageDataset, named: str) -> ImageDataset:
    """A training split without the items of a class; labels and names of the classes stay as they are.

    named: the class's name, or its number from 0. The fingerprint stays that of the whole data.
    Raises `UsageError` for data without classes, an unknown class, and where no item would be left.
    """
    name = class_name(dataset.spec, named)
    kept = without_classes(dataset, (name,))
    if len(kept) == 0:
        raise UsageError(
            f"{dataset.spec.name} has no items of another class than {name} to train on; hold out another one or none."
        )
    return kept


def without_classes(dataset: ImageDataset, names: Sequence[str]) -> ImageDataset:
    """A training split as it is seen by a model that some of the classes were kept from; a test split whole."""
    spec, labels = dataset.spec, dataset.labels
    if not names or labels is None or dataset.split == "test":
        return dataset
    numbers = torch.tensor([spec.class_names.index(name) for name in names if name in spec.class_names])
    places = torch.isin(labels, numbers, invert=True).nonzero().flatten()
    return replace(
        dataset,
        spec=spec.model_copy(update={"held_out_classes": tuple(names), "count": len(places)}),
        images=dataset.images[places],
        labels=labels[places],
        attributes=None if dataset.attributes is None else dataset.attributes[places],
    )
