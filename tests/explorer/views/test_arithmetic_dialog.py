"""The line for sums: what it announces, and what it says in place."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from explorer.views.arithmetic_dialog import ArithmeticDialog
from explorer.views.widgets.image_grid import ImageGrid

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Press


@pytest.fixture
def dialog(qtbot: "QtBot") -> ArithmeticDialog:
    view = ArithmeticDialog()
    qtbot.addWidget(view)
    view.show()
    return view


def test_a_sum_is_asked_for_with_enter_and_with_the_button(dialog: ArithmeticDialog, press: "Press") -> None:
    asked: list[str] = []
    dialog.sum_requested.connect(asked.append)
    line = dialog.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "a - b")
    QTest.keyClick(line, Qt.Key.Key_Return)
    press(dialog, "Compute")
    assert asked == ["a - b", "a - b"]


def test_terms_are_gone_to_and_before_there_are_any_nothing_is_exported(
    dialog: ArithmeticDialog, press: "Press", qtbot: "QtBot"
) -> None:
    assert not press.button(dialog, "Go there").isEnabled()
    dialog.show_terms(np.zeros((3, 8, 8, 1), np.uint8), ("+ a", "− b", "="))
    with qtbot.waitSignal(dialog.go_requested):
        press(dialog, "Go there")
    gone: list[int] = []
    dialog.item_activated.connect(gone.append)
    grid = dialog.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.item_rect(1).center().toPoint())
    assert gone == [1]


def test_a_problem_is_a_sentence_that_the_next_sum_takes_away(dialog: ArithmeticDialog) -> None:
    dialog.show_terms(np.zeros((2, 8, 8, 1), np.uint8), ("+ a", "="))
    dialog.show_problem("There is no such name.")
    assert dialog.problem() == "There is no such name."
    dialog.show_terms(np.zeros((2, 8, 8, 1), np.uint8), ("+ a", "="))
    assert dialog.problem() == ""


def test_what_can_be_named_is_said(dialog: ArithmeticDialog) -> None:
    dialog.show_names(("smiling", "age"), 1200)
    texts = [label.text().replace("\u200b", "") for label in dialog.findChildren(QLabel)]
    assert "Known here: smiling, age; #0 to #1,199; sample:1, sample:2, …, and picture files." in texts
