"""The items whose codes lie nearest to a code."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ROWS = 8192


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Places of the nearest items, nearest first, and their Euclidean distances in code space.

    itself: the place of the item that has this very code, which is not among them; -1 for none.
    """

    indices: NDArray[np.int64]
    distances: NDArray[np.float32]
    itself: int = -1


def nearest_items(codes: NDArray[np.float32], code: NDArray[np.floating], count: int) -> Neighbours:
    """The `count` items of codes (items, latent_size) nearest to a code (latent_size,), all where there are fewer."""
    wanted = np.asarray(code, np.float32)
    # In parts, so that no copy of all codes is made.
    squares = np.concatenate(
        [np.square(codes[start : start + _ROWS] - wanted).sum(axis=1) for start in range(0, max(len(codes), 1), _ROWS)]
    )
    equal = np.flatnonzero(squares == 0.0)
    itself = int(equal[0]) if len(equal) else -1
    if itself >= 0:
        squares[itself] = np.inf
    most = min(count, len(codes) - (itself >= 0))
    nearest = np.argpartition(squares, most - 1)[:most] if most > 0 else np.empty(0, np.int64)
    nearest = nearest[np.argsort(squares[nearest], kind="stable")]
    return Neighbours(nearest, np.sqrt(squares[nearest]), itself)
