"""Brings a picture of the person's own in: from a file, or from the clipboard."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import IO

from PySide6.QtCore import QBuffer, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage

from explorer.controllers.file_choice import FileChoice
from explorer.controllers.planner import Planner
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.own_pictures import FittingJob
from explorer.state.own_picture import OwnPicture
from explorer.state.session_store import SessionStore

_OPEN = "open picture"
_FILTER = "Pictures (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp);;All files (*)"
_NO_MODEL = "Open a model of images first; then a picture of yours gets a code."
_POINTS = "This model learned from points, so a picture has no code in it; open a model of images."
_EMPTY = "There is no picture on the clipboard; copy one and paste again."
_UNPACKED = 100


class OwnPictureIntake(QObject):
    """Makes pictures fit the open model and puts them into the session.

    failed: a sentence. file_pasted: path of a file on the clipboard.
    """

    failed = Signal(str)
    file_pasted = Signal(str)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        jobs: JobRunner,
        files: FileChoice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._jobs = jobs
        self._files = files
        self._job: Job | None = None
        files.chosen.connect(self._take_chosen)

    @Slot()
    def ask_file(self) -> None:
        """Let the person choose a picture; also one that was exported here is taken as a picture."""
        self._files.ask_file(_OPEN, "Open a picture", _FILTER)

    @Slot(str)
    def take_file(self, path: str) -> None:
        """A picture of the person's own is to be shown."""
        self._fit(Path(path).name, lambda: Path(path).open("rb"))

    @Slot()
    def paste(self) -> None:
        """Take the picture, or the file of one, that lies on the clipboard."""
        content = QGuiApplication.clipboard().mimeData()
        files = [url.toLocalFile() for url in content.urls() if url.isLocalFile()] if content is not None else []
        image = QGuiApplication.clipboard().image()
        if files:
            self.file_pasted.emit(files[0])
        elif image.isNull():
            self.failed.emit(_EMPTY)
        else:
            self._fit("clipboard", lambda: _png(image))

    def _fit(self, name: str, opener: Callable[[], IO[bytes]]) -> None:
        opened = self._planner.opened
        if opened is None:
            self.failed.emit(_NO_MODEL)
        elif opened.facts.frame is not None:
            self.failed.emit(_POINTS)
        else:
            if self._job is not None:
                self._job.cancel()
            self._job = self._jobs.start(FittingJob(name, opener, opened.facts.image_shape), self._take_fitted)

    @Slot(str, str)
    def _take_chosen(self, purpose: str, path: str) -> None:
        if purpose == _OPEN:
            self.take_file(path)

    @Slot(object)
    def _take_fitted(self, outcome: Outcome[OwnPicture]) -> None:
        if outcome.cancelled:
            return
        self._job = None
        if outcome.value is None:
            self.failed.emit(outcome.error)
        else:
            self._store.update(own_picture=outcome.value)


def _png(image: QImage) -> IO[bytes]:
    # Called in the thread that fits the picture: packing a large one takes a while, even as little as this.
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", _UNPACKED)  # type: ignore[call-overload]
    return io.BytesIO(bytes(buffer.data().data()))
