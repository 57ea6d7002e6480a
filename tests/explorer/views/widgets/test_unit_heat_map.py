"""Units over epochs as colours: where they are, what is said of them, and which one is taken."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.state.metric_values import UnitHistory
from explorer.views.widgets.unit_heat_map import UnitHeatMap

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels

_VALUES = np.array([[0.1, 2.0, 1.0], [0.1, 3.0, 0.0], [0.1, 4.0, 0.5], [0.05, 4.0, 2.0]])
_HISTORY = UnitHistory("kl", np.array([1.0, 2.0, 5.0, 5.5]), _VALUES)


@pytest.fixture
def heat_map(qtbot: "QtBot") -> UnitHeatMap:
    view = UnitHeatMap()
    qtbot.addWidget(view)
    view.resize(500, 260)
    view.show_units(_HISTORY, "a run", ("z1", "z2", "z3"))
    view.show()
    qtbot.waitExposed(view)
    return view


def _lightness(heat_map: UnitHeatMap, pixels: "Pixels", row: int, column: int) -> int:
    place = heat_map.pixel_of(row, column).toPoint()
    return int(pixels(heat_map)[place.y(), place.x()].astype(int).sum())


def test_rows_are_units_and_columns_are_times(heat_map: UnitHeatMap, pixels: "Pixels") -> None:
    assert heat_map.shown().shape == (3, 4)
    np.testing.assert_array_equal(heat_map.shown(), _VALUES.T)
    assert _lightness(heat_map, pixels, 1, 3) > _lightness(heat_map, pixels, 2, 3) > _lightness(heat_map, pixels, 0, 3)
    assert heat_map.pixel_of(0, 0).y() < heat_map.pixel_of(2, 0).y()


def test_by_activity_the_most_used_at_the_end_comes_first(heat_map: UnitHeatMap) -> None:
    heat_map.show_units(_HISTORY, "a run", ("z1", "z2", "z3"), by_activity=True)
    np.testing.assert_array_equal(heat_map.shown(), _VALUES[:, [1, 2, 0]].T)


def test_a_cell_is_said_and_a_click_takes_its_unit(heat_map: UnitHeatMap, mouse: "type[Mouse]") -> None:
    taken: list[int] = []
    heat_map.unit_activated.connect(taken.append)
    viewport = heat_map._plot.viewport()

    def place(row: int, column: int) -> QPointF:
        return QPointF(viewport.mapFrom(heat_map, heat_map.pixel_of(row, column).toPoint()))

    assert heat_map.text() == "a run"
    mouse(viewport).move(place(1, 2))
    assert heat_map.text() == "z2 · epoch 5 · KL 4 nats"
    mouse(viewport).click(place(2, 3))
    assert taken == [2]
    heat_map.show_units(_HISTORY, "a run", by_activity=True)
    mouse(viewport).click(place(2, 3))
    assert taken == [2, 0]


def test_the_keyboard_reaches_every_cell(heat_map: UnitHeatMap) -> None:
    taken: list[int] = []
    heat_map.unit_activated.connect(taken.append)
    heat_map.setFocus()
    QTest.keyClick(heat_map, Qt.Key.Key_Down)
    assert heat_map.text() == "z1 · epoch 5.5 · KL 0.05 nats"
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(heat_map, key)
    assert heat_map.accessibleDescription() == "z2 · epoch 2 · KL 3 nats"
    QTest.keyClick(heat_map, Qt.Key.Key_Up)
    QTest.keyClick(heat_map, Qt.Key.Key_Up)
    QTest.keyClick(heat_map, Qt.Key.Key_Return)
    assert taken == [0]


def test_a_run_that_goes_on_grows(heat_map: UnitHeatMap) -> None:
    grown = UnitHistory("kl", np.append(_HISTORY.epochs, 7.0), np.vstack([_VALUES, [[0.0, 1.0, 9.0]]]))
    heat_map.show_units(grown, "a run")
    assert heat_map.shown().shape == (3, 5)
    assert 0 < heat_map.pixel_of(0, 4).x() < heat_map.width()


def test_a_variance_has_no_unit_and_unused_units_do_no_harm(heat_map: UnitHeatMap) -> None:
    heat_map.show_units(UnitHistory("code_variance", np.array([1.0]), np.zeros((1, 5))), "nothing")
    heat_map.setFocus()
    QTest.keyClick(heat_map, Qt.Key.Key_Up)
    assert heat_map.text() == "z1 · epoch 1 · variance of the codes 0"


def test_the_tab_key_points_at_a_unit_and_a_double_click_takes_one_once(
    heat_map: UnitHeatMap, mouse: "type[Mouse]"
) -> None:
    QApplication.sendEvent(heat_map, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert heat_map.text() == "z1 · epoch 5.5 · KL 0.05 nats"
    taken: list[int] = []
    heat_map.unit_activated.connect(taken.append)
    viewport = heat_map._plot.viewport()
    mouse(viewport).double_click(QPointF(viewport.mapFrom(heat_map, heat_map.pixel_of(1, 1).toPoint())))
    assert taken == [1]


def test_one_value_far_above_the_others_does_not_darken_them(heat_map: UnitHeatMap, pixels: "Pixels") -> None:
    values = np.tile(np.linspace(0.1, 4.0, 20), (60, 1))
    values[0, 0] = 400.0
    heat_map.show_units(UnitHistory("kl", np.arange(60.0), values), "a run")
    assert _lightness(heat_map, pixels, 18, 30) > _lightness(heat_map, pixels, 2, 30) + 100
