"""The list of key points: what it shows, and what is done to them with keys and menus."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from explorer.state.path_values import ShownKey
from explorer.views.widgets.key_point_list import KeyPointList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PICTURE = np.full((8, 8, 1), 200, np.uint8)
KEYS = (
    ShownKey("A", "Test item 3", "z = (0, 1)", PICTURE),
    ShownKey("B", "Ring's place", "z = (2, 0)"),
    ShownKey("C", "Sample 1", "z = (9)", PICTURE, "This key point belongs to another model"),
)


@pytest.fixture
def keys(qtbot: "QtBot", dark: None) -> KeyPointList:
    view = KeyPointList()
    qtbot.addWidget(view)
    view.show_keys(KEYS)
    view.show()
    return view


def test_a_key_point_has_letter_name_and_picture(keys: KeyPointList) -> None:
    assert [keys.item(row).text() for row in range(3)] == ["A  Test item 3", "B  Ring's place", "C  Sample 1"]
    assert [keys.item(row).icon().isNull() for row in range(3)] == [False, True, False]
    assert keys.item(0).toolTip() == "z = (0, 1)"
    assert keys.item(2).toolTip().endswith("another model")
    assert keys.item(2).foreground().color() != keys.item(0).foreground().color()


def test_keys_take_remove_and_move(keys: KeyPointList) -> None:
    heard: list[tuple[str, tuple[int, ...]]] = []
    keys.taken.connect(lambda place: heard.append(("taken", (place,))))
    keys.removed.connect(lambda place: heard.append(("removed", (place,))))
    keys.moved.connect(lambda place, to: heard.append(("moved", (place, to))))
    keys.setCurrentRow(1)
    QTest.keyClick(keys, Qt.Key.Key_Return)
    QTest.keyClick(keys, Qt.Key.Key_Delete)
    QTest.keyClick(keys, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    # The first has no place before it.
    QTest.keyClick(keys, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert heard == [("taken", (1,)), ("removed", (1,)), ("moved", (1, 0))]


def test_the_menu_offers_the_same(keys: KeyPointList, qtbot: "QtBot") -> None:
    moved: list[tuple[int, int]] = []
    keys.moved.connect(lambda place, to: moved.append((place, to)))
    keys.setCurrentRow(0)
    keys._show_menu(0, keys.mapToGlobal(keys.rect().center()))
    (menu,) = keys.findChildren(QMenu)
    names = [action.text().split("\t")[0] for action in menu.actions()]
    assert names == ["Take the ring there", "Earlier", "Later", "Remove"]
    menu.actions()[2].trigger()
    menu.close()
    assert moved == [(0, 1)]


@pytest.mark.parametrize(("before", "to"), [(3, 2), (2, 1)])
def test_a_drag_says_where_the_key_point_goes(keys: KeyPointList, qtbot: "QtBot", before: int, to: int) -> None:
    with qtbot.waitSignal(keys.moved) as heard:
        assert keys.model().moveRow(QModelIndex(), 0, QModelIndex(), before)
    assert heard.args == [0, to]


def test_the_chosen_row_stays_when_the_list_is_shown_anew(keys: KeyPointList) -> None:
    keys.setCurrentRow(2)
    keys.show_keys(KEYS[:2])
    assert keys.currentRow() == 1
    keys.show_keys(())
    assert keys.currentRow() == -1
