"""What the open model shows at a code: an item of its data, a picture of the person's own, or nothing but a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems
from explorer.services.item_cards import item_title, original_items
from explorer.services.opening import Opened
from explorer.services.own_pictures import read_pixels
from explorer.state.condition_facts import Condition
from explorer.state.own_picture import OwnPicture

Code = tuple[float, ...]

# Codes of one item differ by the rounding of the batches it was encoded in.
_SAME_CODE = 1e-4


@dataclass(frozen=True, eq=False)
class KnownItem:
    """An item whose code is known. values: (*shape), images in [0, 1] or points. item: where it is one of the data."""

    title: str
    values: NDArray[np.float32]
    item: DataItems | None = None


def known_item(opened: Opened, code: Code, condition: Condition, own: OwnPicture | None) -> KnownItem | None:
    """The item that a code belongs to, None for a code of none.

    condition: what the model is told in full, empty for a model that is told nothing.
    """
    if own is not None and own.code == code and own.shape == opened.facts.image_shape:
        pixels, _ = read_pixels(own)
        return None if pixels is None else KnownItem(own.name, _scaled(pixels))
    encoded = opened.encoded
    items = None if encoded is None else original_items(encoded, opened.items)
    if encoded is None or items is None:
        return None
    index = _place_of(encoded, code)
    if index < 0 or not _is_told(opened, index, condition):
        return None
    item = items.part(np.array([index]))
    return KnownItem(item_title(encoded, index), _scaled(item.images[0]), item)


def _place_of(encoded: EncodedItems, code: Code) -> int:
    wanted = np.array(code, np.float32)
    if encoded.codes.shape[1] != len(wanted):
        return -1
    # One column first: the whole table would take longer than a frame has.
    near = np.flatnonzero(np.abs(encoded.codes[:, 0] - wanted[0]) < _SAME_CODE)
    same = near[(np.abs(encoded.codes[near] - wanted) < _SAME_CODE).all(axis=1)]
    return int(same[0]) if len(same) else -1


def _is_told(opened: Opened, index: int, condition: Condition) -> bool:
    given = opened.point_condition(index)
    return not given or not condition or np.allclose(given, condition)


def _scaled(items: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
    return items.astype(np.float32) / np.float32(255.0 if items.dtype == np.uint8 else 1.0)
