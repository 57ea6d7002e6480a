"""Points that become pictures: when, which, where, and with whose colour round them."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.views.widgets.pictures import image_pixels
from explorer.views.widgets.thumbnails import SIDE, ThumbnailLayer
from explorer.views.widgets.viewport import Viewport

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLOURS = (QColor(255, 0, 0), QColor(0, 0, 255))
_VIEW = Viewport(0, 0, 400, 300, 0.0, 0.0, 100.0)


def _layer(positions: "NDArray[np.float32]", channels: int = 1) -> ThumbnailLayer:
    count = len(positions)
    pictures = np.arange(1, count + 1, dtype=np.uint8)[:, None, None, None] * np.full((1, channels, 8, 8), 10, np.uint8)
    layer = ThumbnailLayer()
    layer.set_points(positions, np.arange(count) % 2, _COLOURS, pictures)
    return layer


def _drawn(layer: ThumbnailLayer, view: Viewport = _VIEW) -> "tuple[bool, NDArray[np.uint8]]":
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 200, 200))
    painter = QPainter(image)
    was_drawn = layer.draw(painter, view)
    painter.end()
    return was_drawn, image_pixels(image)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_lies_at_its_point_with_its_colour_round_it(channels: int) -> None:
    positions = np.array([[-1.0, 0.5], [1.0, -0.5]], np.float32)
    was_drawn, seen = _drawn(_layer(positions, channels))
    assert was_drawn
    for index, (x, y) in enumerate(((100, 100), (300, 200))):
        assert seen[y, x].tolist() == [10 * (index + 1)] * 3
        edge = int(SIDE / 2) + 1
        assert seen[y, x + edge].tolist() == [255 - 255 * index, 0, 255 * index]
    assert seen[150, 200].tolist() == [200, 200, 200]


def test_a_wide_picture_keeps_its_shape() -> None:
    layer = ThumbnailLayer()
    wide = np.full((1, 1, 8, 16), 90, np.uint8)
    layer.set_points(np.zeros((1, 2), np.float32), np.zeros(1, np.int64), _COLOURS, wide)
    rows, columns = np.nonzero((_drawn(layer)[1] == 90).all(axis=2))
    assert columns.max() - columns.min() + 1 == pytest.approx(SIDE, abs=1)
    assert rows.max() - rows.min() + 1 == pytest.approx(SIDE / 2, abs=1)


@pytest.mark.parametrize("count", [100, 30_000])
def test_many_points_stay_points_and_a_nearer_view_makes_pictures_of_those_in_it(count: int) -> None:
    spots = np.linspace(-1.9, 1.4, count, dtype=np.float32)
    layer = _layer(np.stack([spots, 0.5 * spots], axis=1).astype(np.float32))
    was_drawn, seen = _drawn(layer)
    assert not was_drawn
    assert (seen == 200).all()
    near = _VIEW.zoomed(count / 5, 200, 150)
    left, _, right, _ = near.rectangle()
    found = layer.visible(near)
    assert 0 < len(found) <= 15
    assert set(found) == set(np.flatnonzero((spots >= np.float32(left)) & (spots <= np.float32(right))))


def test_points_without_a_place_or_without_pictures_are_not_drawn() -> None:
    positions = np.array([[np.inf, np.inf], [np.nan, 0.0], [0.5, 0.5]], np.float32)
    layer = _layer(positions)
    assert layer.visible(_VIEW).tolist() == [2]
    layer.set_points(positions, np.zeros(3, np.int64), _COLOURS, None)
    assert not _drawn(layer)[0]
    assert not _drawn(ThumbnailLayer())[0]


def test_pictures_of_other_data_take_the_place_of_those_kept() -> None:
    layer, positions = _layer(np.zeros((1, 2), np.float32)), np.zeros((1, 2), np.float32)
    _drawn(layer)
    layer.set_points(positions, np.zeros(1, np.int64), _COLOURS, np.full((1, 1, 8, 8), 77, np.uint8))
    assert _drawn(layer)[1][150, 200].tolist() == [77, 77, 77]
