"""Which codes are nearest to a code."""

import numpy as np
from numpy.typing import NDArray

# So many numbers stay in the processor's cache between being subtracted and being squared.
_NUMBERS_AT_ONCE = 60_000


def squared_distances(codes: NDArray[np.floating], code: NDArray[np.floating]) -> NDArray[np.floating]:
    """Squares (count,) of the Euclidean distances of codes (count, latent_size) from a code (latent_size,).

    In the precision of the codes; infinite for codes with what is no number.
    """
    wanted, squares = np.asarray(code, codes.dtype), np.empty(len(codes), codes.dtype)
    rows = max(1, _NUMBERS_AT_ONCE // max(codes.shape[1], 1))
    for start in range(0, len(codes), rows):
        beside = codes[start : start + rows] - wanted
        np.einsum("ij,ij->i", beside, beside, out=squares[start : start + rows])
    squares[np.isnan(squares)] = np.inf
    return squares


def nearest_first(squares: NDArray[np.floating], count: int) -> NDArray[np.int64]:
    """Places of the `count` smallest of some squares, smallest first and equal ones in their order."""
    count = min(count, len(squares))
    if count <= 0:
        return np.empty(0, np.int64)
    farthest = np.partition(squares, count - 1)[count - 1]
    candidates = np.flatnonzero(squares <= farthest)
    return candidates[np.argsort(squares[candidates], kind="stable")][:count]
