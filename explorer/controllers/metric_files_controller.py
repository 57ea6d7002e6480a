"""The table of metrics as text: on the clipboard, or in a file."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from explorer.controllers import exportables
from explorer.controllers.file_choice import FileChoice
from explorer.controllers.metrics_controller import MetricsController
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.metric_tables import TextJob
from explorer.state.metric_values import TableFormat
from explorer.views.metrics_panel import MetricsPanel

_PURPOSE = "metrics as "
_NO_PLOT = "There is no plot yet; choose Curves, Units or Scatter in the panel Metrics first."
_DRAWN_HERE = "No script draws this plot; the table of metrics can be saved as CSV, and events.jsonl has the curves."
_NAMES: dict[TableFormat, tuple[str, str]] = {
    "csv": ("CSV", "Comma-separated values (*.csv)"),
    "markdown": ("Markdown", "Markdown (*.md)"),
    "latex": ("LaTeX", "LaTeX (*.tex)"),
}
_SUFFIXES: dict[TableFormat, str] = {"csv": ".csv", "markdown": ".md", "latex": ".tex"}


class MetricFilesController(QObject):
    """Writes the selected rows of the table, or all of them where none is selected.

    told: a sentence that something was written. failed: a sentence why it was not. export_wanted: the plot of the panel
    as an `Exportable`.
    """

    told = Signal(str)
    failed = Signal(str)
    export_wanted = Signal(object)

    def __init__(
        self,
        metrics: MetricsController,
        jobs: JobRunner,
        files: FileChoice,
        panel: MetricsPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._metrics, self._jobs, self._files = metrics, jobs, files
        self._running: TextJob | None = None
        self._panel = panel
        panel.copy_requested.connect(self.copy)
        panel.export_requested.connect(self.export_plot)
        panel.save_requested.connect(self.ask)
        files.chosen.connect(self._write)

    @Slot(str)
    def copy(self, form: TableFormat) -> None:
        """Put the table on the clipboard."""
        self._start(form, "")

    @Slot(str)
    def ask(self, form: TableFormat) -> None:
        """Ask where the table is saved."""
        name, filters = _NAMES[form]
        suffix = _SUFFIXES[form]
        self._files.ask_new_file(
            f"{_PURPOSE}{form}", f"Save the metrics as {name}", filters, f"metrics{suffix}", suffix
        )

    @Slot()
    def copy_markdown(self) -> None:
        """Put the table on the clipboard as Markdown."""
        self.copy("markdown")

    @Slot()
    def ask_csv(self) -> None:
        """Ask where the table is saved as CSV."""
        self.ask("csv")

    @Slot()
    def export_plot(self) -> None:
        """Ask where a picture of the plot goes that the panel shows."""
        panel = self._panel
        if panel.has_plot:
            plot = exportables.drawing("plot of metrics", "metrics", panel.picture_size, panel.picture, _DRAWN_HERE)
            self.export_wanted.emit(plot)
        else:
            self.failed.emit(_NO_PLOT)

    @Slot(str, str)
    def _write(self, purpose: str, path: str) -> None:
        form = next((form for form in _NAMES if purpose == f"{_PURPOSE}{form}"), None)
        if form is not None:
            self._start(form, path)

    def _start(self, form: TableFormat, file: str) -> None:
        measured, runs = self._metrics.written
        if not measured.table.cells:
            self.failed.emit("Nothing is measured yet; measure something in the Metrics panel first.")
            return
        self._running = TextJob(measured, runs, form, file)
        self._jobs.start(self._running, self._end)

    @Slot(object)
    def _end(self, outcome: Outcome[str]) -> None:
        job, self._running = self._running, None
        if outcome.value is None or job is None:
            self.failed.emit(outcome.error)
            return
        name = _NAMES[job.format][0]
        if job.file:
            self.told.emit(f"The table of metrics is saved as {Path(job.file).name}.")
        else:
            QGuiApplication.clipboard().setText(outcome.value)
            self.told.emit(f"The table of metrics is copied as {name}.")
