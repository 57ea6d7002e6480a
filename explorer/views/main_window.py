"""The window: docks round the map, menus and toolbar from a table of commands, and a bar for messages."""

from itertools import pairwise
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QSplitter,
    QTabBar,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.views.command import Command
from explorer.views.icons import icon
from explorer.views.widgets.dock_title import DockTitle
from explorer.views.widgets.message_bar import MessageBar, MessageKind

_LEFT, _RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
_DOCKS = (
    ("train_panel", "Train", _LEFT),
    ("library_panel", "Library", _LEFT),
    ("reconstructions_panel", "Reconstructions", _BOTTOM),
    ("samples_panel", "Samples", _BOTTOM),
    ("conditions_panel", "Conditions", _BOTTOM),
    ("codebook_panel", "Codebook", _BOTTOM),
    ("selection_panel", "Selection", _BOTTOM),
    ("decoded_panel", "Decoded", _RIGHT),
    ("sliders_panel", "Sliders", _RIGHT),
    ("paths_panel", "Paths", _BOTTOM),
    ("metrics_panel", "Metrics", _BOTTOM),
    ("history_panel", "History", _BOTTOM),
)
_MENUS = ("File", "Edit", "View", "Model", "Data", "Help")
# In a lower window the bar above the map takes a second row.
_LOW = 760
_LAYOUT_VERSION = 4
_DIGITS = 9


