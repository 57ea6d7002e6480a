"""The tiles of a view of the map, decoded in short steps, coarse before fine."""

import time
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from explorer.services.network import OpenModel
from explorer.services.planes import MapPlane
from explorer.services.tiles import MosaicCanvas, TileCache, TileGrid, missing_tiles, tile_plan
from explorer.state.map_values import MapView, TileMosaic

_SHOWN_EVERY_S = 0.04


@dataclass(frozen=True, eq=False)
class DecodedTiles:
    """Mosaics for a plane, coarse before fine."""

    plane_key: Hashable
    mosaics: tuple[TileMosaic, ...]
    complete: bool


def decode_tiles(model: OpenModel, plane: MapPlane, view: MapView, cache: TileCache) -> Iterator[DecodedTiles | None]:
    """What is decoded so far, several times, and None in between; what the cache knows is not decoded again."""
    tile_shape = model.pictures.shape
    plan = tile_plan(view, max(tile_shape[:2]), plane.bounds)
    key = (model.generation, plane.key)
    below: tuple[TileMosaic, ...] = ()
    for grid in (plan.coarse, plan.fine):
        canvas = MosaicCanvas(grid, tile_shape, below[0] if below else None)
        shown = time.perf_counter()
        for _ in _fill(model, plane, grid, canvas, cache, key):
            if below and time.perf_counter() - shown > _SHOWN_EVERY_S:
                shown = time.perf_counter()
                yield DecodedTiles(plane.key, (*below, canvas.mosaic()), complete=False)
            else:
                yield None
        below = (*below, canvas.mosaic())
        complete = grid is plan.fine
        yield DecodedTiles(plane.key, below, complete)
        if plan.fine == plan.coarse:
            break


def _fill(
    model: OpenModel, plane: MapPlane, grid: TileGrid, canvas: MosaicCanvas, cache: TileCache, key: Hashable
) -> Iterator[None]:
    missing = missing_tiles(grid, key, cache, canvas)
    if not missing:
        return
    codes = plane.codes(grid.centres(missing))
    for start, items in model.decode_in_steps(codes, plane.condition):
        for place, picture in zip(missing[start : start + len(items)], model.pictures.small(items), strict=True):
            cache.put((key, grid.level, place), picture)
            canvas.place(place, picture)
        yield
