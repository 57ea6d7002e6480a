"""The legend: which groups a person hides by mouse and keys, and what it says of a palette."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget

from explorer.views.widgets.colour_bar import ColourBar, ColourScale
from explorer.views.widgets.group_legend import GroupLegend

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Pixels

_NAMES = ("cat", "dog", "owl")
_COLOURS = (QColor("#ff0000"), QColor("#00ff00"), QColor("#0000ff"))
_LEFT, _NOTHING, _ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def legend(qtbot: "QtBot", dark: None) -> GroupLegend:
    view = GroupLegend()
    qtbot.addWidget(view)
    view.resize(120, 300)
    view.show_groups(_NAMES, _COLOURS, "3 items")
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.fixture
def told(legend: GroupLegend) -> list[set[str]]:
    heard: list[set[str]] = []
    legend.hidden_chosen.connect(lambda names: heard.append(set(names)))
    return heard


def _rows(legend: GroupLegend) -> QListWidget:
    rows = legend.findChild(QListWidget)
    assert rows is not None
    return rows


def _place(legend: GroupLegend, row: int) -> QPoint:
    rows = _rows(legend)
    return rows.visualItemRect(rows.item(row)).center()


def test_a_click_hides_a_group_and_another_shows_it_again(legend: GroupLegend, told: list[set[str]]) -> None:
    for row in (1, 2, 1):
        QTest.mouseClick(_rows(legend).viewport(), _LEFT, _NOTHING, _place(legend, row))
    assert told == [{"dog"}, {"dog", "owl"}, {"owl"}]


@pytest.mark.parametrize("hidden", [frozenset[str](), frozenset({"owl"}), frozenset({"dog"})])
def test_a_double_click_shows_a_group_alone_and_the_next_shows_all(
    legend: GroupLegend, told: list[set[str]], hidden: frozenset[str]
) -> None:
    legend.show_groups(_NAMES, _COLOURS, "", hidden)
    for wanted in ({"cat", "owl"}, set[str]()):
        QTest.mouseClick(_rows(legend).viewport(), _LEFT, _NOTHING, _place(legend, 1))
        QTest.mouseDClick(_rows(legend).viewport(), _LEFT, _NOTHING, _place(legend, 1))
        assert told[-1] == wanted


def test_alt_with_a_click_shows_a_group_alone_at_once(legend: GroupLegend, told: list[set[str]]) -> None:
    for _ in range(2):
        QTest.mouseClick(_rows(legend).viewport(), _LEFT, _ALT, _place(legend, 0))
    assert told == [{"dog", "owl"}, set()]


def test_the_keyboard_does_the_same(legend: GroupLegend, told: list[set[str]]) -> None:
    rows = _rows(legend)
    assert rows.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Space)
    QTest.keyClick(rows, Qt.Key.Key_Space)
    QTest.keyClick(rows, Qt.Key.Key_Space, _ALT)
    assert told == [{"dog"}, set(), {"cat", "owl"}]


def test_a_hidden_group_has_an_empty_disc_and_says_so(legend: GroupLegend, pixels: "Pixels") -> None:
    def colour() -> list[int]:
        place = _rows(legend).viewport().mapTo(legend, QPoint(7, _place(legend, 1).y()))
        return list(pixels(legend)[place.y(), place.x()])

    assert colour() == [0, 255, 0]
    legend.show_groups(_NAMES, _COLOURS, "", frozenset({"dog"}))
    assert colour() != [0, 255, 0]
    assert _rows(legend).item(1).data(Qt.ItemDataRole.AccessibleTextRole) == "dog, hidden"


def test_showing_what_is_hidden_announces_nothing(legend: GroupLegend, told: list[set[str]]) -> None:
    legend.show_groups(("a", "b"), _COLOURS[:2], "", frozenset({"a", "of another model"}))
    assert told == []


def test_a_thousand_groups_keep_their_place_under_the_note(legend: GroupLegend) -> None:
    legend.show_groups([f"group {place}" for place in range(1000)], [_COLOURS[0]] * 1000, "1,000 groups")
    assert _rows(legend).height() <= legend.height()
    assert not legend.is_empty


def test_a_palette_takes_the_place_of_groups_and_gives_it_back(legend: GroupLegend) -> None:
    legend.show_scale(ColourScale("Bound", -120.0, -40.0, "nats", _COLOURS), "3 items")
    bar = legend.findChild(ColourBar)
    assert bar is not None
    assert not _rows(legend).isVisible()
    assert bar.texts() == ("−40", "−80", "−120")
    assert bar.accessibleName() == "Bound from −120 to −40 nats"
    legend.show_groups(_NAMES, _COLOURS, "")
    assert _rows(legend).isVisible()
    assert not bar.isVisible()


def test_the_bar_has_its_lowest_colour_below(legend: GroupLegend, qtbot: "QtBot", pixels: "Pixels") -> None:
    bar = ColourBar()
    qtbot.addWidget(bar)
    bar.show_scale(ColourScale("error", 0.0, 1.0, "", _COLOURS))
    bar.resize(bar.sizeHint())
    column = pixels(bar)[:, 7].astype(int)
    reddest, bluest = column[:, 0] - column[:, 2], column[:, 2] - column[:, 0]
    assert reddest.argmax() > bluest.argmax()
    assert reddest.max() > 200
    assert bluest.max() > 200
