"""Two widgets in one place: the one that was chosen is seen, and the second comes and goes."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from explorer.views.in_turn import InTurn

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Press


@pytest.fixture
def turns(qtbot: "QtBot") -> InTurn:
    view = InTurn(QLabel("one"), "Sliders")
    qtbot.addWidget(view)
    view.resize(240, 120)
    view.show()
    return view


def _seen(turns: InTurn) -> list[str]:
    """From above."""
    labels = [label for label in turns.findChildren(QLabel) if label.isVisible() and label.text()]
    return [label.text() for label in sorted(labels, key=lambda label: label.mapTo(turns, QPoint()).y())]


def test_nothing_is_chosen_between_one(turns: InTurn) -> None:
    assert _seen(turns) == ["one"]
    assert not turns.findChildren(QAbstractButton)


def test_the_chosen_one_is_seen_below_the_name_of_its_model(turns: InTurn, press: "Press") -> None:
    turns.put(QLabel("two"))
    turns.show_titles(("ada", "bob"))
    assert _seen(turns) == ["ada", "one"]
    press(turns, "B")
    assert (_seen(turns), turns.side) == (["bob", "two"], 1)
    turns.show_titles(("ada", "cyd"))
    assert _seen(turns) == ["cyd", "two"], "another model as B stays in sight"
    press(turns, "Sliders of A, ada")
    assert _seen(turns) == ["ada", "one"]


def test_it_is_chosen_from_the_keyboard(turns: InTurn, press: "Press") -> None:
    turns.put(QLabel("two"))
    press.button(turns, "A").setFocus()
    QTest.keyClick(press.button(turns, "A"), Qt.Key.Key_Right)
    QTest.keyClick(press.button(turns, "B"), Qt.Key.Key_Space)
    assert turns.side == 1


def test_the_first_is_back_when_the_second_goes(turns: InTurn, press: "Press", qtbot: "QtBot") -> None:
    for _ in range(2):
        second: QWidget = QLabel("two")
        turns.put(second)
        assert _seen(turns)[-1] == "one"
        press(turns, "B")
        with qtbot.waitSignal(second.destroyed):
            turns.leave_alone()
        assert _seen(turns) == ["one"]
    turns.leave_alone()
    assert _seen(turns) == ["one"]
