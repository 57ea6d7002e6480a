"""The library: what is listed, opened and resumed."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView

from explorer.state.training_values import LibraryEntry
from explorer.views.library_panel import LibraryPanel
from explorer.views.theme import DARK

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Pixels, Press

_ENTRIES = (
    LibraryEntry("Handwritten digits", "vae / mnist", "/shipped", "shipped"),
    LibraryEntry("vae / faces", "epoch 3", "/run", "run"),
    LibraryEntry("vae / mnist", "epoch 1", "/busy", "run", is_training=True),
)


@pytest.fixture
def panel(qtbot: "QtBot", dark: None) -> LibraryPanel:
    view = LibraryPanel()
    qtbot.addWidget(view)
    view.resize(280, 320)
    view.show()
    return view


def _list(panel: LibraryPanel) -> QListView:
    view = panel.findChild(QListView)
    assert isinstance(view, QListView)
    return view


def _select(panel: LibraryPanel, row: int) -> None:
    view = _list(panel)
    place = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_an_empty_library_offers_to_look_again(panel: LibraryPanel, press: "Press", qtbot: "QtBot") -> None:
    assert not _list(panel).isVisible()
    with qtbot.waitSignal(panel.refresh_requested):
        press(panel, "Look again")
    panel.show_entries(_ENTRIES)
    assert _list(panel).isVisible()
    with qtbot.waitSignal(panel.refresh_requested):
        press(panel, "Look for new runs and files")


def test_enter_opens_the_selected_entry(panel: LibraryPanel, press: "Press") -> None:
    told: list[str] = []
    panel.open_requested.connect(told.append)
    assert press.button(panel, "Open").toolTip() == "Select an entry first"
    assert not press.button(panel, "Open").isEnabled()
    panel.show_entries(_ENTRIES)
    _select(panel, 1)
    QTest.keyClick(_list(panel), Qt.Key.Key_Return)
    press(panel, "Open")
    assert told == ["/run", "/run"]


def test_only_a_run_that_is_not_training_can_be_resumed(panel: LibraryPanel, press: "Press") -> None:
    told: list[str] = []
    panel.resume_requested.connect(told.append)
    panel.show_entries(_ENTRIES)
    button = press.button(panel, "Resume")
    _select(panel, 0)
    assert (button.isEnabled(), button.toolTip()) == (False, "Only a run can be trained further")
    _select(panel, 2)
    assert (button.isEnabled(), button.toolTip()) == (False, "This run is training already")
    _select(panel, 1)
    press(panel, "Resume")
    assert told == ["/run"]


def test_the_context_menu_does_what_the_buttons_do(panel: LibraryPanel) -> None:
    told: list[str] = []
    for signal in (panel.open_requested, panel.resume_requested, panel.reveal_requested, panel.compare_requested):
        signal.connect(told.append)
    panel.show_entries(_ENTRIES)
    _select(panel, 0)
    menu = panel.context_menu()
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [
        ("Open", True),
        ("Resume training", False),
        ("Show in folder", True),
        ("Compare with the open model", True),
    ]
    menu.actions()[2].trigger()
    assert told == ["/shipped"]


def test_the_selection_survives_a_new_list_and_announces_nothing(panel: LibraryPanel) -> None:
    told: list[str] = []
    panel.open_requested.connect(told.append)
    panel.show_entries(_ENTRIES)
    _select(panel, 1)
    panel.show_entries(tuple(reversed(_ENTRIES)))
    assert _list(panel).currentIndex().data() == "vae / faces"
    panel.show_open("/shipped")
    assert told == []


def test_the_open_entry_carries_the_accent(panel: LibraryPanel, pixels: "Pixels") -> None:
    panel.show_entries(_ENTRIES)
    panel.show_open("/run")
    view = _list(panel)
    drawn = pixels(view)
    accent = [int(DARK.accent[place : place + 2], 16) for place in (1, 3, 5)]
    for row, is_open in ((0, False), (1, True), (2, False)):
        room = view.visualRect(view.model().index(row, 0))
        assert (list(drawn[room.center().y(), room.left() + 1]) == accent) == is_open


def test_a_run_in_training_has_a_dot(panel: LibraryPanel, pixels: "Pixels") -> None:
    panel.show_entries(_ENTRIES[1:])
    view = _list(panel)
    drawn = pixels(view)
    rooms = [view.visualRect(view.model().index(row, 0)) for row in range(2)]
    sides = [drawn[room.top() : room.bottom(), room.right() - 28 : room.right() - 10, 2].max() for room in rooms]
    assert sides[1] > 200 > sides[0]
