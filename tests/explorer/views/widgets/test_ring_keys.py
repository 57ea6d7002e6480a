"""Keys of the map: the ring, and what is seen of the map under it."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from explorer.views.widgets.plane_canvas import PlaneCanvas
from explorer.views.widgets.ring_keys import RingKeys

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from pytestqt.qtbot import QtBot


class _Canvas(PlaneCanvas):
    def __init__(self) -> None:
        super().__init__()
        self.keys = RingKeys(self)
        self.taken: list[bool] = []

    def keyPressEvent(self, event: "QKeyEvent") -> None:
        self.taken.append(self.keys.press(event))

    def keyReleaseEvent(self, event: "QKeyEvent") -> None:
        self.keys.release(event)


@pytest.fixture
def canvas(qtbot: "QtBot", dark: None) -> _Canvas:
    view = _Canvas()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.set_plot(view.rect())
    view.set_home((-3.0, -3.0, 3.0, 3.0))
    view.move_ring((0.0, 0.0))
    return view


def test_arrows_move_the_ring_and_shift_moves_it_further(canvas: _Canvas) -> None:
    told: list[tuple[float, float]] = []
    ends: list[int] = []
    canvas.keys.moved.connect(lambda u, v: told.append((u, v)))
    canvas.keys.finished.connect(lambda: ends.append(1))
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert told[0] == pytest.approx((0.03, 0.0))
    assert told[1] == pytest.approx((0.0, 0.3))
    assert len(ends) == 2


def test_with_ctrl_the_map_is_pushed_and_the_ring_stays(canvas: _Canvas, qtbot: "QtBot") -> None:
    left = canvas.viewport.rectangle()[0]
    with qtbot.assertNotEmitted(canvas.keys.moved):
        QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    now = canvas.viewport.rectangle()
    assert now[0] == pytest.approx(left + 0.5)
    assert now[1] == pytest.approx(-2.5)
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.viewport.rectangle()[0] == pytest.approx(left)


def test_plus_and_minus_zoom_round_the_middle_and_other_keys_are_left(canvas: _Canvas) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.viewport.rectangle() == pytest.approx((-2.4, -2.4, 2.4, 2.4))
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.viewport.rectangle() == pytest.approx((-3.0, -3.0, 3.0, 3.0))
    QTest.keyClick(canvas, Qt.Key.Key_Q)
    assert canvas.taken == [True, True, False]
