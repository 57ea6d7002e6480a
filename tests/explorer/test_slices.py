"""What every kind of plane promises: pixels, positions and codes belong together, and a picture is that of its code."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.encodings import EncodedItems, encoded_items
from explorer.services.found_planes import PlaneJob
from explorer.services.network import OpenModel, open_model
from explorer.services.planes import MapPlane, map_plane
from explorer.services.tile_decoding import decode_tiles
from explorer.services.tiles import TileCache
from explorer.state.map_values import MapView
from explorer.state.session_state import DirectionChoice, MapChoice, PlaneChoice, Spacing
from explorer.views.widgets.viewport import Viewport

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub

SIDE = 200.0
CODE = (0.4, -0.7, 1.1)
CORNERS = ((1.0, 0.0, 0.3), (-0.5, 1.0, 0.0), (0.2, -0.4, 2.0))
CHOICES = (
    PlaneChoice("dimensions", 2, 0),
    PlaneChoice("principal"),
    PlaneChoice("images", corners=CORNERS),
    PlaneChoice("attributes", across=DirectionChoice(0, 1), upwards=DirectionChoice(-1, 2)),
    PlaneChoice("residual", across=DirectionChoice(2, 0)),
)

every_plane = pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.kind)
every_spacing = pytest.mark.parametrize("spacing", ["even", "probability"])


@pytest.fixture
def model(stubs: "SaveStub") -> OpenModel:
    return open_model(str(stubs("stub")), 1)


@pytest.fixture(scope="module")
def encoded() -> EncodedItems:
    random = np.random.default_rng(0)
    codes = (random.normal(size=(300, 3)) * [1.0, 0.6, 1.4] + [0.2, 0.0, -0.3]).astype(np.float32)
    return encoded_items(1, codes, None, np.arange(300) % 3, ("a", "b", "c"), "test items")


def _plane(choice: PlaneChoice, spacing: Spacing, model: OpenModel, encoded: EncodedItems) -> MapPlane:
    found = PlaneJob(choice, encoded)(lambda *_: None, lambda: False) if choice.across != DirectionChoice() else None
    plane = map_plane(MapChoice(choice, spacing), CODE, model.facts(), encoded, (), found)
    assert plane.choice.kind == choice.kind
    return plane


def _viewport(plane: MapPlane) -> Viewport:
    return Viewport.fitted((30.0, 10.0, SIDE, SIDE), plane.home)


@every_spacing
@every_plane
def test_a_pixel_leads_to_a_code_and_the_code_to_that_pixel(
    choice: PlaneChoice, spacing: Spacing, model: OpenModel, encoded: EncodedItems
) -> None:
    plane = _plane(choice, spacing, model, encoded)
    shown = _viewport(plane)
    for x, y in np.random.default_rng(1).uniform([31.0, 11.0], [29.0 + SIDE, 9.0 + SIDE], (50, 2)):
        code = plane.moved(CODE, *shown.to_plane(x, y))
        assert shown.to_pixels(*plane.position(code)) == pytest.approx((x, y), abs=1e-5)
        assert plane.codes(np.array([plane.position(code)]))[0] == pytest.approx(code, abs=1e-7)


@every_spacing
@every_plane
def test_the_picture_at_a_pixel_is_the_decoded_code_of_that_pixel(
    choice: PlaneChoice, spacing: Spacing, model: OpenModel, encoded: EncodedItems
) -> None:
    plane = _plane(choice, spacing, model, encoded)
    view = MapView(*plane.home, int(SIDE), int(SIDE))
    *_, last = decode_tiles(model, plane, view, TileCache())
    assert last is not None
    mosaic, shown = last.mosaics[-1], _viewport(plane)
    height, width, _ = model.pictures.shape
    side = (mosaic.right - mosaic.left) / (mosaic.picture.shape[1] // width)
    pictures = []
    for x, y in ((60.0, 40.0), (130.0, 110.0), (200.0, 180.0)):
        u, v = shown.to_plane(x, y)
        column, row = int((u - mosaic.left) // side), int((mosaic.top - v) // side)
        middle = shown.to_pixels(mosaic.left + (column + 0.5) * side, mosaic.top - (row + 0.5) * side)
        code = plane.moved(CODE, *shown.to_plane(*middle))
        tile = mosaic.picture[row * height : (row + 1) * height, column * width : (column + 1) * width]
        # Tiles are decoded together, so that sums may be rounded otherwise in their last bit.
        assert np.abs(tile.astype(int) - model.decode(np.array([code]))[0].astype(int)).max() <= 1
        pictures.append(tile)
    assert (pictures[0] != pictures[-1]).any()
