"""Painting over pixels, by mouse and by keyboard."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from explorer.views.widgets.mask_painter import MaskPainter

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels


@pytest.fixture
def painter(qtbot: "QtBot", dark: None) -> MaskPainter:
    """Shows a grey picture of 8 × 8 pixels, 20 pixels of the screen each, with a brush one pixel wide."""
    view = MaskPainter()
    qtbot.addWidget(view)
    view.resize(170, 164)
    view.show_picture(np.full((8, 8, 1), 90, np.uint8))
    view.set_brush(1)
    view.show()
    return view


@pytest.fixture
def told(painter: MaskPainter) -> "list[NDArray[np.bool_]]":
    """What the painter announced."""
    masks: list[NDArray[np.bool_]] = []
    painter.painted.connect(masks.append)
    return masks


def _at(painter: MaskPainter, row: float, column: float) -> QPointF:
    room = painter.picture_rect()
    return room.topLeft() + QPointF((column + 0.5) * room.width() / 8, (row + 0.5) * room.height() / 8)


def test_a_stroke_paints_every_pixel_on_its_way_and_is_told_once(
    painter: MaskPainter, told: "list[NDArray[np.bool_]]", mouse: "type[Mouse]", pixels: "Pixels"
) -> None:
    mouse(painter).drag([_at(painter, 2, 1), _at(painter, 2, 6)])
    assert len(told) == 1
    assert np.argwhere(told[0]).tolist() == [[2, column] for column in range(1, 7)]
    drawn = pixels(painter)
    inside, outside = _at(painter, 2, 3), _at(painter, 5, 3)
    assert drawn[int(outside.y()), int(outside.x())].tolist() == [90, 90, 90]
    assert drawn[int(inside.y()), int(inside.x())].tolist() != [90, 90, 90]


def test_the_right_button_takes_away(
    painter: MaskPainter, told: "list[NDArray[np.bool_]]", mouse: "type[Mouse]"
) -> None:
    painter.show_mask(np.ones((8, 8), dtype=bool))
    mouse(painter).drag([_at(painter, 0, 0), _at(painter, 3, 3)], Qt.MouseButton.RightButton)
    assert np.argwhere(~told[-1]).tolist() == [[place, place] for place in range(4)]


def test_a_wide_brush_is_round(painter: MaskPainter, told: "list[NDArray[np.bool_]]", mouse: "type[Mouse]") -> None:
    painter.set_brush(3)
    mouse(painter).click(_at(painter, 4, 4))
    assert told[-1].sum() == 9
    painter.set_brush(5)
    mouse(painter).click(_at(painter, 4, 4))
    assert told[-1].sum() == 21


def test_the_keyboard_paints_too(painter: MaskPainter, told: "list[NDArray[np.bool_]]") -> None:
    painter.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Space):
        QTest.keyClick(painter, key)
    assert np.argwhere(told[-1]).tolist() == [[3, 5], [4, 4]]
    QTest.keyClick(painter, Qt.Key.Key_Backspace)
    assert np.argwhere(told[-1]).tolist() == [[4, 4]]
    for _ in range(12):
        QTest.keyClick(painter, Qt.Key.Key_Left)
    QTest.keyClick(painter, Qt.Key.Key_Space)
    assert np.argwhere(told[-1]).tolist() == [[3, 0], [4, 4]]


def test_a_mask_that_is_shown_is_not_announced_and_one_of_another_size_is_left_out(
    painter: MaskPainter, told: "list[NDArray[np.bool_]]"
) -> None:
    painter.show_mask(np.eye(8, dtype=bool))
    painter.show_mask(np.ones((3, 3), dtype=bool))
    assert (painter.covered == np.eye(8, dtype=bool)).all()
    painter.show_picture(np.zeros((4, 4, 3), np.uint8))
    assert painter.covered.shape == (4, 4)
    assert not painter.covered.any()
    assert told == []


def test_the_same_picture_and_mask_again_draw_nothing(
    painter: MaskPainter, qtbot: "QtBot", monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitExposed(painter)
    drawn: list[int] = []
    monkeypatch.setattr(painter, "update", lambda: drawn.append(1))
    mask = np.eye(8, dtype=bool)
    painter.show_mask(mask)
    assert len(drawn) == 1
    painter.show_picture(np.full((8, 8, 1), 90, np.uint8))
    painter.show_mask(mask.copy())
    assert len(drawn) == 1
    painter.show_picture(np.full((8, 8, 1), 91, np.uint8))
    painter.show_mask(~mask)
    assert len(drawn) == 3


def test_a_mask_that_is_shown_during_a_stroke_does_not_take_the_stroke_away(
    painter: MaskPainter, told: "list[NDArray[np.bool_]]", mouse: "type[Mouse]"
) -> None:
    mouse(painter).press(_at(painter, 2, 2))
    painter.show_mask(np.zeros((8, 8), dtype=bool))
    mouse(painter).release(_at(painter, 2, 2))
    assert np.argwhere(told[-1]).tolist() == [[2, 2]]
