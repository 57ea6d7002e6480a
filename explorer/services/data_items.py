"""Items of the data a model learned from, as the model sees them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from explorer.state.session_state import ItemsChoice
from trainers.data.binarisation import drawn_once, static_seed
from trainers.data.catalogue import DATASETS, load_split_of
from trainers.data.data_spec import DataSpec, data_title
from trainers.data.image_dataset import ImageDataset, Split
from trainers.errors import TrainersError, UsageError
from trainers.reporting import Report

_EVALUATION_SEED = 0
# Both splits of a dataset are put together in memory; of one that is larger than this, only the first items.
_MOST_BYTES = 256_000_000
_DRAWN_AT_ONCE = 1024
_TITLES: dict[ItemsChoice, str] = {
    "test": "test items",
    "train": "training items",
    "all": "test and training items",
}


@dataclass(frozen=True, eq=False)
class DataItems:
    """Items of one split of one dataset, or of both, those for testing first.

    images: (count, channels, height, width) uint8, zeros and 255 for a model of binarised images; or points
    (count, 2) float32.
    labels: (count,) class numbers, or None. spec: what the model was told about its data.
    attributes: (count, attributes), columns as in `spec.attribute_names`, or None.
    """

    images: NDArray[np.uint8] | NDArray[np.float32]
    labels: NDArray[np.int64] | None
    spec: DataSpec
    attributes: NDArray[np.float32] | None = None
    source: ItemsChoice = "test"

    def __len__(self) -> int:
        return len(self.images)

    def part(self, places: slice | NDArray[np.int64]) -> "DataItems":
        """Some of the items."""
        labels, attributes = self.labels, self.attributes
        return replace(
            self,
            images=self.images[places],
            labels=None if labels is None else labels[places],
            attributes=None if attributes is None else attributes[places],
        )

    @property
    def title(self) -> str:
        """What the items are, for example "test items of mnist"."""
        return f"{_TITLES[self.source]} of {data_title(self.spec.name)}"

    def class_names_of(self, indices: NDArray[np.int64]) -> tuple[str, ...]:
        """The class name of each of some items; empty texts without labels."""
        if self.labels is None or not self.spec.class_names:
            return ("",) * len(indices)
        return tuple(self.spec.class_names[label] for label in self.labels[indices])


def downloadable(name: str) -> str:
    """The title of a dataset that is not on this machine but can be fetched; empty for any other."""
    source = DATASETS[name] if name in DATASETS else None
    return source.title if source is not None and not source.is_available() else ""


def load_data_items(spec: DataSpec, report: Report, source: ItemsChoice = "test") -> DataItems:
    """Read the items that belong to a model.

    Labels and attributes of other names than the model knows are left out. Raises `TrainersError` when the data are not
    on this machine, or are of another shape by now.
    """
    if source != "all":
        return _seen_by(spec, fitting_dataset(spec, source, report))
    tests = fitting_dataset(spec, "test", report)
    room = _MOST_BYTES // max(tests.images[:1].nbytes, 1)
    parts = [_seen_by(spec, tests, room)]
    # Draws go in blocks, so that a part that ends with one holds the same draw as the whole.
    left = max(room - len(tests), 0) // _DRAWN_AT_ONCE * _DRAWN_AT_ONCE
    parts.append(_seen_by(spec, fitting_dataset(spec, "train", report), left))
    return _joined(parts)


def fitting_dataset(spec: DataSpec, split: Split, report: Report) -> ImageDataset:
    """A split of the data that belong to a model, as grey values; raises `TrainersError` like `load_data_items`."""
    dataset = load_split_of(spec, split, report=report)
    if dataset.spec.shape != spec.shape:
        wanted, given = (" × ".join(map(str, shape)) for shape in (spec.shape, dataset.spec.shape))
        raise UsageError(
            f"The model learned from items of {wanted}, and those of {data_title(spec.name)} are {given}; "
            "bring back the data it learned from to see its test items."
        )
    return dataset


def _joined(parts: list[DataItems]) -> DataItems:
    labels = [part.labels for part in parts if part.labels is not None]
    attributes = [part.attributes for part in parts if part.attributes is not None]
    return DataItems(
        np.concatenate([part.images for part in parts]),
        np.concatenate(labels) if len(labels) == len(parts) else None,
        parts[0].spec,
        np.concatenate(attributes) if len(attributes) == len(parts) else None,
        "all",
    )


def load_training_items(spec: DataSpec) -> DataItems | None:
    """Read the items that a model learned from, in their order; None where they are not here, or others by now."""
    try:
        dataset = load_split_of(spec, "train")
    except TrainersError:
        return None
    return _seen_by(spec, dataset) if dataset.spec.fingerprint == spec.fingerprint else None


def _seen_by(spec: DataSpec, dataset: ImageDataset, most: int | None = None) -> DataItems:
    images = dataset.images[:most]
    if spec.binarisation != "none":
        # The draw of every evaluation, so that a picture looks the same here and there.
        seed = _EVALUATION_SEED if spec.binarisation == "dynamic" else static_seed(dataset.split)
        images = drawn_once(images, seed)
    labels = dataset.labels if dataset.spec.class_names == spec.class_names else None
    attributes = dataset.attributes if dataset.spec.attribute_names == spec.attribute_names else None
    return DataItems(
        images.numpy(),
        None if labels is None else labels[:most].numpy(),
        spec,
        None if attributes is None else attributes[:most].numpy(),
        dataset.split,
    )
