"""Lines over the map that compare the prior with where the items lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class MapContours:
    """Outlines of the prior and heights of the density of points.

    prior: closed curves of positions (count, 2), at 1, 2 and 3 sigma; none for a prior that is not normal.
    density: (columns, rows) of the points over the rectangle (left, bottom, right, top); None for too few.
    levels: heights of the density that enclose as much of the points as the sigmas do of a normal distribution.
    note: what the lines are.
    """

    prior: tuple[NDArray[np.float64], ...]
    density: NDArray[np.float64] | None
    extent: tuple[float, float, float, float]
    levels: tuple[float, ...]
    note: str
