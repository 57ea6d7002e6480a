"""Two panels where before there was one."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QLabel, QWidget

from explorer.views.beside import Beside
from explorer.views.main_window import MainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Wide(QWidget):
    """A panel that would like all of the room."""

    def sizeHint(self) -> QSize:
        return QSize(2000, 100)


@pytest.mark.parametrize("width", [300, 900])
def test_both_are_as_wide_as_each_other_and_say_whose_they_are(qtbot: "QtBot", width: int) -> None:
    first, second = Wide(), QWidget()
    beside = Beside(first, second)
    qtbot.addWidget(beside)
    titles = ("A · vae / mnist · epoch 20", "B · a_model_with_a_long_name / a_dataset · epoch 3")
    beside.show_titles(titles)
    beside.resize(width, 100)
    beside.show()
    assert abs(first.width() - second.width()) <= 2
    assert beside.width() == width
    labels = [label for label in beside.findChildren(QLabel) if label.toolTip()]
    labels.sort(key=lambda label: label.mapTo(beside, QPoint(0, 0)).x())
    assert tuple(label.toolTip() for label in labels) == titles


def test_a_dock_has_its_own_panel_again(qtbot: "QtBot") -> None:
    panel = QWidget()
    panel.setObjectName("samples_panel")
    window = MainWindow({"samples_panel": panel})
    qtbot.addWidget(window)
    window.show()
    other = QWidget()
    beside = window.put_beside("samples_panel", other)
    assert window.dock("samples_panel").widget() is beside
    assert panel.isVisible()
    assert other.isVisible()
    window.leave_alone("samples_panel")
    assert window.dock("samples_panel").widget() is panel
    assert panel.isVisible()
    window.leave_alone("samples_panel")
    assert window.dock("samples_panel").widget() is panel, "and nothing happens where there is only one"
