"""Tiles of the map are what the decoder makes of their middles, at any zoom and with a cache that forgets."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.network import OpenModel, open_model
from explorer.services.planes import MapPlane, map_plane
from explorer.services.tile_decoding import decode_tiles
from explorer.services.tiles import TileCache
from explorer.state.map_values import MapView
from explorer.state.session_state import MapChoice, Spacing

if TYPE_CHECKING:
    from explorer.services.tile_decoding import DecodedTiles

SIDE_PX = 96


@pytest.fixture(scope="module")
def model(digits_run: Path) -> OpenModel:
    return open_model(str(digits_run), 1)


def _plane(model: OpenModel, spacing: Spacing) -> MapPlane:
    return map_plane(MapChoice(spacing=spacing), (0.0, 0.0), model.facts(), None)


def _square(u: float, v: float, side: float) -> MapView:
    return MapView(u - side / 2, v - side / 2, u + side / 2, v + side / 2, SIDE_PX, SIDE_PX)


def _last(model: OpenModel, plane: MapPlane, view: MapView, cache: TileCache) -> "DecodedTiles":
    *_, last = decode_tiles(model, plane, view, cache)
    assert last is not None
    assert last.complete
    return last


@pytest.mark.parametrize("zoom", [1.0, 3e-1, 1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize(("spacing", "u", "v"), [("even", 0.7, -1.1), ("probability", 0.31, 0.83)])
def test_a_tile_is_the_decoded_picture_of_its_middle(
    model: OpenModel, spacing: Spacing, u: float, v: float, zoom: float
) -> None:
    plane = _plane(model, spacing)
    last = _last(model, plane, _square(u, v, zoom), TileCache())
    height, width, _ = model.pictures.shape
    for mosaic in last.mosaics:
        rows, columns = mosaic.picture.shape[0] // height, mosaic.picture.shape[1] // width
        across, up = (mosaic.right - mosaic.left) / columns, (mosaic.top - mosaic.bottom) / rows
        assert across == pytest.approx(up)
        for row, column in {(0, 0), (rows // 2, columns // 2), (rows - 1, columns - 1)}:
            middle = np.array([[mosaic.left + (column + 0.5) * across, mosaic.top - (row + 0.5) * up]])
            shown = mosaic.picture[row * height : (row + 1) * height, column * width : (column + 1) * width]
            exact = model.decode(plane.codes(middle))[0]
            # Tiles are decoded together, so that sums may be rounded otherwise in their last bit.
            assert np.abs(shown.astype(int) - exact.astype(int)).max() <= 1


def test_zooming_on_and_on_keeps_what_is_held_within_its_bounds(model: OpenModel) -> None:
    plane, cache = _plane(model, "even"), TileCache(most_bytes=200_000)
    side, levels, held = 6.0, set(), 0
    while side > 1e-12:
        last = _last(model, plane, _square(0.3, -0.4, side), cache)
        levels.add(last.mosaics[-1].level)
        held = max(held, sum(mosaic.picture.nbytes for mosaic in last.mosaics))
        assert len(cache) <= 200_000 // (8 * 8 + 500)
        side *= 0.6
    assert len(levels) > 30
    assert held < 200_000


def test_zooming_back_finds_tiles_that_are_still_known(model: OpenModel, monkeypatch: pytest.MonkeyPatch) -> None:
    plane, cache = _plane(model, "even"), TileCache()
    whole, part = _square(0.0, 0.0, 6.0), _square(0.5, 0.5, 0.5)
    first = _last(model, plane, whole, cache)
    _last(model, plane, part, cache)
    monkeypatch.setattr(OpenModel, "decode_in_steps", lambda *_: pytest.fail("decoded again"))
    again = _last(model, plane, whole, cache)
    assert all((one.picture == other.picture).all() for one, other in zip(first.mosaics, again.mosaics, strict=True))
