"""The library, and everything else by which a model comes into the window."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from explorer.controllers.file_choice import FileChoice
from explorer.controllers.model_controller import ModelController
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.library import SHIPPED, ListingJob, located, shipped_models
from explorer.services.preferences import Preferences
from explorer.state.session_file import SESSION_SUFFIX
from explorer.state.training_values import LibraryEntry
from explorer.views.library_panel import LibraryPanel

_OPEN_FILE = "open checkpoint"
_OPEN_RUN = "open run"
_CHECKPOINTS = "Checkpoints (*.safetensors)"


class LibraryController(QObject):
    """Lists what can be opened and opens it.

    session_wanted: path of a session file that was dropped on the window. listed: the entries, a tuple.
    """

    session_wanted = Signal(str)
    listed = Signal(object)

    def __init__(
        self,
        model: ModelController,
        jobs: JobRunner,
        preferences: Preferences,
        runs: Path,
        panel: LibraryPanel,
        files: FileChoice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._jobs = jobs
        self._preferences = preferences
        self._runs = runs
        self._panel = panel
        self._files = files
        self._is_listing = self._is_stale = False
        panel.open_requested.connect(model.open)
        panel.reveal_requested.connect(self._reveal)
        panel.refresh_requested.connect(self.refresh)
        model.opened.connect(self._see_opened)
        files.chosen.connect(self._open_chosen)

    @Slot()
    def refresh(self) -> None:
        """List runs and files anew."""
        if self._is_listing:
            self._is_stale = True
            return
        self._is_listing = True
        self._jobs.start(ListingJob(self._runs, self._preferences.opened), self._show)

    @Slot()
    def open_shipped(self) -> None:
        """Open the first model that travels with the application."""
        self._model.open(next(iter(shipped_models()), SHIPPED))

    @Slot()
    def ask_file(self) -> None:
        """Let the person choose a checkpoint file."""
        self._files.ask_file(_OPEN_FILE, "Open a checkpoint", _CHECKPOINTS)

    @Slot()
    def ask_run(self) -> None:
        """Let the person choose a run folder."""
        self._files.ask_folder(_OPEN_RUN, "Open a run folder")

    @Slot(str)
    def open_dropped(self, path: str) -> None:
        """Open whatever was dropped on the window."""
        if path.endswith(SESSION_SUFFIX):
            self.session_wanted.emit(path)
        else:
            self._model.open(path)

    @Slot(str, str)
    def _open_chosen(self, purpose: str, path: str) -> None:
        if purpose in (_OPEN_FILE, _OPEN_RUN):
            self._model.open(path)

    @Slot(str)
    def _reveal(self, path: str) -> None:
        place = located(path)
        folder = place if place.is_dir() else place.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot(str)
    def _see_opened(self, path: str) -> None:
        if not path.startswith(SHIPPED) and Path(path).parent != self._runs:
            self._preferences.remember_opened(path)
        self._panel.show_open(path)
        self.refresh()

    @Slot(object)
    def _show(self, outcome: Outcome[tuple[LibraryEntry, ...]]) -> None:
        self._is_listing = False
        if outcome.value is not None:
            self._panel.show_entries(outcome.value)
            self._panel.show_open(self._model.path)
            self.listed.emit(outcome.value)
        if self._is_stale:
            self._is_stale = False
            self.refresh()
