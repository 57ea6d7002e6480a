"""Lines over the map that compare the prior with where the items lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class LevelledDensity:
    """A density over a rectangle of the map.

    heights: (columns, rows), in any unit. extent: the rectangle (left, bottom, right, top).
    levels: heights that enclose as much of it as 1, 2 and 3 sigma do of a plane normal distribution.
    """

    heights: NDArray[np.float64]
    extent: tuple[float, float, float, float]
    levels: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class MapContours:
    """Where the prior expects codes, and where the points lie.

    outlines: closed curves of positions (count, 2) at 1, 2 and 3 sigma of a normal prior; none for another one.
    points: None for too few. fitted: a prior fitted to codes, None for a prior of another kind.
    note: what the lines are.
    """

    outlines: tuple[NDArray[np.float64], ...]
    points: LevelledDensity | None
    note: str
    fitted: LevelledDensity | None = None
