"""Points over a ground of colour."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.state.scatter_values import Ground, Scatter
from explorer.views.theme import DARK, LIGHT
from explorer.views.widgets.scatter_view import ScatterView, coloured, frame_around

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels

FRAME = (-2.0, -2.0, 2.0, 2.0)
POINTS = np.array([[-1.0, 1.0], [1.0, 1.0], [0.0, -1.0]], dtype=np.float32)


@pytest.fixture
def view(qtbot: "QtBot", dark: None) -> ScatterView:
    made = ScatterView()
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    return made


def test_points_lie_where_their_coordinates_say(view: ScatterView, pixels: "Pixels") -> None:
    view.show_scatter(Scatter(POINTS, FRAME))
    drawn = pixels(view).astype(int)
    for index in range(3):
        x, y = (round(value) for value in view.place_of(index))
        assert drawn[y, x].max() > 150
    (left, top), (right, _), (_, below) = (view.place_of(index) for index in range(3))
    assert left < right
    assert top < below
    assert right - left == pytest.approx(below - top)


def test_a_click_takes_the_point_under_it(view: ScatterView, mouse: type["Mouse"]) -> None:
    view.show_scatter(Scatter(POINTS, FRAME))
    taken: list[int] = []
    view.item_activated.connect(taken.append)
    for index in (2, 0):
        x, y = view.place_of(index)
        mouse(view).click(QPointF(x + 3, y - 2))
    mouse(view).click(QPointF(view.width() / 2, view.height() / 2))
    assert taken == [2, 0]


def test_the_ground_is_drawn_upright_below_the_points(view: ScatterView, pixels: "Pixels") -> None:
    values = np.zeros((8, 8))
    values[0] = 1.0
    view.show_scatter(Scatter(np.empty((0, 2), np.float32), FRAME, ground=Ground(values, "density")))
    drawn = pixels(view).astype(int)
    middle = view.width() // 2
    assert drawn[40, middle].sum() > drawn[200, middle].sum() + 100


def test_reconstructions_are_joined_to_their_originals(view: ScatterView, pixels: "Pixels") -> None:
    view.show_scatter(Scatter(POINTS[:1], FRAME))
    alone = pixels(view).astype(int)
    view.show_scatter(Scatter(POINTS[:1], FRAME, originals=POINTS[1:2]))
    joined = pixels(view).astype(int)
    x, y = view.place_of(0)
    assert np.abs(joined - alone)[round(y), round(x) + 30].max() > 30


def test_every_theme_has_a_ramp_that_rises_or_falls_steadily() -> None:
    for palette in (DARK, LIGHT):
        lightness = coloured(np.linspace(0.0, 1.0, 6)[None], palette).astype(float).mean(axis=2)[0]
        assert (np.diff(lightness) > 8).all() or (np.diff(lightness) < -8).all()


def test_numbers_that_are_none_do_not_spoil_the_ground() -> None:
    assert coloured(np.array([[np.nan, 0.0], [1.0, np.inf]]), DARK).shape == (2, 2, 3)


def test_a_frame_is_a_square_with_room_around_the_points() -> None:
    left, bottom, right, top = frame_around(POINTS)
    assert right - left == pytest.approx(top - bottom)
    assert left < -1.0 < 1.0 < right
    assert bottom < -1.0 < 1.0 < top


def test_nothing_is_drawn_and_nothing_found_without_points(view: ScatterView) -> None:
    view.show_scatter(None)
    assert view.item_at(150, 150) == -1


def test_the_keyboard_goes_to_the_next_point_that_way_and_takes_it(view: ScatterView) -> None:
    points = np.array([[0.1, 0.0], [1.0, 0.2], [1.9, 0.0], [0.0, 1.5], [0.3, -1.0]], dtype=np.float32)
    view.show_scatter(Scatter(points, FRAME))
    view.offer_key_points()
    taken: list[int] = []
    wanted: list[int] = []
    view.item_activated.connect(taken.append)
    view.key_point_wanted.connect(wanted.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    QTest.keyClick(view, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(view, key)
        QTest.keyClick(view, Qt.Key.Key_Enter)
    QTest.keyClick(view, Qt.Key.Key_P)
    # There is nothing to the right of the point at 1.9, and above it is the one at 1.0 only askew.
    assert taken == [0, 1, 2, 2, 2, 2]
    assert wanted == [2]
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.accessibleDescription() == "point at 1, 0.2"


def test_where_the_keyboard_is_is_seen_and_fewer_points_do_no_harm(view: ScatterView, pixels: "Pixels") -> None:
    view.show_scatter(Scatter(POINTS, FRAME))
    bare = pixels(view)
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert (pixels(view) != bare).any()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(view, key)
    view.show_scatter(Scatter(POINTS[:1], FRAME))
    taken: list[int] = []
    view.item_activated.connect(taken.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert taken == [0]
