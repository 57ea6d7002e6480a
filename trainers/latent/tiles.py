"""A rectangle of a plane divided into tiles."""

import numpy as np
from numpy.typing import NDArray

from trainers.latent.plane import Rectangle


def tile_centres(rectangle: Rectangle, columns: int, rows: int) -> NDArray[np.float64]:
    """Positions (rows * columns, 2) of the middles of equal tiles, row by row from the top left.

    rectangle: left, bottom, right and top in plane coordinates.
    """
    left, bottom, right, top = rectangle
    across = left + (right - left) * (np.arange(columns) + 0.5) / columns
    down = top - (top - bottom) * (np.arange(rows) + 0.5) / rows
    return np.stack([np.tile(across, rows), np.repeat(down, columns)], axis=1)
