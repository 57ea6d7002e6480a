"""The window: menus and toolbar from the table, docks, messages, dropped files, layout."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QLabel, QMenu, QToolBar, QWidget

from explorer.state.condition_facts import ConditionFacts
from explorer.state.slider_values import SliderGroup, SliderSpec
from explorer.state.training_values import FormField
from explorer.views.command import Command
from explorer.views.decoded_panel import DecodedPanel
from explorer.views.latent_map import LatentMap
from explorer.views.library_panel import LibraryPanel
from explorer.views.main_window import MainWindow
from explorer.views.map_bar import MapBar
from explorer.views.reconstructions_panel import ReconstructionsPanel
from explorer.views.samples_panel import SamplesPanel
from explorer.views.sliders_panel import SlidersPanel
from explorer.views.train_panel import TrainPanel
from explorer.views.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press

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
        panel.setMinimumSize(120, 80)
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


def test_good_news_go_by_themselves_and_bad_ones_stay(window: MainWindow) -> None:
    bar = window.findChild(MessageBar)
    assert isinstance(bar, MessageBar)
    timer = bar.findChild(QTimer)
    assert isinstance(timer, QTimer)
    window.show_message("Copied.", "info")
    assert timer.isActive()
    timer.timeout.emit()
    assert window.message() == ""
    for kind, button in (("error", ""), ("info", "Undo")):
        window.show_message("It stays.", kind, button)  # type: ignore[arg-type]
        assert not timer.isActive()


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


@pytest.fixture
def hidden_window(qtbot: "QtBot", dark: None) -> MainWindow:
    panels = (
        TrainPanel,
        LibraryPanel,
        LatentMap,
        MapBar,
        DecodedPanel,
        SlidersPanel,
        ReconstructionsPanel,
        SamplesPanel,
    )
    views = [panel() for panel in panels]
    window = MainWindow({view.objectName(): view for view in views})
    qtbot.addWidget(window)
    window.add_commands(_COMMANDS)
    train, sliders = window.findChild(TrainPanel), window.findChild(SlidersPanel)
    assert isinstance(train, TrainPanel)
    assert isinstance(sliders, SlidersPanel)
    train.show_form("vae", (FormField("beta", "number", 1.0, "Weight"), FormField("tied", "switch", False, "Share")))
    specs = tuple(SliderSpec(index, f"z{index}", -3, 3, 0, 1) for index in range(3))
    sliders.show_groups((SliderGroup("z", specs, "z · 3 numbers"),), (0.0,) * 3)
    sliders.condition.show_facts(ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0)))
    return window


@pytest.fixture
def full_window(hidden_window: MainWindow, qtbot: "QtBot") -> MainWindow:
    hidden_window.show()
    qtbot.waitExposed(hidden_window)
    return hidden_window


def _tab_order(window: MainWindow) -> list[QWidget]:
    chain: list[QWidget] = []
    widget = window.nextInFocusChain()
    while isinstance(widget, QWidget) and widget is not window:
        if not isinstance(widget.parent(), QAbstractSpinBox):
            chain.append(widget)
        widget = widget.nextInFocusChain()
    reached = [widget for widget in chain if widget.isVisibleTo(window) and widget.isEnabled()]
    return [widget for widget in reached if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]


def test_panels_are_found_by_the_names_of_their_modules(full_window: MainWindow) -> None:
    for name in _NAMES:
        panel = full_window.findChild(QWidget, name)
        assert isinstance(panel, QWidget)
        assert type(panel).__module__ == f"explorer.views.{name}"


def test_everything_the_keyboard_reaches_has_a_name_and_a_tooltip(full_window: MainWindow) -> None:
    controls = _tab_order(full_window)
    unnamed = [widget for widget in controls if not (widget.accessibleName() or getattr(widget, "text", str)())]
    silent = [widget for widget in controls if isinstance(widget, QAbstractButton) and not widget.toolTip()]
    assert len(controls) > 20
    assert (unnamed, silent) == ([], [])


def test_the_tab_key_goes_down_a_form_and_along_a_slider(full_window: MainWindow) -> None:
    names = [widget.accessibleName() or getattr(widget, "text", str)() for widget in _tab_order(full_window)]
    start = names.index("Settings of the model")
    assert names[start : start + 4] == ["Settings of the model", "beta", "tied", "More"]
    start = names.index("z0")
    assert names[start : start + 4] == ["z0", "z0, exact value", "Reset z0", "z1"]


def test_a_tab_comes_to_the_front_when_the_keyboard_goes_there(full_window: MainWindow, choose: "Choose") -> None:
    full_window.activateWindow()
    QApplication.processEvents()
    samples = full_window.dock("samples_panel")
    assert samples.visibleRegion().isEmpty()
    next(widget for widget in _tab_order(full_window) if widget.accessibleName() == "Temperature, exact").setFocus()
    QApplication.processEvents()
    assert not samples.visibleRegion().isEmpty()
    choose.box(full_window, "Order").setFocus()
    QApplication.processEvents()
    assert samples.visibleRegion().isEmpty()


@pytest.mark.parametrize(
    ("size", "of_map", "below"),
    [((1024, 700), 0.5, 0.22), ((1280, 800), 0.55, 0.19), ((1600, 1000), 0.55, 0.19), ((1920, 1080), 0.55, 0.19)],
)
def test_the_window_fits_and_the_map_has_the_most_room_whatever_is_below_it(
    hidden_window: MainWindow, size: tuple[int, int], of_map: float, below: float, press: "Press"
) -> None:
    window, bottom = hidden_window, hidden_window.findChild(ReconstructionsPanel)
    assert isinstance(bottom, ReconstructionsPanel)
    bottom.show_empty("A sentence that needs several lines where there is little room. " * 4, "Look again")
    window.resize(*size)
    window.show()
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    latent_map = window.findChild(LatentMap)
    assert isinstance(latent_map, LatentMap)
    assert latent_map.width() > 0.5 * size[0]
    assert latent_map.height() > of_map * size[1]
    assert bottom.height() > below * size[1]
    assert press.button(bottom, "Look again").visibleRegion().boundingRect().height() >= 24


def test_the_map_has_the_keyboard_at_first(full_window: MainWindow) -> None:
    assert isinstance(full_window.focusWidget(), LatentMap)
