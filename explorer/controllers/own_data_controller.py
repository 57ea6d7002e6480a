"""A person's own data, chosen or dropped on the window, among what can be trained on."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.file_choice import FileChoice
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.own_data import TABLE_SUFFIXES, ZIP_SUFFIX, FoundData, OwnDataJob, may_be_data
from explorer.views.train_panel import TrainPanel

_OWN_DATA = "own data"
_FILES = f"Zips of images and tables of points ({' '.join(f'*{suffix}' for suffix in (ZIP_SUFFIX, *TABLE_SUFFIXES))})"
_BUSY = "Other data are being read; wait until they are among those of the Train panel."


class OwnDataController(QObject):
    """Reads what the person names, and offers it in the Train panel.

    told, failed: a sentence. progressed: how far the reading is; empty when nothing is read. other_dropped: path of
    what was dropped and is no data.
    """

    told = Signal(str)
    failed = Signal(str)
    progressed = Signal(str)
    other_dropped = Signal(str)

    def __init__(self, jobs: JobRunner, files: FileChoice, panel: TrainPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._files, self._panel = jobs, files, panel
        self._is_reading = False
        files.chosen.connect(self._take_chosen)

    def actions(self) -> dict[str, Callable[..., object]]:
        """What the commands of the Data menu do, by their names."""
        return {"data_folder": self.ask_folder, "data_file": self.ask_file}

    @Slot()
    def ask_folder(self) -> None:
        """Let the person choose a folder of images."""
        self._files.ask_folder(_OWN_DATA, "Train on the images of a folder")

    @Slot()
    def ask_file(self) -> None:
        """Let the person choose a zip of images or a table of points."""
        self._files.ask_file(_OWN_DATA, "Train on a zip of images or a table of points", _FILES)

    @Slot(str)
    def take_dropped(self, path: str) -> None:
        """Something that is no picture was dropped on the window."""
        if may_be_data(path):
            self._read(path)
        else:
            self.other_dropped.emit(path)

    @Slot(str, str)
    def _take_chosen(self, purpose: str, path: str) -> None:
        if purpose == _OWN_DATA:
            self._read(path)

    def _read(self, path: str) -> None:
        if self._is_reading:
            self.failed.emit(_BUSY)
            return
        self._is_reading = True
        self.progressed.emit(f"reading {path}")
        job = self._jobs.start(OwnDataJob(path), self._take)
        job.progressed.connect(self._show_progress)

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        self.progressed.emit(f"{what} · {share:.0%}")

    @Slot(object)
    def _take(self, outcome: Outcome[FoundData]) -> None:
        self._is_reading = False
        self.progressed.emit("")
        found = outcome.value
        if found is None:
            if outcome.error:
                self.failed.emit(outcome.error)
            return
        self._panel.offer_own_data(found.path, found.text)
        self.told.emit("These data are chosen in the Train panel now; choose a model there and press Train.")
