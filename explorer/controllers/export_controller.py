"""Pictures out of the window: into files and onto the clipboard."""

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from explorer.controllers.code_controller import CodeController
from explorer.controllers.planner import Planner
from explorer.controllers.samples_controller import SamplesController
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.picture_files import PictureJob, enlarged, sheet
from explorer.services.samples import DrawnSamples
from explorer.views.export_dialog import ExportDialog
from explorer.views.latent_map import LatentMap

Subject = Literal["decoded", "map", "samples"]

_NAMES: dict[Subject, str] = {"decoded": "decoded picture", "map": "map", "samples": "samples"}
_READABLE_SIDE = 512
_NOTHING = "There is nothing to export yet; open a model first."


class ExportController(QObject):
    """Exports and copies the decoded picture, the map and the samples.

    told: a sentence that something was written. failed: a sentence why it was not.
    """

    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        planner: Planner,
        code: CodeController,
        samples: SamplesController,
        latent_map: LatentMap,
        jobs: JobRunner,
        window: QWidget,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._planner = planner
        self._code = code
        self._samples = samples
        self._map = latent_map
        self._jobs = jobs
        self._window = window
        self._subject: Subject = "decoded"

    @Slot()
    def export_decoded(self) -> None:
        """Ask where the decoded picture goes."""
        self._ask("decoded")

    @Slot()
    def export_map(self) -> None:
        """Ask where the map goes."""
        self._ask("map")

    @Slot()
    def export_samples(self) -> None:
        """Ask where the samples go."""
        self._ask("samples")

    @Slot()
    def copy_decoded(self) -> None:
        """Put the decoded picture on the clipboard."""
        self._copy("decoded")

    @Slot()
    def copy_map(self) -> None:
        """Put the map on the clipboard."""
        self._copy("map")

    @Slot()
    def copy_samples(self) -> None:
        """Put the samples on the clipboard as one picture."""
        self._copy("samples")

    def export(self, subject: Subject, path: str, scale: int) -> None:
        """Write a picture at a scale."""
        picture = self.picture(subject, scale)
        if picture is None:
            self.failed.emit(_NOTHING)
            return
        self._jobs.start(PictureJob(picture, Path(path).expanduser(), self._texts()), self._tell)

    def picture(self, subject: Subject, scale: int) -> NDArray[np.uint8] | None:
        """The picture (height, width, 1 or 3) at `scale` screen pixels per pixel of its own, or None."""
        if subject == "map":
            return pixels_of(self._map.picture(scale)) if self._planner.opened is not None else None
        if subject == "samples":
            return _samples_picture(self._samples.samples, scale)
        decoded = self._code.picture
        return enlarged(decoded.picture, scale) if decoded is not None else None

    def _ask(self, subject: Subject) -> None:
        picture = self.picture(subject, 1)
        if picture is None:
            self.failed.emit(_NOTHING)
            return
        self._subject = subject
        height, width = picture.shape[:2]
        scale = max(1, _READABLE_SIDE // max(height, width))
        path = str(Path.home() / f"{subject}.png")
        dialog = ExportDialog(f"Export the {_NAMES[subject]}", path, (width, height), scale, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.export_chosen.connect(self._export_chosen)
        dialog.open()

    @Slot(str, int)
    def _export_chosen(self, path: str, scale: int) -> None:
        self.export(self._subject, path, scale)

    def _copy(self, subject: Subject) -> None:
        picture = self.picture(subject, 1)
        if picture is None:
            self.failed.emit(_NOTHING)
            return
        scale = max(1, _READABLE_SIDE // max(picture.shape[:2]))
        QGuiApplication.clipboard().setImage(image_of(enlarged(picture, scale)))
        self.told.emit(f"Copied the {_NAMES[subject]} to the clipboard.")

    def _texts(self) -> dict[str, str]:
        opened = self._planner.opened
        if opened is None:
            return {}
        code = ", ".join(repr(value) for value in self._planner.plan.code)
        return {"Software": "Latent Explorer", "Model": opened.facts.title, "Code": code}

    @Slot(object)
    def _tell(self, outcome: Outcome[Path]) -> None:
        if outcome.error:
            self.failed.emit(outcome.error)
        elif outcome.value is not None:
            self.told.emit(f"Written to {outcome.value}.")


def _samples_picture(drawn: DrawnSamples | None, scale: int) -> NDArray[np.uint8] | None:
    if drawn is None:
        return None
    if drawn.sheet is not None:
        return enlarged(drawn.sheet[0], scale)
    return sheet(drawn.pictures, scale, len(drawn.column_titles))


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """The pixels (height, width, 3) of an image."""
    flat = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(flat.constBits(), dtype=np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : flat.width() * 3].reshape(flat.height(), flat.width(), 3).copy()


def image_of(picture: NDArray[np.uint8]) -> QImage:
    """Pixels (height, width, 1 or 3) as an image of its own."""
    height, width, channels = picture.shape
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    content = np.ascontiguousarray(picture)
    return QImage(content.data, width, height, width * channels, kind).copy()
