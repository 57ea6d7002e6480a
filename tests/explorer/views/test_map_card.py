"""The card on the map: where it stands, and when it goes."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from explorer.state.item_card import ItemCard
from explorer.state.map_values import PointCloud
from explorer.views.latent_map import LatentMap
from explorer.views.widgets.hover_card import HoverCard
from explorer.views.widgets.thumbnails import SIDE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels

PICTURE = np.full((8, 8, 1), 200, np.uint8)


@pytest.fixture
def latent_map(qtbot: "QtBot", dark: None) -> LatentMap:
    view = LatentMap()
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.show_extent(-3, -3, 3, 3)
    positions = np.array([[0, 0], [2.9, 2.9], [-2.9, -2.9]], np.float32)
    view.show_points(PointCloud(positions, np.zeros(3, np.int64), ("a",), "test items"))
    view.show()
    qtbot.waitExposed(view)
    return view


def _card(view: LatentMap) -> HoverCard:
    return next(iter(view.findChildren(HoverCard)))


@pytest.mark.parametrize("index", [0, 1, 2])
def test_the_card_stands_beside_its_point_and_inside_the_map(latent_map: LatentMap, index: int) -> None:
    latent_map.show_card(ItemCard(index, "Test item", PICTURE, PICTURE, "error 0.1"))
    place = latent_map.place_of(index)
    assert place is not None
    assert latent_map.rect().contains(_card(latent_map).geometry())
    assert not _card(latent_map).geometry().contains(place.toPoint())


def test_outlines_are_drawn_where_they_lie_and_go_with_the_card(latent_map: LatentMap, pixels: "Pixels") -> None:
    square = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]])
    plain = pixels(latent_map)
    latent_map.show_card(ItemCard(0, "Test item", None, PICTURE, "", (square,)))
    edge = latent_map.position_of(-1.0, 0.0)
    assert pixels(latent_map)[int(edge.y()), int(edge.x())].min() > 170
    latent_map.show_card(None)
    assert not _card(latent_map).isVisible()
    assert (pixels(latent_map) == plain).all()


def test_the_card_leaves_the_picture_of_its_point_free(latent_map: LatentMap) -> None:
    positions = np.array([[0, 0], [2.9, 2.9], [-2.9, -2.9]], np.float32)
    pictures = np.full((3, 1, 8, 8), 200, np.uint8)
    latent_map.show_points(PointCloud(positions, np.zeros(3, np.int64), ("a",), pictures=pictures))
    latent_map.show_card(ItemCard(0, "Test item", None, PICTURE))
    assert _card(latent_map).geometry().left() > latent_map.position_of(0.0, 0.0).x() + SIDE / 2


def test_looking_closely_brings_the_ring_back(latent_map: LatentMap) -> None:
    latent_map.show_ring(2.8, 2.8)
    latent_map.pan(5_000.0, 0.0)
    latent_map.look_closely()
    assert latent_map.marked == 1
    place = latent_map.position_of(2.8, 2.8)
    assert latent_map.viewport.contains(place.x(), place.y())


def test_the_card_leaves_the_outlines_free(latent_map: LatentMap) -> None:
    square = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]])
    latent_map.show_card(ItemCard(0, "Test item", None, PICTURE, "", (square,)))
    assert _card(latent_map).geometry().left() > latent_map.position_of(1.0, 0.0).x()


def test_a_card_of_a_point_that_is_gone_is_not_shown(latent_map: LatentMap) -> None:
    latent_map.show_points(None)
    latent_map.show_card(ItemCard(0, "Test item", None, PICTURE))
    assert not _card(latent_map).isVisible()


def test_more_points_and_other_colours_leave_the_card_where_it_is(latent_map: LatentMap) -> None:
    hovered: list[int] = []
    latent_map._hover(0)
    latent_map.show_card(ItemCard(0, "Test item", PICTURE, PICTURE))
    latent_map.point_hovered.connect(hovered.append)
    more = np.array([[0, 0], [1, 1], [2, 2], [2.5, 0]], np.float32)
    latent_map.show_points(PointCloud(more, np.full(4, -1), ()))
    assert (_card(latent_map).isVisible(), latent_map.marked, hovered) == (True, 0, [])
    latent_map.set_points_visible(True)
    assert _card(latent_map).isVisible()
    latent_map.show_points(PointCloud(more + 1.0, np.full(4, -1), ()))
    assert (latent_map.marked, hovered) == (-1, [-1])


def test_the_card_goes_with_its_point_when_the_map_is_pushed(latent_map: LatentMap) -> None:
    latent_map.show_card(ItemCard(0, "Test item", PICTURE, PICTURE))
    before = _card(latent_map).pos()
    latent_map.pan(40.0, 10.0)
    assert (_card(latent_map).pos() - before).toTuple() == (40, 10)
    latent_map.pan(10_000.0, 0.0)
    assert not _card(latent_map).isVisible()


def test_the_mouse_goes_through_the_card(latent_map: LatentMap, mouse: "type[Mouse]", qtbot: "QtBot") -> None:
    latent_map.show_card(ItemCard(0, "Test item", PICTURE, PICTURE))
    under = _card(latent_map).geometry().center()
    assert latent_map.childAt(under) is None
    with qtbot.waitSignal(latent_map.latent_dragged):
        mouse(latent_map).click(QPointF(under))
