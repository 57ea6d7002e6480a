"""What the map is given to draw, and what it reports about its view."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class MapView:
    """The visible rectangle in plane coordinates, and the pixels it fills."""

    left: float
    bottom: float
    right: float
    top: float
    width_px: int
    height_px: int


@dataclass(frozen=True)
class TileMosaic:
    """Decoded tiles put together into one picture that fills a rectangle of the plane.

    picture: (height, width, 1 or 3) uint8; row 0 is at `top`.
    level: 0 is the coarsest; finer mosaics are drawn over coarser ones.
    """

    picture: NDArray[np.uint8]
    left: float
    bottom: float
    right: float
    top: float
    level: int


@dataclass(frozen=True)
class PointCloud:
    """Encoded items on the plane.

    positions: (count, 2) float32, plane coordinates.
    groups: (count,) int, index into `group_names`; -1 for an item without a group.
    note: what the points are, shown in the legend, for example "10,000 test digits".
    """

    positions: NDArray[np.float32]
    groups: NDArray[np.int64]
    group_names: tuple[str, ...]
    note: str = ""
