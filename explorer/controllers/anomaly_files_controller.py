"""The scores of test items as files: their plots as a picture, and each of them in a table."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers import exportables
from explorer.controllers.anomaly_controller import AnomalyController
from explorer.controllers.file_choice import FileChoice
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.score_tables import ScoresJob
from explorer.views.anomaly_page import AnomalyPage

_PURPOSE, _SUFFIX = "anomaly scores", ".csv"
_NOTHING = "No test items are scored yet; let them be scored under Anomalies in the panel Reconstructions first."
_DRAWN_HERE = "No script draws these plots; save the scores as CSV, from which they follow."


class AnomalyFilesController(QObject):
    """Writes what the page of anomalies shows.

    export_wanted: an `Exportable`. told: a sentence that something was written. failed: a sentence why it was not.
    """

    export_wanted = Signal(object)
    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        anomalies: AnomalyController,
        page: AnomalyPage,
        jobs: JobRunner,
        files: FileChoice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._anomalies, self._page, self._jobs, self._files = anomalies, page, jobs, files
        page.export_requested.connect(self.export)
        page.save_requested.connect(self.ask_table)
        files.chosen.connect(self._write)

    @Slot()
    def export(self) -> None:
        """Ask where a picture of the plots goes."""
        if self._anomalies.shown is None:
            self.failed.emit(_NOTHING)
        else:
            page = self._page
            plots = exportables.drawing("anomaly plots", "anomalies", page.picture_size, page.picture, _DRAWN_HERE)
            self.export_wanted.emit(plots)

    @Slot()
    def ask_table(self) -> None:
        """Ask where the scores go as comma-separated values."""
        if self._anomalies.shown is None:
            self.failed.emit(_NOTHING)
        else:
            filters = "Comma-separated values (*.csv)"
            self._files.ask_new_file(_PURPOSE, "Save the anomaly scores", filters, f"anomaly_scores{_SUFFIX}", _SUFFIX)

    @Slot(str, str)
    def _write(self, purpose: str, path: str) -> None:
        shown = self._anomalies.shown
        if purpose == _PURPOSE and shown is not None:
            self._jobs.start(ScoresJob(*shown, Path(path)), self._end)

    @Slot(object)
    def _end(self, outcome: Outcome[Path]) -> None:
        if outcome.value is not None:
            self.told.emit(f"The anomaly scores are saved as {outcome.value.name}.")
        elif outcome.error:
            self.failed.emit(outcome.error)
