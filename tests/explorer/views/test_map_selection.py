"""Selecting points on the map: box, lasso, keys, and the grey of the rest."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from explorer.state.map_values import PointCloud
from explorer.views.latent_map import LatentMap

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels, Press

PLACES = [(0.0, 0.0), (1.0, 1.0), (-2.0, 1.0), (2.0, -2.0)]
_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def latent_map(qtbot: "QtBot", dark: None) -> LatentMap:
    view = LatentMap()
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.show_extent(-3, -3, 3, 3)
    view.show_points(_cloud())
    view.show()
    qtbot.waitExposed(view)
    return view


def _cloud(hidden: frozenset[str] = frozenset()) -> PointCloud:
    groups = np.array([0, 0, 1, 1])
    return PointCloud(np.array(PLACES, np.float32), groups, ("a", "b"), "test items", hidden)


def _around(view: LatentMap, left: float, bottom: float, right: float, top: float) -> list[QPointF]:
    corners = ((left, bottom), (right, bottom), (right, top), (left, top))
    return [view.position_of(u, v) for u, v in corners]


def _drawn(view: LatentMap, mouse: "type[Mouse]", places: list[QPointF], qtbot: "QtBot") -> tuple[list[int], str]:
    with qtbot.waitSignal(view.points_chosen) as chosen:
        mouse(view).drag(places)
    assert chosen.args is not None
    return chosen.args[0].tolist(), chosen.args[1]


def test_the_lasso_takes_what_lies_in_it_and_does_not_move_the_ring(
    latent_map: LatentMap, mouse: "type[Mouse]", press: "Press", qtbot: "QtBot"
) -> None:
    latent_map.show_ring(0, 0)
    press(latent_map, "Select points by drawing round them (or hold L and drag)")
    with qtbot.assertNotEmitted(latent_map.latent_dragged):
        assert _drawn(latent_map, mouse, _around(latent_map, -0.5, -0.5, 1.5, 1.5), qtbot) == ([0, 1], "replace")


def test_the_box_goes_from_corner_to_corner(
    latent_map: LatentMap, mouse: "type[Mouse]", press: "Press", qtbot: "QtBot"
) -> None:
    press(latent_map, "Select points in a box (or Shift and drag)")
    corner, opposite = latent_map.position_of(2.5, 1.5), latent_map.position_of(-2.5, 0.5)
    assert _drawn(latent_map, mouse, [corner, opposite], qtbot)[0] == [1, 2]


def test_l_held_is_the_lasso_and_let_go_the_ring_again(
    latent_map: LatentMap, mouse: "type[Mouse]", qtbot: "QtBot"
) -> None:
    QTest.keyPress(latent_map, Qt.Key.Key_L)
    assert _drawn(latent_map, mouse, _around(latent_map, -2.9, 0.5, 0, 1.5), qtbot)[0] == [2]
    QTest.keyRelease(latent_map, Qt.Key.Key_L)
    with qtbot.waitSignal(latent_map.latent_dragged):
        mouse(latent_map).click(latent_map.position_of(1, 0))


def test_shift_draws_a_box_and_ctrl_adds(latent_map: LatentMap, qtbot: "QtBot") -> None:
    keys = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
    start, end = (latent_map.position_of(*place).toPoint() for place in ((1.5, -2.5), (2.5, -1.5)))
    with qtbot.waitSignal(latent_map.points_chosen) as chosen:
        QTest.mousePress(latent_map, _LEFT, keys, start)
        QTest.mouseMove(latent_map, end)
        QTest.mouseRelease(latent_map, _LEFT, keys, end)
    assert chosen.args is not None
    assert (chosen.args[0].tolist(), chosen.args[1]) == ([3], "add")


def test_hidden_points_are_never_taken(
    latent_map: LatentMap, mouse: "type[Mouse]", press: "Press", qtbot: "QtBot"
) -> None:
    press(latent_map, "Select points by drawing round them (or hold L and drag)")
    latent_map.show_points(_cloud(frozenset({"b"})))
    assert _drawn(latent_map, mouse, _around(latent_map, -2.9, -2.9, 2.9, 2.9), qtbot)[0] == [0, 1]
    latent_map.set_points_visible(False)
    assert _drawn(latent_map, mouse, _around(latent_map, -2.9, -2.9, 2.9, 2.9), qtbot)[0] == []


def test_escape_ends_the_region_then_the_tool_then_the_selection(
    latent_map: LatentMap, mouse: "type[Mouse]", press: "Press", qtbot: "QtBot"
) -> None:
    press(latent_map, "Select points by drawing round them (or hold L and drag)")
    hand = mouse(latent_map)
    with qtbot.assertNotEmitted(latent_map.points_chosen), qtbot.assertNotEmitted(latent_map.selection_cleared):
        hand.press(latent_map.position_of(-1, -1))
        hand.move(latent_map.position_of(1, 2), _LEFT)
        QTest.keyClick(latent_map, Qt.Key.Key_Escape)
        hand.release(latent_map.position_of(1, 2))
        QTest.keyClick(latent_map, Qt.Key.Key_Escape)
    with qtbot.waitSignal(latent_map.latent_dragged):
        hand.click(latent_map.position_of(1, 0))
    with qtbot.waitSignal(latent_map.selection_cleared):
        QTest.keyClick(latent_map, Qt.Key.Key_Escape)


def test_the_rest_is_grey_and_the_count_is_shown(latent_map: LatentMap, pixels: "Pixels", press: "Press") -> None:
    coloured = pixels(latent_map)
    latent_map.show_selection(np.array([True, False, False, False]))
    chosen = pixels(latent_map)
    places = [(int(place.y()), int(place.x())) for place in (latent_map.position_of(u, v) for u, v in PLACES)]
    assert (chosen[places[0]] == coloured[places[0]]).all()
    for place in places[1:]:
        assert np.ptp(chosen[place].astype(int)) < 8
        assert np.ptp(coloured[place].astype(int)) > 40
    assert press.button(latent_map, "Select nothing (Escape)").isVisible()
    latent_map.show_selection(None)
    assert (pixels(latent_map) == coloured).all()
    assert not press.button(latent_map, "Select nothing (Escape)").isVisible()


def test_i_looks_closely_at_the_point_nearest_to_the_ring(latent_map: LatentMap, qtbot: "QtBot") -> None:
    latent_map.show_ring(1.1, 1.1)
    with qtbot.waitSignal(latent_map.point_hovered) as hovered:
        QTest.keyClick(latent_map, Qt.Key.Key_I)
    assert hovered.args == [1]
