"""Widgets side by side in as many rows as they need."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from explorer.views.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def holder(qtbot: "QtBot") -> QWidget:
    """Three widgets of 40, 40 and 60 pixels in a flow with gaps of 10; the second is lower than the others."""
    widget = QWidget()
    qtbot.addWidget(widget)
    flow = FlowLayout(widget, spacing=10)
    for width, height in ((40, 20), (40, 10), (60, 20)):
        part = QWidget()
        part.setFixedSize(width, height)
        flow.addWidget(part)
    widget.show()
    return widget


def _flow(holder: QWidget) -> FlowLayout:
    flow = holder.layout()
    assert isinstance(flow, FlowLayout)
    return flow


def _places(holder: QWidget, width: int) -> list[tuple[int, int]]:
    holder.resize(width, 100)
    _flow(holder).activate()
    return [(part.x(), part.y()) for part in holder.findChildren(QWidget)]


def test_rows_follow_from_the_width_and_stand_on_one_middle(holder: QWidget) -> None:
    assert _places(holder, 160) == [(0, 0), (50, 5), (100, 0)]
    assert _places(holder, 159) == [(0, 0), (50, 5), (0, 30)]
    assert _places(holder, 60) == [(0, 0), (0, 30), (0, 50)]


def test_the_height_is_that_of_all_rows(holder: QWidget) -> None:
    assert [_flow(holder).heightForWidth(width) for width in (160, 159, 60)] == [20, 50, 70]


def test_a_hidden_widget_takes_no_room(holder: QWidget) -> None:
    holder.findChildren(QWidget)[0].hide()
    assert _places(holder, 110)[1:] == [(0, 5), (50, 0)]
    assert _flow(holder).heightForWidth(110) == 20


def test_what_is_added_while_nobody_looks_is_in_its_row_when_somebody_does(qtbot: "QtBot") -> None:
    view = QWidget()
    layout = FlowLayout(view)
    qtbot.addWidget(view)
    view.resize(100, 100)
    view.show()
    view.hide()
    labels = [QWidget() for _ in range(2)]
    for label in labels:
        label.setFixedSize(60, 10)
        layout.addWidget(label)
    view.show()
    assert [label.y() for label in labels] == [0, 14]
