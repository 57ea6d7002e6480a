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
class PointValues:
    """A number for each point, and the palette it is shown in.

    values: (count,) float32; NaN for an item without one. unit: may be empty.
    lowest, highest: ends of the palette; what lies beyond them has the colour of the end.
    is_diverging: 0 lies in the middle of the palette. levels: all the numbers there are, where they are few; empty
    where they are many.
    """

    name: str
    values: NDArray[np.float32]
    lowest: float
    highest: float
    unit: str = ""
    is_diverging: bool = False
    levels: tuple[float, ...] = ()


@dataclass(frozen=True)
class PointCloud:
    """Encoded items on the plane.

    positions: (count, 2) float32, plane coordinates.
    groups: (count,) int, index into `group_names`; -1 for an item without a group.
    note: what the points are, shown in the legend, for example "10,000 test digits".
    hidden: names of the groups that are not drawn. values: what gives the points their colours instead of the groups.
    pictures: (count or more, channels, height, width) uint8, what each point is a code of, where that is known.
    """

    positions: NDArray[np.float32]
    groups: NDArray[np.int64]
    group_names: tuple[str, ...]
    note: str = ""
    hidden: frozenset[str] = frozenset()
    values: PointValues | None = None
    pictures: NDArray[np.uint8] | None = None

    def shown(self) -> NDArray[np.bool_]:
        """Which points (count,) are drawn: those of no hidden group, that have a place."""
        has_place = np.isfinite(self.positions[:, 0]) & np.isfinite(self.positions[:, 1])
        hidden = [place for place, name in enumerate(self.group_names) if name in self.hidden]
        return has_place & ~np.isin(self.groups, hidden) if hidden else has_place
