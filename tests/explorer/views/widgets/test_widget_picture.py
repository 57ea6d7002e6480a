"""Widgets as pictures of another size."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from explorer.views.widgets.curve_plot import CurvePlot
from explorer.views.widgets.pictures import image_pixels
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


def test_a_low_plot_is_drawn_as_one_that_has_the_room(qtbot: "QtBot") -> None:
    low, high = CurvePlot("step", "value", height=None), CurvePlot("step", "value", height=None)
    size = QSize(400, 300)
    for plot, shown in ((low, QSize(300, 80)), (high, size)):
        qtbot.addWidget(plot)
        plot.resize(shown)
        plot.show()
        plot.show_curves([("loss", (0.0, 1.0, 2.0), (100_000.0, 0.0, 123_456.0))])
    QTest.qWait(50)
    wanted = image_pixels(high.grab().toImage())
    np.testing.assert_array_equal(image_pixels(widget_picture(low, size, 1)), wanted)