class MainWindow(QMainWindow):
    """Lays panels out by their names: map_bar and latent_map in the middle, the others in docks.

    closing(): the window is about to close; file_dropped(path): a file or folder was dropped on it;
    message_action(): the button of the message bar was pressed.
    """

    closing = Signal()
    file_dropped = Signal(str)
    message_action = Signal()

    def __init__(self, panels: dict[str, QWidget]) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self._actions: dict[str, QAction] = {}
        self._docks: dict[str, QDockWidget] = {}
        self._menus: dict[str, QMenu] = {}
        self._message = MessageBar()
        self._message.action.connect(self.message_action)
        self._facts = tuple(QLabel() for _ in range(3))
        self._toolbar = self._make_toolbar()
        self._status = QLabel()
        self._status.setAccessibleName("Status")
        self.statusBar().addWidget(self._status, 1)
        self.statusBar().setSizeGripEnabled(False)
        self._make_centre(panels)
        self._make_docks(panels)
        self._full_screen = self._make_full_screen()
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._raise_focused)
        self.set_title("")
        self.resize(self.screen().availableSize().boundedTo(QSize(1600, 1000)))
        self._is_laid_out = False

    def add_commands(self, commands: tuple[Command, ...]) -> None:
        """Build menus, shortcuts and toolbar buttons; an action is found by the command's name."""
        for menu in _MENUS:
            self._menu(menu)
        for command in commands:
            action = self._make_action(command)
            self._menu(command.menu).addAction(action)
            if command.on_toolbar:
                self._toolbar.addAction(action)
        self._complete_view_menu()

    def action(self, name: str) -> QAction:
        """The action of a command; raises `KeyError` for a name that is not in the table."""
        return self._actions[name]

    def dock(self, name: str) -> QDockWidget:
        """The dock of a panel."""
        return self._docks[name]

    def show_facts(self, model: str, data: str, device: str) -> None:
        """Say in the toolbar which model is open, on which data, and where it runs."""
        for label, text in zip(self._facts, (model, data, device and f"● {device}"), strict=True):
            label.setText(text)
            label.setVisible(bool(text))

    def show_status(self, parts: tuple[str, ...]) -> None:
        """Show parts of the status line, separated by dots."""
        self._status.setText("  ·  ".join(part for part in parts if part))

    def show_message(self, text: str, kind: MessageKind, action_label: str = "") -> None:
        """Say one sentence in a thin bar over the map, with an optional button; an empty text hides the bar."""
        self._message.show_message(text, kind, action_label)

    def message(self) -> str:
        """The sentence in the message bar; empty when the bar is hidden."""
        return "" if self._message.isHidden() else self._message.text()

    def put_above(self, bar: QWidget) -> None:
        """Put a row of controls above the map, below all that is there."""
        self._centre.insertWidget(self._centre.indexOf(self._maps), bar)

    def put_beside_map(self, other: QWidget) -> None:
        """Put another map to the right of the map, as wide as that."""
        self._maps.addWidget(other)
        self._maps.setSizes([self._maps.width() // 2] * 2)

    def widen_map(self, by: int) -> None:
        """Give the map so many more pixels of what it shares with the one beside it."""
        first, second = self._maps.sizes()
        self._maps.setSizes([first + by, second - by])

    def set_title(self, text: str) -> None:
        """Show a text before the application's name."""
        self.setWindowTitle(f"{text} — Latent Explorer" if text else "Latent Explorer")

    def save_layout(self) -> bytes:
        """Geometry, docks and toolbars, for `restore_layout`."""
        geometry, state = bytes(self.saveGeometry().data()), bytes(self.saveState(_LAYOUT_VERSION).data())
        return len(geometry).to_bytes(4, "little") + geometry + state

    def restore_layout(self, layout: bytes) -> bool:
        """Bring back a saved layout; says whether it could be read, and changes nothing when not."""
        end = 4 + int.from_bytes(layout[:4], "little")
        if len(layout) <= end or not self.restoreState(layout[end:], _LAYOUT_VERSION):
            return False
        self._is_laid_out = True
        return bool(self.restoreGeometry(layout[4:end]))

    def _make_toolbar(self) -> QToolBar:
        toolbar = QToolBar("Toolbar", movable=False, floatable=False, iconSize=QSize(18, 18))
        toolbar.setObjectName("toolbar")
        toolbar.toggleViewAction().setEnabled(False)
        for label, tooltip in zip(self._facts, ("Open model", "Its data", "Where networks run"), strict=True):
            label.setToolTip(tooltip)
            label.setAccessibleName(tooltip)
            # The style makes a margin of the toolbar as high as it is wide, so the one on the left is the labels'.
            label.setContentsMargins(6, 0, 6, 0)
            toolbar.addWidget(label)
        self._facts[0].setProperty("role", "title")
        for label in self._facts[1:]:
            label.setProperty("role", "muted")
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        toolbar.addWidget(spacer)
        self.addToolBar(toolbar)
        return toolbar

    def _make_centre(self, panels: dict[str, QWidget]) -> None:
        centre = QWidget()
        self._centre = QVBoxLayout(centre)
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.setSpacing(0)
        self._centre.addWidget(self._message)
        if "map_bar" in panels:
            self._centre.addWidget(panels["map_bar"])
        self._maps = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._centre.addWidget(self._maps, stretch=1)
        self.setCentralWidget(centre)
        if "latent_map" in panels:
            self._maps.addWidget(panels["latent_map"])
            panels["latent_map"].setFocus()

    def _make_docks(self, panels: dict[str, QWidget]) -> None:
        self.setCorner(Qt.Corner.BottomLeftCorner, _LEFT)
        self.setCorner(Qt.Corner.BottomRightCorner, _RIGHT)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for name, title, area in _DOCKS:
            if name in panels:
                self._docks[name] = self._make_dock(name, title, area, panels[name])
        below = [self._docks[name] for name, _, area in _DOCKS if area == _BOTTOM and name in self._docks]
        for first, second in pairwise(below):
            self.tabifyDockWidget(first, second)
        if below:
            below[0].raise_()

    def _make_dock(self, name: str, title: str, area: Qt.DockWidgetArea, panel: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"{name}_dock")
        dock.setTitleBarWidget(DockTitle(dock))
        dock.setWidget(panel)
        self.addDockWidget(area, dock)
        return dock

    def _size_docks(self) -> None:
        # Whatever the window's size, the map stays the largest part of it.
        left, right = min(272, round(0.21 * self.width())), min(320, round(0.25 * self.width()))
        sizes = {"train_panel": (left, 620), "library_panel": (left, 280), "decoded_panel": (right, 380)}
        below = (0.24 if self.height() >= _LOW else 0.27) * self.height()
        sizes |= {"sliders_panel": (right, 480), "reconstructions_panel": (800, round(below))}
        docks = [(self._docks[name], size) for name, size in sizes.items() if name in self._docks]
        for orientation, place in ((Qt.Orientation.Horizontal, 0), (Qt.Orientation.Vertical, 1)):
            self.resizeDocks([dock for dock, _ in docks], [size[place] for _, size in docks], orientation)

    def _make_full_screen(self) -> QAction:
        action = QAction(icon("full_screen"), "Full screen", self, checkable=True)
        action.setShortcut(QKeySequence("F11"))
        action.setToolTip("Fill the screen with the window")
        action.triggered.connect(self._set_full_screen)
        self._actions["full_screen"] = action
        return action

    def _make_action(self, command: Command) -> QAction:
        action = QAction(command.text, self, checkable=command.checkable)
        if command.icon:
            action.setIcon(icon(command.icon))
        shortcuts = [part.strip() for part in command.shortcut.split(";") if part.strip()]
        action.setShortcuts([QKeySequence(part) for part in shortcuts])
        tooltip = command.tooltip or command.text.replace("&", "").rstrip("…")
        action.setToolTip(f"{tooltip} ({shortcuts[0]})" if shortcuts else tooltip)
        action.setStatusTip("")
        self._actions[command.name] = action
        return action

    def _menu(self, path: str) -> QMenu:
        if path not in self._menus:
            parent, _, title = path.rpartition("/")
            bar = self._menu(parent) if parent else self.menuBar()
            self._menus[path] = bar.addMenu(title)
            self._menus[path].setToolTipsVisible(True)
        return self._menus[path]

    def _complete_view_menu(self) -> None:
        view = self._menu("View")
        view.addSeparator()
        for number, dock in enumerate(self._docks.values(), start=1):
            action = dock.toggleViewAction()
            # There are nine digits, as zero is for the whole map.
            action.setShortcut(QKeySequence(f"Ctrl+{number}" if number <= _DIGITS else f"Ctrl+Alt+{number - _DIGITS}"))
            action.setToolTip(f"Show or hide {dock.windowTitle()}")
            view.addAction(action)
        view.addSeparator()
        view.addAction(self._full_screen)
        for button in self._toolbar.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @Slot(QWidget, QWidget)
    def _raise_focused(self, old: QWidget | None, new: QWidget | None) -> None:
        # The Tab key also reaches controls of a tab that lies behind another; that tab then comes to the front.
        for dock in self._docks.values():
            if new is not None and dock.isAncestorOf(new):
                dock.raise_()

    @Slot(bool)
    def _set_full_screen(self, full: bool) -> None:
        if full:
            self.showFullScreen()
        else:
            self.showNormal()

    def showEvent(self, event: QShowEvent) -> None:
        """Give the docks their sizes once the window has its own."""
        super().showEvent(event)
        if not self._is_laid_out:
            self._is_laid_out = True
            self._size_docks()
        for tabs in self.findChildren(QTabBar):
            tabs.setAccessibleName("Tabs of panels")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let everybody finish first."""
        self.closing.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders of this machine."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Announce each dropped file."""
        event.acceptProposedAction()
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.file_dropped.emit(url.toLocalFile())
