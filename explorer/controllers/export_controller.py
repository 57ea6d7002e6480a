"""Pictures and films out of the window: into files, onto the clipboard, and as scripts that make them again."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from explorer.controllers import exportables
from explorer.controllers.code_controller import CodeController
from explorer.controllers.planner import Planner
from explorer.controllers.samples_controller import SamplesController
from explorer.services.exports import Exportable, ExportJob, ViewJob, command_text, film_timing, python_text
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.picture_files import enlarged
from explorer.state.export_values import ExportOptions
from explorer.state.session_file import session_values
from explorer.state.session_store import SessionStore
from explorer.views.export_dialog import ExportDialog
from explorer.views.latent_map import LatentMap

_READABLE_SIDE = 512
_NOTHING = "There is nothing to export yet; open a model first."
_NOT_SHOWN = "This is not drawn yet; export it once its panel shows it."
_TOO_LONG = "This would be too long for a command; export the picture, and give the file with --recipe."
_CANCELLED = "Nothing was written."


class ExportController(QObject):
    """Exports and copies what the window shows.

    told: a sentence that something was written. failed: a sentence why it was not. offered: a sentence, the label of a
    button, and what it does.
    """

    told = Signal(str)
    failed = Signal(str)
    offered = Signal(str, str, object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        code: CodeController,
        samples: SamplesController,
        latent_map: LatentMap,
        jobs: JobRunner,
        window: QWidget,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._code = code
        self._samples = samples
        self._map = latent_map
        self._jobs = jobs
        self._window = window
        self._job: Job | None = None

    def samples_shown(self) -> Exportable | None:
        """The samples as they are shown; None while there are none."""
        return exportables.samples(
            self._planner.plan, self._store.state.samples, self._samples.samples, self._samples.nearest
        )

    def map_shown(self) -> Exportable | None:
        """The tiles of the part of the map in sight; None without a model."""
        return exportables.map_tiles(self._planner.plan, self._planner.seen, self._map)

    @Slot()
    def export_decoded(self) -> None:
        """Ask where the decoded picture goes."""
        self.ask(self._decoded())

    @Slot()
    def export_map(self) -> None:
        """Ask where the tiles of the map go."""
        self.ask(self.map_shown())

    @Slot()
    def export_map_view(self) -> None:
        """Ask where the map as it is shown goes."""
        self.ask(self._map_view())

    @Slot()
    def export_samples(self) -> None:
        """Ask where the samples go."""
        self.ask(self.samples_shown())

    @Slot()
    def copy_decoded(self) -> None:
        """Put the decoded picture on the clipboard."""
        self.copy(self._decoded())

    @Slot()
    def copy_map(self) -> None:
        """Put the map, as it is shown, on the clipboard."""
        self.copy(self._map_view())

    @Slot()
    def copy_samples(self) -> None:
        """Put the samples on the clipboard as one picture."""
        self.copy(self.samples_shown())

    @Slot()
    def copy_command(self) -> None:
        """Put the command that makes the decoded picture on the clipboard."""
        self._copy_script(self._decoded(), "decoded.png", command_text, "command")

    @Slot()
    def copy_python(self) -> None:
        """Put the Python script that makes the decoded picture on the clipboard."""
        self._copy_script(self._decoded(), "decoded.png", python_text, "Python script")

    @Slot(object)
    def ask(self, thing: Exportable | str | None) -> None:
        """Ask where something goes and how it is to look; None, or a sentence why, for nothing to export."""
        if not isinstance(thing, Exportable):
            self.failed.emit(thing or self._why_nothing())
            return
        dialog = ExportDialog(thing.offer, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.export_chosen.connect(lambda path, options: self.export(thing, path, options))
        dialog.command_wanted.connect(
            lambda path, options: self._copy_script(thing, path, command_text, "command", options)
        )
        dialog.python_wanted.connect(
            lambda path, options: self._copy_script(thing, path, python_text, "Python script", options)
        )
        dialog.open()

    @Slot(object)
    def copy(self, thing: Exportable | str | None) -> None:
        """Put a picture of something on the clipboard; None, or a sentence why, for nothing to copy."""
        if not isinstance(thing, Exportable):
            self.failed.emit(thing or self._why_nothing())
            return
        picture = thing.picture(1)
        scale = max(1, _READABLE_SIDE // max(picture.shape[:2]))
        QGuiApplication.clipboard().setImage(image_of(enlarged(picture, scale)))
        self.told.emit(f"Copied the {thing.name} to the clipboard.")

    def export(self, thing: Exportable, path: str, options: ExportOptions) -> None:
        """Write something as a file."""
        opened, file = self._planner.opened, Path(path).expanduser()
        if opened is None:
            self.failed.emit(_NOTHING)
            return
        state, checkpoint = session_values(self._store.state), opened.facts.path
        if thing.recipe is None:
            self._jobs.start(ViewJob(thing.picture(options.scale), checkpoint, file, state), self._tell)
            return
        job = ExportJob(checkpoint, thing.recipe(options), file, film_timing(options), state, thing.beside)
        self._job = self._jobs.start(job, self._tell)
        self._job.progressed.connect(self._see_progress)

    @Slot()
    def cancel(self) -> None:
        """Give up what is being written."""
        if self._job is not None:
            self._job.cancel()

    def _copy_script(
        self,
        thing: Exportable | None,
        path: str,
        script: Callable[..., str],
        name: str,
        options: ExportOptions | None = None,
    ) -> None:
        opened = self._planner.opened
        if thing is None or thing.recipe is None or opened is None:
            self.failed.emit(self._why_nothing())
            return
        chosen = options or thing.offer.options
        text = script(opened.facts.path, thing.recipe(chosen), path, chosen, thing.beside)
        if not text:
            self.failed.emit(_TOO_LONG)
            return
        QGuiApplication.clipboard().setText(text)
        self.told.emit(f"Copied the {name} that makes the same pixels to the clipboard.")

    def _why_nothing(self) -> str:
        return _NOTHING if self._planner.opened is None else _NOT_SHOWN

    def _decoded(self) -> Exportable | None:
        return exportables.decoded(self._planner.plan, self._code.picture)

    def _map_view(self) -> Exportable | None:
        return exportables.map_view(self._planner.plan, self._map)

    @Slot(float, str)
    def _see_progress(self, share: float, what: str) -> None:
        self.offered.emit(f"Exporting: {share:.0%}, {what}", "Cancel", self.cancel)

    @Slot(object)
    def _tell(self, outcome: Outcome[Path]) -> None:
        self._job = None
        if outcome.cancelled:
            self.told.emit(_CANCELLED)
        elif outcome.error:
            self.failed.emit(outcome.error)
        elif outcome.value is not None:
            self.told.emit(f"Written to {outcome.value}.")


def image_of(picture: NDArray[np.uint8]) -> QImage:
    """Pixels (height, width, 1 or 3) as an image of its own."""
    height, width, channels = picture.shape
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    content = np.ascontiguousarray(picture)
    return QImage(content.data, width, height, width * channels, kind).copy()
