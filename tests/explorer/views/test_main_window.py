"""The window: menus and toolbar from the table, docks, messages, dropped files, layout."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolBar, QToolButton, QWidget

from explorer.views.command import Command
from explorer.views.main_window import MainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Press

_NAMES = (
    "train_panel",
    "library_panel",
    "latent_map",
    "map_bar",
    "decoded_panel",
    "sliders_panel",
    "reconstructions_panel",
    "samples_panel",
)
_COMMANDS = (
    Command("open", "Open…", "File", "Ctrl+O", "open", "Open a checkpoint"),
    Command("export_map", "Map…", "File/Export", "", "export"),
    Command("redo", "Redo", "Edit", "Ctrl+Shift+Z; Ctrl+Y", "redo", on_toolbar=True),
    Command("smooth", "Smooth pictures", "View", checkable=True),
)
_ANY = Qt.DropAction.CopyAction


@pytest.fixture
def window(qtbot: "QtBot") -> MainWindow:
    panels = {name: QWidget() for name in _NAMES}
    for name, panel in panels.items():
        panel.setObjectName(name)
    view = MainWindow(panels)
    qtbot.addWidget(view)
    view.add_commands(_COMMANDS)
    view.resize(1280, 800)
    view.show()
    qtbot.waitExposed(view)
    return view


def _menu(window: MainWindow, title: str) -> QMenu:
    return next(menu for menu in window.findChildren(QMenu) if menu.title() == title)


def test_menus_follow_the_table(window: MainWindow) -> None:
    titles = [action.text() for action in window.menuBar().actions()]
    assert titles == ["File", "Edit", "View", "Model", "Data", "Help"]
    assert window.action("open") in _menu(window, "File").actions()
    assert window.action("export_map") in _menu(window, "Export").actions()
    assert _menu(window, "Export").menuAction() in _menu(window, "File").actions()
    with pytest.raises(KeyError):
        window.action("unheard_of")


def test_commands_carry_shortcuts_tooltips_and_marks(window: MainWindow) -> None:
    assert [key.toString() for key in window.action("redo").shortcuts()] == ["Ctrl+Shift+Z", "Ctrl+Y"]
    assert window.action("open").toolTip() == "Open a checkpoint (Ctrl+O)"
    assert window.action("smooth").isCheckable()
    toolbar = window.findChild(QToolBar)
    assert isinstance(toolbar, QToolBar)
    assert window.action("redo") in toolbar.actions()
    assert window.action("open") not in toolbar.actions()


def test_a_shortcut_triggers_its_command(window: MainWindow, qtbot: "QtBot") -> None:
    with qtbot.waitSignal(window.action("open").triggered):
        QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)


def test_panels_lie_where_the_design_says(window: MainWindow) -> None:
    def at(name: str) -> QPoint:
        panel = window.findChild(QWidget, name)
        assert isinstance(panel, QWidget)
        return panel.mapTo(window, panel.rect().center())

    centre = at("latent_map")
    for name in ("train_panel", "library_panel"):
        assert at(name).x() < centre.x()
    for name in ("decoded_panel", "sliders_panel"):
        assert at(name).x() > centre.x()
    assert at("train_panel").y() < at("library_panel").y()
    assert at("decoded_panel").y() < at("sliders_panel").y()
    assert at("map_bar").y() < centre.y() < at("reconstructions_panel").y()
    reconstructions, samples = window.dock("reconstructions_panel"), window.dock("samples_panel")
    assert window.tabifiedDockWidgets(reconstructions) == [samples]


def test_the_view_menu_closes_and_brings_back_docks(window: MainWindow, press: "Press") -> None:
    dock = window.dock("train_panel")
    press(dock, "Close Train; the View menu brings it back")
    assert not dock.isVisible()
    action = next(action for action in _menu(window, "View").actions() if action.text() == "Train")
    action.trigger()
    assert dock.isVisible()


def test_a_dock_floats_and_comes_back(window: MainWindow, press: "Press") -> None:
    dock = window.dock("decoded_panel")
    press(dock, "Float or dock Decoded")
    assert dock.isFloating()
    press(dock, "Float or dock Decoded")
    assert not dock.isFloating()


def test_a_tab_needs_no_second_title(window: MainWindow) -> None:
    assert window.dock("samples_panel").titleBarWidget().height() == 0
    assert window.dock("train_panel").titleBarWidget().height() > 0


def test_full_screen(window: MainWindow) -> None:
    window.action("full_screen").trigger()
    assert window.isFullScreen()
    window.action("full_screen").trigger()
    assert not window.isFullScreen()


def test_the_layout_comes_back(window: MainWindow) -> None:
    layout = window.save_layout()
    window.dock("library_panel").close()
    window.dock("sliders_panel").setFloating(True)
    assert window.restore_layout(layout)
    assert not window.dock("library_panel").isHidden()
    assert not window.dock("sliders_panel").isFloating()


@pytest.mark.parametrize("layout", [b"", b"\x00", b"\xff\xff\xff\xff rubbish", b"\x04\x00\x00\x00abcdnothing"])
def test_a_damaged_layout_changes_nothing(window: MainWindow, layout: bytes) -> None:
    assert not window.restore_layout(layout)
    assert window.dock("train_panel").isVisible()


def test_a_message_is_shown_in_place_with_its_button(window: MainWindow, press: "Press", qtbot: "QtBot") -> None:
    assert window.message() == ""
    window.show_message("MNIST is not on this machine.", "error", "Download")
    assert window.message() == "MNIST is not on this machine."
    assert QApplication.activeModalWidget() is None
    with qtbot.waitSignal(window.message_action):
        press(window, "Download")
    press(window, "Close this message")
    assert window.message() == ""


def test_status_facts_and_title(window: MainWindow) -> None:
    window.show_status(("decode 3 ms", "", "epoch 20"))
    window.show_facts("vae / mnist", "MNIST", "cpu")
    window.set_title("vae / mnist")
    texts = [label.text() for label in window.findChildren(QLabel)]
    assert "decode 3 ms  ·  epoch 20" in texts
    assert {"vae / mnist", "MNIST", "● cpu"} <= set(texts)
    assert window.windowTitle() == "vae / mnist — Latent Explorer"
    window.set_title("")
    assert window.windowTitle() == "Latent Explorer"


def test_dropped_files_are_announced_one_by_one(window: MainWindow) -> None:
    told: list[str] = []
    window.file_dropped.connect(told.append)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/tmp/a.png"), QUrl("https://example.org/b.png"), QUrl.fromLocalFile("/tmp/c")])
    place, none = QPoint(5, 5), Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, _ANY, mime, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(place, _ANY, mime, Qt.MouseButton.LeftButton, none))
    assert told == ["/tmp/a.png", "/tmp/c"]


def test_text_is_not_taken_for_a_file(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setText("hello")
    enter = QDragEnterEvent(QPoint(5, 5), _ANY, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted()


def test_closing_is_announced(window: MainWindow, qtbot: "QtBot") -> None:
    with qtbot.waitSignal(window.closing):
        window.close()


def test_every_button_says_what_it_does(window: MainWindow) -> None:
    silent = [button for button in window.findChildren(QToolButton) if button.isVisible() and not button.toolTip()]
    assert silent == []
