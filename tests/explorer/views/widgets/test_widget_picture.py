"""Widgets as pictures of another size."""

from typing import TYPE_CHECKING

import pyqtgraph
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from explorer.views.theme import small_font
from explorer.views.widgets.pictures import image_pixels
from explorer.views.widgets.plots import dress_plot, empty_plot
from explorer.views.widgets.widget_picture import widget_picture

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def widget(qtbot: "QtBot") -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.setStyleSheet("QWidget { background: #102030; } QLabel { background: #ff0000; }")
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(QLabel())
    made.resize(50, 30)
    made.show()
    return made


def test_a_picture_has_the_wanted_size_and_the_widget_keeps_its_own(widget: QWidget) -> None:
    drawn = image_pixels(widget_picture(widget, QSize(120, 80), 2))
    assert drawn.shape == (160, 240, 3)
    assert (drawn == (255, 0, 0)).all(axis=2).all()
    assert widget.size() == QSize(50, 30)


def test_numbers_of_an_axis_have_room_beside_its_label(qtbot: "QtBot") -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    plot = empty_plot(owner, "")
    layout = QVBoxLayout(owner)
    layout.addWidget(plot)
    dress_plot(plot, owner, {"left": "what is counted", "bottom": "steps"})
    plot.plot([0.0, 1.0], [0.0, 123456.0])
    owner.resize(100, 60)
    owner.show()
    plot.getAxis("left").enableAutoSIPrefix(False)
    widget_picture(owner, QSize(400, 300), 1)
    axis = plot.getAxis("left")
    assert isinstance(axis, pyqtgraph.AxisItem)
    numbers, label = QFontMetricsF(small_font(owner)), axis.label.boundingRect().height()
    assert axis.width() > numbers.horizontalAdvance("120000") + 0.7 * label
