"""What a scatter of points is given to draw."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Rectangle = tuple[float, float, float, float]


def _nothing() -> NDArray[np.float32]:
    return np.empty((0, 2), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Ground:
    """A number for every place, drawn as colour below the points.

    values: (rows, columns) in the middles of equal tiles of the frame, the top row first.
    name: what they are, for example "density".
    """

    values: NDArray[np.floating]
    name: str


@dataclass(frozen=True, eq=False)
class Scatter:
    """Points with what lies below them.

    points: (count, 2) float32. frame: left, bottom, right and top of what is shown.
    groups: (count,) int64, index of each point's colour, -1 for grey; empty for all in the first colour.
    context: (others, 2) float32, drawn in grey below the points, for example the data.
    originals: (count, 2) float32 with a line from each to its point, or empty for no lines.
    """

    points: NDArray[np.float32]
    frame: Rectangle
    groups: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    context: NDArray[np.float32] = field(default_factory=_nothing)
    originals: NDArray[np.float32] = field(default_factory=_nothing)
    ground: Ground | None = None
