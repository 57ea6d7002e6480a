"""A line of text alone: shortened, and no trouble to what lies around it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.views.widgets.steady_line import SteadyLine

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class LayoutRequests(QObject):
    """Counts how often a widget is asked to lay itself out."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)


def around(qtbot: "QtBot", line: QWidget) -> tuple[QWidget, LayoutRequests]:
    panel = QWidget()
    qtbot.addWidget(panel)
    QHBoxLayout(panel).addWidget(line)
    panel.resize(200, 40)
    panel.show()
    QCoreApplication.sendPostedEvents(panel, QEvent.Type.LayoutRequest)
    requests = LayoutRequests(panel)
    panel.installEventFilter(requests)
    return panel, requests


def test_another_text_lays_nothing_out_again(qtbot: "QtBot") -> None:
    line, label = SteadyLine(), QLabel()
    (panel, steady), (other, usual) = around(qtbot, line), around(qtbot, label)
    line.show_text("z = (0.13, -1.20)")
    label.setText("z = (0.13, -1.20)")
    for widget in (panel, other):
        QCoreApplication.sendPostedEvents(widget, QEvent.Type.LayoutRequest)
    assert (steady.count, usual.count) == (0, 1)


def test_a_long_text_is_kept_whole(qtbot: "QtBot") -> None:
    line = SteadyLine()
    panel, _ = around(qtbot, line)
    line.show_text("0.123456 " * 100)
    assert line.text() == "0.123456 " * 100
    assert panel.width() == 200
    assert line.height() >= line.fontMetrics().height()
