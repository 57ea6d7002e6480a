"""Everything of the map and the selection without a mouse, in the whole window."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QWidget

from explorer.app import Explorer
from explorer.views.widgets.hover_card import HoverCard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose

Key, Held = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def explorer(
    open_explorer: Callable[[str], Explorer], settle: Callable[[Explorer], None], wide_run: Path, qtbot: "QtBot"
) -> Explorer:
    opened = open_explorer(str(wide_run))
    opened.window.activateWindow()
    qtbot.waitActive(opened.window)
    settle(opened)
    return opened


def _focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def _run(explorer: Explorer, name: str) -> QWidget:
    explorer.window.action(name).trigger()
    return _focus()


def test_items_are_found_selected_named_and_removed(
    explorer: Explorer, settle: Callable[[Explorer], None], qtbot: "QtBot"
) -> None:
    search = _run(explorer, "find_item")
    assert isinstance(search, QLineEdit)
    QTest.keyClicks(search, "37")
    QTest.keyClick(search, Key.Key_Return)
    encoded = explorer.planner.opened.encoded  # type: ignore[union-attr]
    assert encoded is not None
    assert explorer.store.state.code == tuple(encoded.codes[37].tolist())
    search.clear()
    QTest.keyClicks(search, "class 4")
    QTest.keyClick(search, Key.Key_Return, Held.ShiftModifier)
    assert encoded.labels is not None
    assert explorer.selection.selected.tolist() == (encoded.labels == 4).nonzero()[0].tolist()
    name = _run(explorer, "name_selection")
    QTest.keyClicks(name, "fours")
    QTest.keyClick(name, Key.Key_Return)
    assert [group.name for group in explorer.store.state.selection.groups] == ["fours"]
    explorer.window.action("select_nothing").trigger()
    groups = explorer.panels.selection.findChild(QListWidget)
    assert groups is not None
    groups.setFocus()
    groups.setCurrentRow(0)
    QTest.keyClick(groups, Key.Key_Return)
    assert len(explorer.selection.selected) > 0
    QTest.keyClick(groups, Key.Key_Delete)
    assert explorer.store.state.selection.groups == ()
    settle(explorer)
    assert _run(explorer, "nearest_items") is not groups
    settle(explorer)


def test_ring_view_plane_colours_and_legend_have_keys(
    explorer: Explorer, settle: Callable[[Explorer], None], qtbot: "QtBot", choose: "Choose"
) -> None:
    latent_map = _run(explorer, "go_to_map")
    assert latent_map is explorer.panels.latent_map
    before = explorer.store.state.code
    QTest.keyClick(latent_map, Key.Key_Right)
    assert explorer.store.state.code != before
    for name, is_closer in (("zoom_in", True), ("zoom_out", False)):
        width = explorer.panels.latent_map.viewport.scale
        explorer.window.action(name).trigger()
        assert (explorer.panels.latent_map.viewport.scale > width) == is_closer
    explorer.window.action("look_closely").trigger()
    card = next(iter(latent_map.findChildren(HoverCard)))
    qtbot.waitUntil(card.isVisible)
    for name, accessible in (("choose_plane", "Plane"), ("choose_colour", "Colour of the points")):
        explorer.window.action(name).trigger()
        box = choose.box(explorer.panels.map_bar, accessible)
        assert box.view().isVisible()
        QTest.keyClick(box.view(), Key.Key_Escape)
        box.hidePopup()
    legend = _run(explorer, "go_to_legend")
    QTest.keyClick(legend, Key.Key_Space)
    assert explorer.store.state.map.hidden_classes == ("0",)
    QTest.keyClick(legend, Key.Key_Down)
    QTest.keyClick(legend, Key.Key_Space, Held.AltModifier)
    assert set(explorer.store.state.map.hidden_classes) == set("023456789")
    explorer.window.action("show_contours").trigger()
    assert explorer.store.state.map.contours_shown
    settle(explorer)
