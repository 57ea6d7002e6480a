"""Two panels where before there was one."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from explorer.views.beside import Beside

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Wide(QWidget):
    """A panel that would like all of the room."""

    def sizeHint(self) -> QSize:
        return QSize(2000, 100)


@pytest.mark.parametrize("width", [300, 900])
def test_both_are_as_wide_as_each_other_and_say_whose_they_are(qtbot: "QtBot", width: int) -> None:
    first, second = Wide(), QWidget()
    beside = Beside(first)
    qtbot.addWidget(beside)
    beside.put(second)
    titles = ("A · vae / mnist · epoch 20", "B · a_model_with_a_long_name / a_dataset · epoch 3")
    beside.show_titles(titles)
    beside.resize(width, 100)
    beside.show()
    assert abs(first.width() - second.width()) <= 2
    assert beside.width() == width
    labels = [label for label in beside.findChildren(QLabel) if label.toolTip()]
    labels.sort(key=lambda label: label.mapTo(beside, QPoint(0, 0)).x())
    assert tuple(label.toolTip() for label in labels) == titles


def test_one_stands_alone_without_a_name(qtbot: "QtBot") -> None:
    first, second = QWidget(), QWidget()
    beside = Beside(first)
    qtbot.addWidget(beside)
    beside.resize(300, 100)
    beside.show()
    for _ in range(2):
        assert (first.width(), first.height()) == (300, 100)
        beside.put(second)
        assert second.isVisible()
        QApplication.processEvents()
        assert first.height() < 100, "below its name"
        beside.leave_alone()
        QApplication.processEvents()
        second = QWidget()
    second.deleteLater()
    assert beside.count() == 1
