"""Codes that differ from one code in a single number."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def traversal_codes(
    code: NDArray[np.floating], dimensions: Sequence[int], values: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Codes (dimensions, steps, latent_size): in row i the number `dimensions[i]` takes each value in turn.

    code: (latent_size,), the point all rows go through.
    dimensions: places in the flat code, from 0.
    values: (steps,) for all rows, or (dimensions, steps) for each its own.
    """
    steps = np.broadcast_to(np.asarray(values, np.float64), (len(dimensions), np.shape(values)[-1]))
    codes = np.tile(np.asarray(code, np.float64), (*steps.shape, 1))
    for row, dimension in enumerate(dimensions):
        codes[row, :, dimension] = steps[row]
    return codes
