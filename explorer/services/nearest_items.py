"""The training item nearest to each sample, as a job."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems, fitting_dataset
from explorer.services.network import OpenModel
from explorer.services.samples import DrawnSamples
from explorer.services.tensors import nearest_places, prepare_thread
from explorer.state.condition_facts import Condition
from trainers.engine.checkpoint import read_header
from trainers.reporting import Report, StopRequested


@dataclass(frozen=True, eq=False)
class NearestFound:
    """Training items, one for each sample of `drawn`.

    pictures: (count, height, width, channels). places: (count,) in the training split. distances: (count,) roots of the
    mean squared difference of their pixels, 0 for a copy. items: the same as the model is told of them.
    """

    drawn: DrawnSamples
    pictures: NDArray[np.uint8]
    places: NDArray[np.int64]
    distances: NDArray[np.float32]
    items: DataItems


@dataclass(frozen=True)
class ItemCode:
    """Where an item lies: its code, and what the model is told of it."""

    code: tuple[float, ...]
    condition: Condition


@dataclass(frozen=True, eq=False)
class NearestJob:
    """Searches all items that a model learned from, as a function for a job.

    checkpoint: file of the model.
    Raises `StoppedError`, and `TrainersError` where the data are not here.
    """

    checkpoint: str
    drawn: DrawnSamples

    def __call__(self, report: Report, stop_requested: StopRequested) -> NearestFound:
        """The nearest items."""
        prepare_thread()
        report(0.0, "reading the training data")
        spec = read_header(Path(self.checkpoint)).data
        dataset = fitting_dataset(spec, "train", report)
        samples = np.ascontiguousarray(self.drawn.pictures.transpose(0, 3, 1, 2))
        places, distances = nearest_places(samples, dataset, report, stop_requested)
        images = dataset.images[places].numpy()
        labels = dataset.labels if dataset.spec.class_names == spec.class_names else None
        attributes = dataset.attributes if dataset.spec.attribute_names == spec.attribute_names else None
        items = DataItems(
            images,
            None if labels is None else labels[places].numpy(),
            spec,
            None if attributes is None else attributes[places].numpy(),
            "train",
        )
        return NearestFound(self.drawn, images.transpose(0, 2, 3, 1).copy(), places, distances, items)


def code_of(model: OpenModel, items: DataItems, index: int) -> Iterator[ItemCode]:
    """The code of one of some items, from the encoder."""
    item = items.part(slice(index, index + 1))
    conditions = model.conditions_of(item.labels, item.attributes, 1)
    codes, _ = model.encode(item.images, conditions)
    yield ItemCode(tuple(codes[0].tolist()), tuple(conditions[0].tolist()))
