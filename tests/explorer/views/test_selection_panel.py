"""The selection panel alone."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget

from explorer.views.selection_panel import SelectionPanel
from explorer.views.widgets.image_grid import ImageGrid

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press


@pytest.fixture
def panel(qtbot: "QtBot", dark: None) -> SelectionPanel:
    view = SelectionPanel()
    qtbot.addWidget(view)
    view.resize(900, 220)
    view.show()
    qtbot.waitExposed(view)
    return view


def _line(panel: SelectionPanel, name: str) -> QLineEdit:
    return next(line for line in panel.findChildren(QLineEdit) if line.accessibleName() == name)


def _groups(panel: SelectionPanel) -> QListWidget:
    return next(iter(panel.findChildren(QListWidget)))


def test_enter_searches_and_the_button_selects(panel: SelectionPanel, press: "Press", qtbot: "QtBot") -> None:
    QTest.keyClicks(_line(panel, "Item to find"), "class 7")
    with qtbot.waitSignal(panel.search_requested) as searched:
        QTest.keyClick(_line(panel, "Item to find"), Qt.Key.Key_Return)
    with qtbot.waitSignal(panel.members_requested) as selected:
        press(panel, "Select")
    assert searched.args == selected.args == ["class 7"]


def test_what_needs_a_selection_says_so_without_one(panel: SelectionPanel, press: "Press", qtbot: "QtBot") -> None:
    assert not press.button(panel, "Keep").isEnabled()
    assert "Select points" in press.button(panel, "Export the selection as CSV").toolTip()
    with qtbot.assertNotEmitted(panel.name_requested):
        QTest.keyClick(_line(panel, "Name of the group"), Qt.Key.Key_Return)
    panel.show_count(3, 50)
    assert any("3 of 50" in label.text() for label in panel.findChildren(QLabel))
    QTest.keyClicks(_line(panel, "Name of the group"), " mine ")
    with qtbot.waitSignal(panel.name_requested) as named:
        press(panel, "Keep")
    assert named.args == ["mine"]


def test_groups_are_chosen_and_removed_by_keys(panel: SelectionPanel, qtbot: "QtBot") -> None:
    panel.show_groups((("first", 3), ("second", 1_234)))
    groups = _groups(panel)
    assert [groups.item(row).text() for row in range(2)] == ["first  (3)", "second  (1,234)"]
    groups.setFocus()
    groups.setCurrentRow(1)
    with qtbot.waitSignal(panel.group_chosen) as chosen:
        QTest.keyClick(groups, Qt.Key.Key_Return)
    with qtbot.waitSignal(panel.group_removed) as removed:
        QTest.keyClick(groups, Qt.Key.Key_Delete)
    assert chosen.args == removed.args == [1]


def test_a_group_is_renamed_in_its_place(panel: SelectionPanel, qtbot: "QtBot") -> None:
    panel.show_groups((("first", 3), ("second", 4)))
    groups = _groups(panel)
    groups.setFocus()
    groups.setCurrentRow(1)
    QTest.keyClick(groups, Qt.Key.Key_F2)
    editor = next(line for line in groups.findChildren(QLineEdit))
    assert editor.text() == "second"
    editor.setText("other")
    with qtbot.waitSignal(panel.group_renamed) as renamed:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == [1, "other"]


def test_pictures_are_shown_and_taken(panel: SelectionPanel, choose: "Choose", qtbot: "QtBot") -> None:
    panel.show_pictures(np.zeros((3, 8, 8, 1), np.uint8), ("a", "b", "c"), "3 nearest")
    grid = next(iter(panel.findChildren(ImageGrid)))
    assert grid.isVisible()
    with qtbot.waitSignal(panel.item_activated) as taken:
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.item_rect(2).center().toPoint())
    assert taken.args == [2]
    with qtbot.waitSignal(panel.shown_chosen) as chosen:
        choose(panel, "Pictures", "Selected")
    assert chosen.args == ["selected"]
    panel.show_nothing("Nothing here.")
    assert not grid.isVisible()
