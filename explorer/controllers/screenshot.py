"""The window as a picture file, once everything in it has come to rest."""

from pathlib import Path

from PySide6.QtCore import QObject, QSaveFile, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from explorer.controllers.planner import Planner
from explorer.controllers.status_controller import StatusController
from explorer.services.decoder import Decoder
from explorer.services.jobs import JobRunner
from explorer.views.latent_map import LatentMap

_LOOK_EVERY_MS = 20
# The map tells its view a frame after it changed, so one look at rest is not yet rest.
_LOOKS_AT_REST = 5


class Screenshot(QObject):
    """Waits until nothing is loaded, decoded or encoded any more, then writes the window as PNG.

    written: the file is there. failed: the sentence why not.
    """

    written = Signal()
    failed = Signal(str)

    def __init__(
        self,
        window: QWidget,
        latent_map: LatentMap,
        planner: Planner,
        decoder: Decoder,
        jobs: JobRunner,
        status: StatusController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._map = latent_map
        self._planner = planner
        self._decoder = decoder
        self._jobs = jobs
        self._status = status
        self._path = Path()
        self._at_rest = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def take(self, path: Path) -> None:
        """Begin to wait."""
        self._path = path
        self._timer.start()

    def is_at_rest(self) -> bool:
        """Whether nothing is on its way to the screen."""
        is_seen = self._planner.opened is None or self._planner.seen == self._map.view()
        return is_seen and not self._jobs.is_busy() and self._decoder.is_idle()

    @Slot()
    def _look(self) -> None:
        self._at_rest = self._at_rest + 1 if self.is_at_rest() else 0
        if self._at_rest >= _LOOKS_AT_REST:
            self._timer.stop()
            self._write()

    def _write(self) -> None:
        file = QSaveFile(str(self._path))
        self._status.bring_up_to_date()
        picture = self._window.grab()
        if file.open(QSaveFile.OpenModeFlag.WriteOnly) and picture.save(file, "PNG") and file.commit():
            self.written.emit()
        else:
            self.failed.emit(f"{self._path} cannot be written: {file.errorString()}.")
