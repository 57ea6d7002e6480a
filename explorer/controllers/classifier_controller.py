"""Training what recognises the samples of a dataset."""

from PySide6.QtCore import QObject, Signal, Slot

from explorer.services.classifiers import ClassifierJob
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.views.samples_panel import SamplesPanel


class ClassifierController(QObject):
    """Trains one classifier at a time, beside everything else.

    started: its `ClassifierJob`. trained: it is in the cache. not_trained: the sentence saying why, empty where the
    person ended it.
    """

    started = Signal(object)
    trained = Signal()
    not_trained = Signal(str)

    def __init__(self, jobs: JobRunner, panel: SamplesPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._panel = panel
        self._function: ClassifierJob | None = None
        self._job: Job | None = None
        self._is_ending = False
        panel.training_cancelled.connect(self._cancel)

    @Slot(object)
    def train(self, job: ClassifierJob) -> None:
        """Train the classifier of some data, unless one is being trained."""
        if self._job is None:
            self._function, self._is_ending = job, False
            self._job = self._jobs.start(job, self._end)
            self._job.progressed.connect(self._show_progress)
            self._show_progress(0.0, "reading the data")
            self.started.emit(job)

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._show_progress(0.0, "ending")
            self._is_ending = True
            self._job.cancel()

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        if self._function is not None and not self._is_ending:
            self._panel.show_training(share, f"classifier of {self._function.title}: {what}")

    @Slot(object)
    def _end(self, outcome: Outcome[str]) -> None:
        self._function = self._job = None
        self._panel.end_training()
        if outcome.value is not None:
            self.trained.emit()
        else:
            self.not_trained.emit("" if outcome.cancelled else outcome.error)
