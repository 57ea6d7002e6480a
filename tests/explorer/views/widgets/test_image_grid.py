"""The grid of pictures: whole scales, hits, keys, scrolling."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from explorer.views.widgets.image_grid import ImageGrid

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels


@pytest.fixture
def grid(qtbot: "QtBot", dark: None) -> ImageGrid:
    view = ImageGrid()
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show()
    return view


def _pictures(count: int, side: int = 8) -> "NDArray[np.uint8]":
    generator = np.random.default_rng(0)
    return generator.integers(0, 256, (count, 1, side, side, 3), np.uint8)


@pytest.mark.parametrize(("count", "side"), [(1, 8), (7, 8), (64, 28), (3, 100)])
def test_pictures_are_enlarged_by_a_whole_factor(grid: ImageGrid, pixels: "Pixels", count: int, side: int) -> None:
    pictures = _pictures(count, side)
    grid.show_pictures(pictures)
    drawn = pixels(grid.viewport())
    for index in {0, min(count - 1, 4)}:
        room = grid.item_rect(index).toRect()
        scale = room.width() // side
        assert room.width() == room.height() == scale * side
        seen = drawn[room.top() : room.bottom() + 1, room.left() : room.right() + 1]
        assert (seen == np.kron(pictures[index, 0], np.ones((scale, scale, 1), np.uint8))).all()


def test_few_pictures_are_large_and_many_scroll(grid: ImageGrid) -> None:
    grid.show_pictures(_pictures(2, 28))
    few = grid.item_rect(0).width()
    assert grid.verticalScrollBar().maximum() == 0
    grid.show_pictures(_pictures(500, 28))
    assert few > 2 * grid.item_rect(0).width() >= 80
    assert grid.verticalScrollBar().maximum() > 0


def test_every_cell_is_found_at_its_place(grid: ImageGrid, qtbot: "QtBot") -> None:
    grid.show_pictures(_pictures(30), tuple("0.1234" for _ in range(30)))
    for index in range(30):
        assert grid.item_at(grid.item_rect(index).center().toPoint()) == index
    assert grid.item_at(grid.item_rect(0).topLeft().toPoint() * 0 - grid.item_rect(0).topLeft().toPoint()) == -1


def test_hits_follow_the_scroll_bar(grid: ImageGrid) -> None:
    grid.show_pictures(_pictures(500, 28))
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert grid.item_at(grid.item_rect(499).center().toPoint()) == 499


def test_hovering_is_announced_and_outlined(grid: ImageGrid, mouse: "type[Mouse]", pixels: "Pixels") -> None:
    told: list[int] = []
    grid.item_hovered.connect(told.append)
    grid.show_pictures(_pictures(6))
    before = pixels(grid.viewport())
    place = grid.item_rect(3).center()
    mouse(grid.viewport()).move(place)
    mouse(grid.viewport()).move(place + QPointF(1, 1))
    assert told == [3]
    changed = np.argwhere((pixels(grid.viewport()) != before).any(axis=2))
    room = grid.item_rect(3)
    assert len(changed)
    assert np.abs(changed[:, 1] - room.center().x()).max() <= room.width() / 2 + 4
    mouse(grid.viewport()).move(QPointF(0, 0))
    assert told == [3, -1]


def test_keys_choose_and_enter_activates(grid: ImageGrid) -> None:
    told: list[int] = []
    grid.item_activated.connect(told.append)
    grid.show_pictures(_pictures(200, 28))
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    for _ in range(100):
        QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert told == [1, 199]
    assert grid.viewport().rect().contains(grid.item_rect(199).center().toPoint())


def test_no_pictures_at_all(grid: ImageGrid, mouse: "type[Mouse]") -> None:
    told: list[int] = []
    grid.item_activated.connect(told.append)
    grid.show_pictures(_pictures(3))
    grid.show_pictures(np.zeros((0, 1, 8, 8, 1), np.uint8))
    mouse(grid.viewport()).click(QPointF(20, 20))
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert told == []


@pytest.mark.parametrize(("columns", "side"), [(7, 8), (7, 64), (10, 28), (10, 100)])
def test_as_many_columns_as_wanted_stand_beside_one_another(grid: ImageGrid, columns: int, side: int) -> None:
    grid.show_pictures(_pictures(3 * columns, side), ("0.1",) * (3 * columns), columns=columns)
    rooms = [grid.item_rect(index) for index in range(3 * columns)]
    assert len({room.top() for room in rooms[:columns]}) == 1
    assert rooms[columns].top() > rooms[0].bottom()
    assert rooms[columns].left() == rooms[0].left()
    assert rooms[0].left() >= 0
    assert rooms[columns - 1].right() <= grid.viewport().width()
    for index in range(columns):
        assert grid.item_at(rooms[index].center().toPoint()) == index


def test_titles_have_room_of_their_own(grid: ImageGrid, pixels: "Pixels") -> None:
    pictures = np.zeros((8, 1, 8, 8, 3), np.uint8)
    grid.show_pictures(pictures, columns=4)
    before = grid.item_rect(0)
    grid.show_pictures(pictures, columns=4, row_titles=("smile", "hat"), column_titles=("1", "2", "3", "4"))
    room = grid.item_rect(0)
    assert room.left() > before.left()
    assert room.top() > before.top()
    drawn = pixels(grid.viewport()).astype(int)
    ground = drawn[-1, -1]
    for part in (drawn[: int(room.top()) - 4, :], drawn[int(room.top()) :, : int(room.left()) - 4]):
        assert np.abs(part - ground).max() > 50


def test_column_titles_stay_in_sight(grid: ImageGrid, pixels: "Pixels") -> None:
    grid.show_pictures(np.zeros((400, 1, 8, 8, 3), np.uint8), columns=4, column_titles=("1", "2", "3", "4"))
    title = int(grid.item_rect(0).top()) - 4
    before = pixels(grid.viewport())[:title]
    grid.verticalScrollBar().setValue(777)
    assert (pixels(grid.viewport())[:title] == before).all()


class _Paints(QObject):
    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_pictures_are_painted_again_only_for_another_look(grid: ImageGrid, qtbot: "QtBot") -> None:
    grid.show_pictures(_pictures(3))
    paints = _Paints()
    grid.viewport().installEventFilter(paints)
    grid.set_smooth(True)
    qtbot.waitUntil(lambda: paints.count == 1)
    grid.set_smooth(True)
    QApplication.processEvents()
    assert paints.count == 1
    grid.set_smooth(False)
    qtbot.waitUntil(lambda: paints.count == 2)


def test_a_cell_can_be_added_to_the_path_where_that_is_offered(grid: ImageGrid, mouse: "type[Mouse]") -> None:
    grid.show_pictures(np.zeros((6, 1, 8, 8, 1), np.uint8))
    added: list[int] = []
    taken: list[int] = []
    grid.key_point_wanted.connect(added.append)
    grid.item_activated.connect(taken.append)
    place = grid.item_rect(2).center().toPoint()
    menu_event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, grid.mapToGlobal(place))
    mouse(grid.viewport()).move(grid.item_rect(2).center())
    QTest.keyClick(grid, Qt.Key.Key_P)
    grid.contextMenuEvent(menu_event)
    assert (added, grid.findChildren(QMenu)) == ([], [])
    grid.offer_key_points()
    QTest.keyClick(grid, Qt.Key.Key_P)
    grid.contextMenuEvent(menu_event)
    (menu,) = grid.findChildren(QMenu)
    for action in menu.actions():
        action.trigger()
    menu.close()
    assert (added, taken) == ([2, 2], [2])


@pytest.mark.parametrize(("layers", "side"), [(4, 28), (4, 64), (2, 64), (3, 8)])
def test_a_cell_of_several_pictures_is_seen_whole(grid: ImageGrid, layers: int, side: int) -> None:
    grid.resize(500, 170)
    stacks = np.zeros((30, layers, side, side, 1), np.uint8)
    names = tuple(f"layer {place}" for place in range(layers))
    grid.show_pictures(stacks, ("7  0.1234",) * 30, layer_titles=names)
    room = grid.item_rect(0)
    assert room.bottom() + 16 <= grid.viewport().height() + 1
    assert room.width() >= 24
    assert room.left() > grid.fontMetrics().horizontalAdvance(names[0]) * 0.8


def test_a_cell_that_fits_in_no_way_keeps_whole_pixels(grid: ImageGrid) -> None:
    grid.resize(500, 80)
    grid.show_pictures(np.zeros((3, 4, 28, 28, 1), np.uint8))
    assert grid.item_rect(0).width() == 28
    assert grid.verticalScrollBar().maximum() > 0


def test_a_lower_picture_stands_for_something_of_its_own_only_where_that_is_offered(
    grid: ImageGrid, mouse: "type[Mouse]"
) -> None:
    first: list[int] = []
    lower: list[int] = []
    grid.item_activated.connect(first.append)
    grid.lower_activated.connect(lower.append)
    grid.show_pictures(np.zeros((3, 2, 8, 8, 1), np.uint8))
    below = QPointF(grid.item_rect(1).center().x(), grid.item_rect(1).bottom() - 2)
    mouse(grid.viewport()).click(below)
    QTest.keyClick(grid, Qt.Key.Key_N)
    assert (first, lower) == ([1], [])
    grid.offer_lower(True)
    mouse(grid.viewport()).click(below)
    QTest.keyClick(grid, Qt.Key.Key_N)
    assert (first, lower) == ([1], [1, 1])


def test_the_tab_key_shows_where_the_keyboard_is(grid: ImageGrid, pixels: "Pixels") -> None:
    grid.show_pictures(_pictures(3))
    bare = pixels(grid)
    QApplication.sendEvent(grid, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert (pixels(grid) != bare).any()
    taken: list[int] = []
    grid.item_activated.connect(taken.append)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert taken == [0]
