"""The line below pictures, and when it has room for a legend."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from explorer.views.widgets.difference_legend import DifferenceLegend
from explorer.views.widgets.summary_line import SummaryLine

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def line(qtbot: "QtBot") -> SummaryLine:
    made = SummaryLine()
    qtbot.addWidget(made)
    made.resize(600, 24)
    return made


def _parts(line: SummaryLine) -> tuple[QLabel, DifferenceLegend]:
    (text,), (legend,) = line.findChildren(QLabel), line.findChildren(DifferenceLegend)
    return text, legend


def test_a_narrow_line_leaves_its_room_to_the_sentence(line: SummaryLine) -> None:
    text, legend = _parts(line)
    line.show_summary("mean squared error per pixel 0.0321", True)
    line.show()
    assert legend.isVisible()
    line.show_summary("A long sentence about all that there is to say of these pictures. " * 3, True)
    assert not legend.isVisible()
    line.show_summary("mean squared error per pixel 0.0321", True)
    line.resize(250, 24)
    QApplication.processEvents()
    assert (text.isVisible(), legend.isVisible()) == (True, False)
    assert text.toolTip() == "mean squared error per pixel 0.0321"
    line.show_summary("", True)
    assert legend.isVisible()


def test_without_anything_to_say_there_is_no_line(line: SummaryLine) -> None:
    line.show_summary("something")
    line.show()
    assert not _parts(line)[1].isVisible()
    line.show_summary("")
    assert not line.isVisible()
