"""Emitting a signal must not use up references of True (PySide6 6.12.0 does, and ends the interpreter)."""

import sys
from typing import TYPE_CHECKING

from explorer.views.map_bar import MapBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_two_thousand_emissions_leave_the_count_of_true(qtbot: "QtBot") -> None:
    bar = MapBar()
    qtbot.addWidget(bar)
    heard: list[int] = []
    bar.tiles_toggled.connect(lambda shown: heard.append(1 if shown else 0))
    before = sys.getrefcount(True)
    for _ in range(2000):
        bar.tiles_toggled.emit(True)
    assert sum(heard) == 2000
    assert abs(sys.getrefcount(True) - before) < 50
