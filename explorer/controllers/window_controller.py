"""The window itself: theme, layout, undo and help."""

from html import escape
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from explorer.controllers.commands import COMMANDS
from explorer.services.preferences import Preferences, Theme
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.state.training_values import TrainingStatus
from explorer.views.main_window import MainWindow
from explorer.views.text_dialog import TextDialog
from explorer.views.theme import apply_theme

_THEMES: tuple[Theme, ...] = ("system", "light", "dark")
_ABOUT = (
    "<h3>Latent Explorer {version}</h3>"
    "<p>Train small generative models and walk through what they have learned.</p><p>MIT licence.</p>"
)

_MAP_KEYS = "".join(
    f"<tr><td>{what}&nbsp;&nbsp;&nbsp;</td><td>{keys}</td></tr>"
    for what, keys in (
        ("Move the ring", "arrow keys, with Shift ten times as far"),
        ("Zoom the map", "wheel, + and −"),
        ("Push the map", "Ctrl and arrow keys; right or middle button, or Space and drag"),
        ("Three images: the point under the cursor, or the ring", "A, B, C"),
        ("Let the path go on to the point under the cursor, or the ring", "P"),
        ("Key points of the path", "Enter goes to one, Delete removes it, Alt and arrows move it"),
        ("Look closely at the point nearest to the ring", "I"),
        ("Select points in a box", "Shift and drag; with Ctrl they are added, with Alt taken away"),
        ("Select points by drawing round them", "L and drag"),
        ("Select nothing", "Escape"),
        ("Legend", "Space hides or shows a class, with Alt it is shown alone"),
        ("Find an item", "Enter goes to it, with Shift all of its class are selected"),
        ("Named groups", "Enter selects, F2 renames, Delete removes"),
        ("Whole map", "Home, or a double click beside the points"),
        ("Pictures, points and plots below", "arrow keys go from one to the next, Enter takes it"),
        ("Table of metrics", "Space selects a run, Enter opens it, Alt with Up or Down sorts by a column"),
    )
)


class Pictures(Protocol):
    """What shows pictures."""

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""


class WindowController(QObject):
    """Keeps the window's own choices and the check marks of its commands."""

    def __init__(
        self,
        store: SessionStore,
        preferences: Preferences,
        window: MainWindow,
        pictures: tuple[Pictures, ...],
        version: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._preferences = preferences
        self._window = window
        self._pictures = pictures
        self._version = version
        self._connect()
        self._show_state(store.state)
        self.see_training(TrainingStatus())

    def restore(self) -> None:
        """Bring back theme and layout of the last time."""
        self.set_theme(self._preferences.theme)
        if self._preferences.layout:
            self._window.restore_layout(self._preferences.layout)

    def remember(self) -> None:
        """Keep the layout for the next time."""
        self._preferences.layout = self._window.save_layout()
        self._preferences.save()

    def set_theme(self, theme: Theme) -> None:
        """Draw everything in a theme."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, theme)
        for name in _THEMES:
            self._window.action(f"theme_{name}").setChecked(name == theme)

    def _connect(self) -> None:
        action = self._window.action
        for name in _THEMES:
            action(f"theme_{name}").triggered.connect(self._choose_theme)
        action("smooth_pictures").triggered.connect(self._choose_smooth)
        action("keep_training").triggered.connect(self._choose_keep_training)
        action("keep_training").setChecked(self._preferences.keeps_training)
        action("shortcuts").triggered.connect(self._show_shortcuts)
        action("about").triggered.connect(self._show_about)
        action("quit").triggered.connect(self._window.close)
        action("undo").setEnabled(False)
        action("redo").setEnabled(False)
        action("undo").triggered.connect(self._store.undo)
        action("redo").triggered.connect(self._store.redo)
        self._store.can_undo.connect(action("undo").setEnabled)
        self._store.can_redo.connect(action("redo").setEnabled)
        self._store.changed.connect(self._follow_state)

    @Slot(object)
    def see_training(self, status: TrainingStatus) -> None:
        """Offer what can be asked of the run; one of another process takes no commands from here."""
        can_pause = status.is_own and status.phase in ("running", "paused")
        self._window.action("train_pause").setEnabled(can_pause)
        self._window.action("train_stop").setEnabled(can_pause or (status.is_own and status.phase == "starting"))

    @Slot()
    def _choose_theme(self) -> None:
        for name in _THEMES:
            if self.sender() is self._window.action(f"theme_{name}"):
                self._preferences.theme = name
                self.set_theme(name)

    @Slot(bool)
    def _choose_smooth(self, smooth: bool) -> None:
        self._store.update(smooth_pictures=smooth)

    @Slot(bool)
    def _choose_keep_training(self, keeps: bool) -> None:
        self._preferences.keeps_training = keeps

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if (old.map, old.path, old.smooth_pictures) != (new.map, new.path, new.smooth_pictures):
            self._show_state(new)

    def _show_state(self, state: SessionState) -> None:
        self._window.action("show_tiles").setChecked(state.map.tiles_shown)
        self._window.action("show_points").setChecked(state.map.points_shown)
        self._window.action("show_contours").setChecked(state.map.contours_shown)
        self._window.action("show_path").setChecked(state.path.on_map)
        self._window.action("smooth_pictures").setChecked(state.smooth_pictures)
        for panel in self._pictures:
            panel.set_smooth(state.smooth_pictures)

    @Slot()
    def _show_shortcuts(self) -> None:
        rows = "".join(
            f"<tr><td>{escape(command.text)}&nbsp;&nbsp;&nbsp;</td><td>{escape(command.shortcut)}</td></tr>"
            for command in COMMANDS
            if command.shortcut
        )
        TextDialog("Keyboard shortcuts", f"<table>{_MAP_KEYS}{rows}</table>", self._window).show()

    @Slot()
    def _show_about(self) -> None:
        TextDialog("About", _ABOUT.format(version=self._version), self._window).show()
