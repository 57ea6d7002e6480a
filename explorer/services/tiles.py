"""Which decoded tiles a view of the map needs, where they lie, and how they become pictures."""

import math
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.state.map_values import MapView, TileMosaic

# Below this many screen pixels a tile cannot be recognised, however small the model's pictures are.
_LEAST_SIDE_PX = 24
_MOST_TILES = 2500
_COARSENING = 2
# Past this level neighbouring tiles are nearer to each other than the numbers of a code can tell.
_FINEST = 40
# What a small tile takes in memory besides its pixels: its key, its array, its place among the others.
_BYTES_BESIDE = 500
_COARSEST = -20

Rectangle = tuple[float, float, float, float]
Place = tuple[int, int]


@dataclass(frozen=True)
class TileGrid:
    """Neighbouring tiles of one level; tile (column, row) fills [column·side, (column+1)·side] and likewise upwards.

    level: the side of a tile is 2^-level in plane coordinates, so every tile is split in four at the next level.
    first_column, first_row: place of the tile at the left and bottom.
    """

    level: int
    first_column: int
    first_row: int
    columns: int
    rows: int

    @property
    def side(self) -> float:
        """Side of a tile in plane coordinates."""
        return 2.0**-self.level

    @property
    def extent(self) -> Rectangle:
        """(left, bottom, right, top) in plane coordinates."""
        left, bottom = self.first_column * self.side, self.first_row * self.side
        return left, bottom, left + self.columns * self.side, bottom + self.rows * self.side

    def centre_first(self) -> list[Place]:
        """All (column, row) with the middle of the grid first."""
        middle_column = self.first_column + (self.columns - 1) / 2
        middle_row = self.first_row + (self.rows - 1) / 2
        places = [
            (self.first_column + column, self.first_row + row)
            for row in range(self.rows)
            for column in range(self.columns)
        ]
        return sorted(places, key=lambda place: (place[0] - middle_column) ** 2 + (place[1] - middle_row) ** 2)

    def centres(self, places: list[Place]) -> NDArray[np.float64]:
        """Plane coordinates (count, 2) of the middles of some tiles."""
        return (np.asarray(places, dtype=np.float64).reshape(-1, 2) + 0.5) * self.side


@dataclass(frozen=True)
class TilePlan:
    """What a view needs: a coarse grid that covers it with a margin, and a fine one over it."""

    coarse: TileGrid
    fine: TileGrid


def tile_plan(view: MapView, picture_side: int, bounds: Rectangle | None = None) -> TilePlan:
    """The tiles for a view, such that a tile has its picture's own pixels on the screen, up to twice as many each way.

    bounds: where tiles may lie, as (0, 0, 1, 1) for probabilities; None for everywhere.
    """
    width, height = max(view.width_px, 1), max(view.height_px, 1)
    units_per_px = max((view.right - view.left) / width, (view.top - view.bottom) / height, 2.0**-60)
    side_px = max(picture_side, _LEAST_SIDE_PX, math.sqrt(width * height / _MOST_TILES))
    level = min(max(math.floor(-math.log2(side_px * units_per_px)), _COARSEST), _FINEST)
    if bounds is not None:
        level = max(level, 0)
    coarse_level = level - _COARSENING if bounds is None else max(level - _COARSENING, 0)
    return TilePlan(
        coarse=_covering(view, coarse_level, 1, bounds),
        fine=_covering(view, level, 0, bounds),
    )


def _covering(view: MapView, level: int, margin: int, bounds: Rectangle | None) -> TileGrid:
    per_unit = 2.0**level
    left = math.floor(view.left * per_unit) - margin
    bottom = math.floor(view.bottom * per_unit) - margin
    right = math.ceil(view.right * per_unit) + margin
    top = math.ceil(view.top * per_unit) + margin
    if bounds is not None:
        first_column, first_row, last_column, last_row = (int(edge * per_unit) for edge in bounds)
        left, right = (min(max(edge, first_column), last_column) for edge in (left, right))
        bottom, top = (min(max(edge, first_row), last_row) for edge in (bottom, top))
    return TileGrid(level, left, bottom, max(right - left, 0), max(top - bottom, 0))


class TileCache:
    """Decoded tiles by key, the least recently used forgotten first when they hold too many bytes."""

    def __init__(self, most_bytes: int = 64_000_000) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._tiles: OrderedDict[Hashable, NDArray[np.uint8]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tiles)

    def get(self, key: Hashable) -> NDArray[np.uint8] | None:
        """The tile (height, width, channels), or None."""
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
        return tile

    def put(self, key: Hashable, tile: NDArray[np.uint8]) -> None:
        """Keep a copy of a tile."""
        if key not in self._tiles:
            self._tiles[key] = tile.copy()
            self._bytes += tile.nbytes + _BYTES_BESIDE
        while self._bytes > self._most_bytes:
            _, forgotten = self._tiles.popitem(last=False)
            self._bytes -= forgotten.nbytes + _BYTES_BESIDE

    def clear(self) -> None:
        """Forget everything."""
        self._tiles.clear()
        self._bytes = 0


class MosaicCanvas:
    """A grid of tiles put together into one picture while they arrive.

    Places without a tile show what lies below them: the part of a coarser mosaic there, or grey.
    """

    def __init__(self, grid: TileGrid, tile_shape: tuple[int, int, int], below: TileMosaic | None = None) -> None:
        self.grid = grid
        self._height, self._width, channels = tile_shape
        shape = (grid.rows * self._height, grid.columns * self._width, channels)
        self._picture = _part_of(below, grid, shape) if below is not None else np.full(shape, 128, dtype=np.uint8)

    def place(self, place: Place, tile: NDArray[np.uint8]) -> None:
        """Put the tile (height, width, channels) at (column, row)."""
        left = (place[0] - self.grid.first_column) * self._width
        top = (self.grid.first_row + self.grid.rows - 1 - place[1]) * self._height
        self._picture[top : top + self._height, left : left + self._width] = tile

    def mosaic(self) -> TileMosaic:
        """The picture as it is now; later tiles do not change it."""
        left, bottom, right, top = self.grid.extent
        return TileMosaic(self._picture.copy(), left, bottom, right, top, self.grid.level)


def _part_of(below: TileMosaic, grid: TileGrid, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    left, bottom, right, top = grid.extent
    rows = _nearest(below.picture.shape[0], below.top, below.bottom, top, bottom, shape[0])
    columns = _nearest(below.picture.shape[1], below.left, below.right, left, right, shape[1])
    return below.picture[rows[:, None], columns[None, :]]


def _nearest(
    length: int, start: float, end: float, wanted_start: float, wanted_end: float, count: int
) -> NDArray[np.int64]:
    wanted = wanted_start + (wanted_end - wanted_start) * (np.arange(count) + 0.5) / max(count, 1)
    return np.clip(((wanted - start) / (end - start) * length).astype(np.int64), 0, length - 1)


def missing_tiles(grid: TileGrid, plane_key: Hashable, cache: TileCache, canvas: MosaicCanvas) -> list[Place]:
    """Put what the cache knows on the canvas and give the rest, the middle first."""
    missing = []
    for place in grid.centre_first():
        tile = cache.get((plane_key, grid.level, place))
        if tile is None:
            missing.append(place)
        else:
            canvas.place(place, tile)
    return missing
