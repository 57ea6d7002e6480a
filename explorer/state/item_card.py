"""What a card says of one item of the map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ItemCard:
    """One item in pictures (height, width, 1 or 3) and words.

    index: its place among the points. title: which item it is, with its class. original: as it is in the data, None
    where the point belongs to no item that is at hand. decoded: what the model makes of its code, None until that is
    known. note: how far the two lie apart, and what the outlines round it are.
    outlines: closed curves of positions (count, 2) on the map, the narrowest first, or lines to its neighbours.
    """

    index: int
    title: str
    original: NDArray[np.uint8] | None
    decoded: NDArray[np.uint8] | None
    note: str = ""
    outlines: tuple[NDArray[np.float64], ...] = ()
