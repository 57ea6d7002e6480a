"""The strip of a path: where its steps lie, what they say, and how they are chosen."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from explorer.state.path_values import ShownPath
from explorer.views.widgets.path_strip import PathStrip

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels

LENGTHS = np.array([1.0, 4.0, 2.0, np.nan])
SUPPORT = np.array([0, 3, 12, 6, 1])


def path_of(steps: int = 5, support: bool = True) -> ShownPath:
    pictures = np.full((steps, 8, 8, 1), 120, np.uint8)
    letters = tuple("AB"[place > 0] if place in (0, steps - 1) else "" for place in range(steps))
    lengths = np.resize(LENGTHS, steps - 1)
    return ShownPath(pictures, lengths, np.resize(SUPPORT, steps) if support else None, letters, "units", "items near")


@pytest.fixture
def strip(qtbot: "QtBot", dark: None) -> PathStrip:
    view = PathStrip()
    qtbot.addWidget(view)
    view.resize(640, 200)
    view.show()
    view.show_path(path_of())
    return view


def test_steps_stand_in_even_columns_and_a_click_takes_one(strip: PathStrip, mouse: "type[Mouse]") -> None:
    taken: list[int] = []
    strip.place_activated.connect(taken.append)
    middles = [strip.step_rect(place).center().x() for place in range(5)]
    assert np.allclose(np.diff(middles), np.diff(middles)[0], atol=1.0)
    mouse(strip.viewport()).click(strip.step_rect(3).center())
    # Also below the pictures: the charts have the same columns.
    below = strip.step_rect(1).center()
    below.setY(strip.viewport().height() - 10)
    mouse(strip.viewport()).click(below)
    assert taken == [3, 1]


def test_the_keyboard_chooses_steps(strip: PathStrip) -> None:
    taken: list[int] = []
    strip.place_activated.connect(taken.append)
    strip.mark(2)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(strip, key)
    QTest.keyClick(strip, Qt.Key.Key_Home)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert taken == [3, 4, 0]
    assert strip.accessibleDescription().startswith("Step 1 of 5 · key point A")


def test_a_step_is_said_in_words(strip: PathStrip) -> None:
    assert strip.place_text(0) == "Step 1 of 5 · key point A · 0 items near"
    assert strip.place_text(2) == "Step 3 of 5 · 4 from the step before · 12 items near"
    assert "not a number from the step before" in strip.place_text(4)
    assert strip.place_text(5) == ""
    strip.show_path(replace(path_of(), lengths=np.array([2796.4, 1.0, 1.0, 1.0])))
    assert "· 2,796 from the step before" in strip.place_text(1)


def test_bars_are_as_high_as_what_they_count(strip: PathStrip, pixels: "Pixels") -> None:
    drawn = pixels(strip.viewport()).astype(int)
    room = drawn[int(strip.step_rect(0).bottom()) + 20 :]

    def filled(place: int) -> int:
        column = room[:, round(strip.step_rect(place).center().x())]
        return int((np.abs(column - 0xA3).max(axis=1) < 4).sum())

    heights = [filled(place) for place in range(5)]
    assert heights[2] > 15
    assert heights[0] <= 2
    assert heights[3] == pytest.approx(heights[2] / 2, abs=3)


def test_without_numbers_of_items_the_lengths_get_the_room(strip: PathStrip, pixels: "Pixels") -> None:
    before = pixels(strip.viewport())
    strip.show_path(path_of(support=False))
    after = pixels(strip.viewport())
    assert (before != after).any()
    assert "items near" not in strip.place_text(2)


def test_the_marked_step_is_framed_and_brought_into_sight(strip: PathStrip, pixels: "Pixels") -> None:
    strip.show_path(path_of(60))
    assert strip.step_rect(59).left() > strip.viewport().width()
    strip.mark(59)
    room = strip.step_rect(59).toRect()
    assert 0 < room.left() < room.right() < strip.viewport().width()
    drawn = pixels(strip.viewport())
    framed, plain = drawn[room.center().y(), room.left() - 1], drawn[room.center().y(), room.left() + 3]
    assert framed[2] > 200 > framed[0]
    assert len(set(plain.tolist())) == 1


def test_where_there_is_little_room_the_pictures_stay(strip: PathStrip) -> None:
    strip.resize(300, 74)
    assert strip.step_rect(0).height() >= 16
    assert strip.step_rect(0).left() < 40
    strip.show_path(None)
    assert strip.place_at(strip.viewport().rect().center()) == -1
