"""Items of the map as pictures: the originals where they are at hand, else decoded from their codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems
from explorer.services.item_cards import original_items
from explorer.services.neighbours import nearest_items
from explorer.services.network import OpenModel

Purpose = Literal["selected", "nearest", "export"]

_STEP = 2048


@dataclass(frozen=True, eq=False)
class PicturesWish:
    """Pictures of some items, or of the `count` items nearest to a code. items: the test items, where at hand."""

    purpose: Purpose
    encoded: EncodedItems
    items: DataItems | None
    indices: NDArray[np.int64] | None = None
    code: tuple[float, ...] = ()
    count: int = 0


@dataclass(frozen=True, eq=False)
class PicturedItems:
    """Pictures (count, height, width, 1 or 3) of the items at `indices` (count,).

    distances: (count,) to the code that was asked about; itself: the item that has this very code, -1 for none.
    """

    purpose: Purpose
    encoded: EncodedItems
    indices: NDArray[np.int64]
    pictures: NDArray[np.uint8]
    distances: NDArray[np.float32] | None = None
    itself: int = -1


def picture_in_steps(model: OpenModel, wish: PicturesWish) -> Iterator[PicturedItems | None]:
    """The pictures that are wished for, in short steps: None until the last."""
    encoded, distances, itself = wish.encoded, None, -1
    indices = wish.indices
    if indices is None:
        found = nearest_items(encoded.codes, np.array(wish.code), wish.count)
        indices, distances, itself = found.indices, found.distances, found.itself
        yield None
    originals = original_items(encoded, wish.items)
    parts: list[NDArray[np.uint8]] = [np.empty((0, *model.pictures.shape), np.uint8)]
    if originals is not None:
        for start in range(0, len(indices), _STEP):
            images = originals.images[indices[start : start + _STEP]]
            values = images.astype(np.float32) / (255.0 if images.dtype == np.uint8 else 1.0)
            parts.append(model.pictures.small(values))
            yield None
    else:
        told = () if encoded.conditions is None else encoded.conditions[indices]
        for _, run in model.decode_in_steps(encoded.codes[indices], told):
            if len(run):
                parts.append(model.pictures.small(run))
            yield None
    yield PicturedItems(wish.purpose, encoded, indices, np.concatenate(parts), distances, itself)
