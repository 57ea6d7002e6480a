"""The error of every item of the map, or of what a model makes of it once it is corrupted."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.corruptions import ItemCorruption
from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems
from explorer.services.item_pictures import Values
from explorer.services.lane_requests import Progress
from explorer.services.likeness import likeness
from explorer.services.network import OpenModel
from explorer.services.pace import Pace

_TOLD_EVERY = 8
# Draws of corruptions are made for many items at once.
_CORRUPTED_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class ErrorsWish:
    """Items of the map whose errors are wanted. corruption: what is done to them first, None for nothing."""

    encoded: EncodedItems
    items: DataItems
    corruption: ItemCorruption | None = None

    def is_like(self, other: "ErrorsWish") -> bool:
        """Whether another wish is for the same numbers."""
        same = self.encoded is other.encoded and self.items is other.items
        return same and self.corruption == other.corruption


@dataclass(frozen=True, eq=False)
class ItemErrors:
    """Mean squared errors (count,) of all items of a wish, NaN for items without a code."""

    wish: ErrorsWish
    values: NDArray[np.float32]


def errors_in_steps(model: OpenModel, wish: ErrorsWish) -> Iterator[ItemErrors | Progress | None]:
    """Measure all items of a wish in short steps, with how far that is between them."""
    count = len(wish.encoded.codes)
    first = wish.items.part(slice(count))
    conditions = model.conditions_of(first.labels, first.attributes, count)
    values = np.full(count, np.nan, np.float32)
    seen = values[:0]
    pace, done, step = Pace(), 0, 0
    while done < count:
        begun = done - done % _CORRUPTED_AT_ONCE
        if wish.corruption is not None and done == begun:
            seen = wish.corruption.of(wish.items, np.arange(begun, min(begun + _CORRUPTED_AT_ONCE, count)))
        chunk = slice(done, done + pace.of(min(count, begun + _CORRUPTED_AT_ONCE) - done))
        with pace.timing(chunk.stop - done):
            corrupted = None if wish.corruption is None else seen[done - begun : chunk.stop - begun]
            values[chunk] = _errors(model, wish, chunk, conditions[chunk], corrupted)
        done, step = chunk.stop, step + 1
        yield None if step % _TOLD_EVERY else Progress(done / count, f"errors of {done:,} of {count:,} items")
    yield ItemErrors(wish, values)


def _errors(
    model: OpenModel, wish: ErrorsWish, chunk: slice, conditions: NDArray[np.float32], seen: Values | None
) -> Values:
    images = wish.items.images[chunk]
    if seen is None:
        return model.reconstruction_errors(images, conditions, wish.encoded.codes[chunk])
    if "restorer" not in model.capabilities:
        return model.reconstruction_errors(images, conditions, model.encode(seen, conditions)[0])
    return likeness(images.astype(np.float32) / np.float32(255), model.restore(seen, conditions)).errors
