"""Tiles: where they lie, what a view needs, and how they are put together."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explorer.services.tiles import MosaicCanvas, TileCache, TileGrid, missing_tiles, tile_plan
from explorer.state.map_values import MapView, TileMosaic

HOME = MapView(-3.0, -3.0, 3.0, 3.0, 840, 840)
UNIT = (0.0, 0.0, 1.0, 1.0)


@given(
    st.floats(-50, 50),
    st.floats(-50, 50),
    st.floats(1e-6, 1e3),
    st.integers(50, 4000),
    st.integers(50, 3000),
    st.integers(4, 128),
)
def test_both_grids_cover_the_view_with_a_bounded_number_of_tiles(
    left: float, bottom: float, width: float, width_px: int, height_px: int, side: int
) -> None:
    height = width * height_px / width_px
    plan = tile_plan(MapView(left, bottom, left + width, bottom + height, width_px, height_px), side)
    for grid in (plan.coarse, plan.fine):
        reach = 1e-9 * (abs(left) + abs(bottom) + width + height)
        assert grid.extent[0] <= left + reach
        assert grid.extent[1] <= bottom + reach
        assert grid.extent[2] >= left + width - reach
        assert grid.extent[3] >= bottom + height - reach
    assert plan.fine.columns * plan.fine.rows <= 6000
    assert plan.coarse.level < plan.fine.level


def test_a_tile_shows_every_pixel_of_its_picture() -> None:
    for zoom in (1.0, 0.37, 0.05, 1e-4):
        view = MapView(-3 * zoom, -3 * zoom, 3 * zoom, 3 * zoom, 840, 840)
        side_px = tile_plan(view, 28).fine.side / (6 * zoom) * 840
        assert 28 <= side_px < 2 * 28


def test_panning_keeps_the_lattice_so_that_tiles_are_found_again() -> None:
    one, other = (tile_plan(view, 28).fine for view in (HOME, replace(HOME, left=-2.9, right=3.1)))
    assert one.level == other.level
    assert set(one.centre_first()) & set(other.centre_first())


def test_small_pictures_get_tiles_that_can_be_recognised() -> None:
    assert tile_plan(HOME, 8).fine.side / 6 * 840 >= 16


@given(st.floats(-0.5, 1.2), st.floats(-0.5, 1.2), st.floats(0.001, 3.0))
def test_in_probability_no_tile_lies_outside_the_unit_square(left: float, bottom: float, width: float) -> None:
    plan = tile_plan(MapView(left, bottom, left + width, bottom + width, 600, 600), 28, UNIT)
    for grid in (plan.coarse, plan.fine):
        if grid.columns and grid.rows:
            assert grid.extent[0] >= 0.0
            assert grid.extent[1] >= 0.0
            assert grid.extent[2] <= 1.0
            assert grid.extent[3] <= 1.0
            centres = grid.centres(grid.centre_first())
            assert ((centres > 0) & (centres < 1)).all()


def test_the_middle_comes_first() -> None:
    places = TileGrid(0, 0, 0, 5, 5).centre_first()
    assert places[0] == (2, 2)
    assert set(places[-4:]) == {(0, 0), (0, 4), (4, 0), (4, 4)}


def test_centres_are_in_plane_coordinates() -> None:
    grid = TileGrid(1, -2, 0, 1, 1)
    assert grid.centres([(-2, 0)]).tolist() == [[-0.75, 0.25]]
    assert grid.extent == (-1.0, 0.0, -0.5, 0.5)


def test_cache_forgets_the_least_recently_used_first() -> None:
    # What a tile takes besides its pixels counts as well.
    cache = TileCache(most_bytes=2_000)
    tile = np.zeros((10, 10, 1), dtype=np.uint8)
    for name in "abc":
        cache.put(name, tile)
    assert cache.get("a") is not None
    cache.put("d", tile)
    assert cache.get("b") is None
    assert cache.get("a") is not None
    assert len(cache) == 3


def test_cache_keeps_copies() -> None:
    cache = TileCache()
    tile = np.zeros((2, 2, 1), dtype=np.uint8)
    cache.put("a", tile)
    tile[:] = 9
    kept = cache.get("a")
    assert kept is not None
    assert kept.max() == 0


def test_row_zero_of_a_mosaic_is_its_top() -> None:
    canvas = MosaicCanvas(TileGrid(0, 0, 0, 2, 2), (1, 1, 1))
    for value, place in enumerate([(0, 0), (1, 0), (0, 1), (1, 1)]):
        canvas.place(place, np.full((1, 1, 1), value, dtype=np.uint8))
    mosaic = canvas.mosaic()
    assert mosaic.picture[:, :, 0].tolist() == [[2, 3], [0, 1]]
    assert (mosaic.left, mosaic.bottom, mosaic.right, mosaic.top) == (0.0, 0.0, 2.0, 2.0)


def test_missing_places_show_the_part_of_the_coarser_mosaic_below() -> None:
    below = TileMosaic(np.array([[[10], [20]], [[30], [40]]], dtype=np.uint8), -2.0, -2.0, 2.0, 2.0, -1)
    canvas = MosaicCanvas(TileGrid(0, -1, -1, 2, 2), (1, 1, 1), below)
    canvas.place((0, 0), np.full((1, 1, 1), 99, dtype=np.uint8))
    assert canvas.mosaic().picture[:, :, 0].tolist() == [[10, 99], [30, 40]]


def test_a_mosaic_does_not_change_with_later_tiles() -> None:
    canvas = MosaicCanvas(TileGrid(0, 0, 0, 1, 1), (1, 1, 1))
    before = canvas.mosaic()
    canvas.place((0, 0), np.full((1, 1, 1), 9, dtype=np.uint8))
    assert before.picture.max() == 128


def test_what_the_cache_knows_is_placed_and_not_missing() -> None:
    cache = TileCache()
    grid = TileGrid(0, 0, 0, 2, 1)
    cache.put(("plane", 0, (1, 0)), np.full((1, 1, 1), 7, dtype=np.uint8))
    canvas = MosaicCanvas(grid, (1, 1, 1))
    assert missing_tiles(grid, "plane", cache, canvas) == [(0, 0)]
    assert canvas.mosaic().picture[0, 1, 0] == 7
    assert len(missing_tiles(grid, "other plane", cache, canvas)) == 2
