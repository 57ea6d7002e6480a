"""Undo, redo, and the session as a file."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.controllers.file_choice import FileChoice
from explorer.state.session_file import SESSION_SUFFIX, SessionFileError, load_session, save_session
from explorer.state.session_store import SessionStore

_SAVE_AFTER_MS = 1000
_OPEN = "open session"
_SAVE = "save session"
_FILTER = f"Sessions (*{SESSION_SUFFIX})"


class SessionController(QObject):
    """Saves and opens sessions, and keeps the last state on disk so that a crash loses at most a second.

    told: a sentence that something was saved. failed: a sentence why not. opened: the state of a session file.
    """

    told = Signal(str)
    failed = Signal(str)
    opened = Signal(object)

    def __init__(
        self, store: SessionStore, files: FileChoice, autosave: Path | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._files = files
        self._autosave = autosave
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save_now)
        store.changed.connect(self._save_soon)
        files.chosen.connect(self._take_file)

    @Slot()
    def ask_open(self) -> None:
        """Let the person choose a session to open."""
        self._files.ask_file(_OPEN, "Open a session", _FILTER)

    @Slot()
    def ask_save(self) -> None:
        """Let the person choose where to save the session."""
        self._files.ask_new_file(_SAVE, "Save the session", _FILTER, f"my{SESSION_SUFFIX}", SESSION_SUFFIX)

    @Slot(str)
    def open(self, path: str) -> None:
        """Announce the state a session file holds."""
        try:
            state = load_session(Path(path))
        except SessionFileError as error:
            self.failed.emit(str(error))
        else:
            self.opened.emit(state)

    def save(self, path: str) -> None:
        """Save the state as a session file."""
        try:
            save_session(self._store.state, Path(path))
        except SessionFileError as error:
            self.failed.emit(str(error))
        else:
            self.told.emit(f"The session is saved to {path}.")

    @Slot()
    def save_now(self) -> None:
        """Write the state where the next start finds it."""
        self._timer.stop()
        if self._autosave is None:
            return
        try:
            self._autosave.parent.mkdir(parents=True, exist_ok=True)
            save_session(self._store.state, self._autosave)
        except (SessionFileError, OSError) as error:
            # Once is enough: a disk that is full now is full in a second, too.
            self._autosave = None
            self.failed.emit(f"The session is not remembered from here on: {error}")

    @Slot()
    def _save_soon(self) -> None:
        self._timer.start()

    @Slot(str, str)
    def _take_file(self, purpose: str, path: str) -> None:
        if purpose == _OPEN:
            self.open(path)
        elif purpose == _SAVE:
            self.save(path)
