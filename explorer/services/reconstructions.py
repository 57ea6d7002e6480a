"""Test items beside what a model makes of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.network import OpenModel
from explorer.services.pace import Pace


@dataclass(frozen=True, eq=False)
class Reconstructions:
    """Some test items and their reconstructions.

    originals, reconstructions: (count, height, width, channels). errors: (count,) mean squared error per pixel of
    images in [0, 1]. codes: (count, latent_size). class_names: one per item, empty texts without classes.
    conditions: (count, size), what the model was told of each; of size 0 for a model without conditions.
    """

    originals: NDArray[np.uint8]
    reconstructions: NDArray[np.uint8]
    errors: NDArray[np.float32]
    codes: NDArray[np.float32]
    class_names: tuple[str, ...]
    conditions: NDArray[np.float32]


def reconstruct_in_steps(
    model: OpenModel, items: DataItems, indices: NDArray[np.int64]
) -> Iterator[Reconstructions | None]:
    """Reconstruct the items at some places in short steps: None until the last, which gives all."""
    chosen = items.part(indices)
    images, conditions = chosen.images, model.conditions_of(chosen.labels, chosen.attributes, len(chosen))
    parts = []
    pace, start = Pace(), 0
    while start < len(images):
        chunk = images[start : start + pace.size]
        with pace.timing(len(chunk)):
            parts.append(model.reconstruct(chunk, conditions[start : start + len(chunk)]))
        start += len(chunk)
        yield None
    pictures, errors, codes = (np.concatenate(column) for column in zip(*parts, strict=True))
    originals = np.ascontiguousarray(images.transpose(0, 2, 3, 1))
    yield Reconstructions(originals, pictures, errors, codes, items.class_names_of(indices), conditions)
