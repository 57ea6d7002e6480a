"""The selection as files: asked for, written in a job that shows how far it is, and given up without a trace."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.file_choice import FileChoice
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.controllers.selection_controller import SelectionController
from explorer.services.decoder import Decoder
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.pictured_items import PicturedItems, PicturesWish
from explorer.services.selection_files import PicturesJob, TableJob
from explorer.views.selection_panel import SelectionPanel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from explorer.services.encodings import EncodedItems

_TABLE = "selection table"
_FOLDER = "selection pictures"
# So many pictures are made at a time, so that what waits to be written stays small.
_AT_ONCE = 512
_BUSY = "The selection is being written already; wait for it, or cancel it."
_NOTHING = "Nothing is selected, so there is nothing to write; select points on the map first."
_REPLACED = "The points were replaced while their pictures were written, so none are kept; export them again."


class SelectionFilesController(QObject):
    """Writes the selected items as a table or as pictures, one of them at a time.

    told: a sentence that something was written. failed: a sentence why it was not.
    """

    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        planner: Planner,
        decoder: Decoder,
        selection: SelectionController,
        panel: SelectionPanel,
        jobs: JobRunner,
        files: FileChoice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._planner, self._decoder, self._selection = planner, decoder, selection
        self._panel, self._jobs, self._files = panel, jobs, files
        self._job: Job | None = None
        self._pictures: PicturesJob | None = None
        self._encoded: EncodedItems | None = None
        self._left: NDArray[np.int64] = np.empty(0, np.int64)
        self._problem = ""
        self._is_asked = False
        panel.table_requested.connect(self.ask_table)
        panel.pictures_requested.connect(self.ask_folder)
        panel.export_cancelled.connect(self._cancel)
        files.chosen.connect(self._write)
        decoder.items_pictured.connect(self._take)
        decoder.export_failed.connect(self._give_up)
        planner.planned.connect(self._apply)

    @Slot()
    def ask_table(self) -> None:
        """Ask where the selected items go as comma-separated values."""
        if self._may_begin():
            filters = "Comma-separated values (*.csv)"
            self._files.ask_new_file(_TABLE, "Export the selection", filters, "selection.csv", ".csv")

    @Slot()
    def ask_folder(self) -> None:
        """Ask into which folder the pictures of the selected items go."""
        if self._may_begin():
            self._files.ask_folder(_FOLDER, "Export the pictures of the selection into a folder")

    def export_table(self, path: Path) -> None:
        """Write the selected items as comma-separated values."""
        opened, selected = self._planner.opened, self._selection.selected
        if self._may_begin() and opened is not None and opened.encoded is not None:
            self._begin(TableJob(path, opened, opened.encoded, selected))

    def export_pictures(self, folder: Path) -> None:
        """Write the selected items as pictures into a folder."""
        opened, selected = self._planner.opened, self._selection.selected
        if self._may_begin() and opened is not None:
            self._encoded, self._left = opened.encoded, selected
            self._pictures = PicturesJob(folder, len(selected))
            self._begin(self._pictures)
            self._ask_part()

    def _may_begin(self) -> bool:
        problem = _BUSY if self._job is not None else "" if len(self._selection.selected) else _NOTHING
        self._panel.show_problem(problem)
        if problem:
            # A command of the menu is heard of although another panel lies before that of the selection.
            self.failed.emit(problem)
        return not problem

    def _begin(self, job: TableJob | PicturesJob) -> None:
        self._problem = ""
        self._panel.show_progress(0.0, "writing the selection")
        self._job = self._jobs.start(job, self._end)
        self._job.progressed.connect(self._see_progress)

    def _ask_part(self) -> None:
        opened = self._planner.opened
        if opened is not None and self._encoded is not None and len(self._left):
            self._is_asked = True
            part, self._left = self._left[:_AT_ONCE], self._left[_AT_ONCE:]
            self._decoder.picture_items(PicturesWish("export", self._encoded, opened.items, part))

    @Slot(object)
    def _take(self, made: PicturedItems) -> None:
        if made.purpose == "export" and self._pictures is not None and made.encoded is self._encoded:
            self._pictures.parts.put(made)
            self._is_asked = False

    @Slot(float, str)
    def _see_progress(self, share: float, what: str) -> None:
        if self.sender() is self._job:
            self._panel.show_progress(share, what)
            # While one part is being written the next is made, and no more.
            if self._pictures is not None and not self._is_asked and self._pictures.parts.empty():
                self._ask_part()

    @Slot(object, object)
    def _apply(self, _old: Plan, new: Plan) -> None:
        if self._pictures is not None and (new.opened is None or new.opened.encoded is not self._encoded):
            self._give_up(_REPLACED)

    @Slot()
    def _cancel(self) -> None:
        self._give_up("")

    @Slot(str)
    def _give_up(self, problem: str) -> None:
        if self._job is not None:
            self._problem = self._problem or problem
            self._decoder.cancel_export()
            self._job.cancel()

    @Slot(str, str)
    def _write(self, purpose: str, path: str) -> None:
        if purpose == _TABLE:
            self.export_table(Path(path))
        elif purpose == _FOLDER:
            self.export_pictures(Path(path))

    @Slot(object)
    def _end(self, outcome: Outcome[Path]) -> None:
        self._job = self._pictures = self._encoded = None
        self._left = np.empty(0, np.int64)
        self._panel.end_progress()
        problem = self._problem if outcome.cancelled else outcome.error
        self._panel.show_problem(problem)
        if problem:
            self._decoder.cancel_export()
            self.failed.emit(problem)
        elif outcome.cancelled:
            self.told.emit("Nothing of the selection is kept, as it was cancelled.")
        elif outcome.value is not None:
            self.told.emit(f"The selection is written to {outcome.value}.")
