"""The items whose codes lie nearest to a code."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainers.latent.nearest_codes import nearest_first, squared_distances


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Places of the nearest items, nearest first, and their Euclidean distances in code space.

    itself: the place of the item that has this very code, which is not among them; -1 for none.
    """

    indices: NDArray[np.int64]
    distances: NDArray[np.float32]
    itself: int = -1


def nearest_items(codes: NDArray[np.float32], code: NDArray[np.floating], count: int) -> Neighbours:
    """The `count` items of codes (items, latent_size) nearest to a code (latent_size,), all that are numbers where
    there are fewer.
    """
    squares = squared_distances(codes, code)
    equal = np.flatnonzero(squares == 0.0)
    itself = int(equal[0]) if len(equal) else -1
    if itself >= 0:
        squares[itself] = np.inf
    nearest = nearest_first(squares, min(count, int(np.isfinite(squares).sum())))
    return Neighbours(nearest, np.sqrt(squares[nearest]).astype(np.float32), itself)
