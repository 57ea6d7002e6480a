"""Training from the window: the form, the run, its curves, and its snapshots on the map."""

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from explorer.controllers.model_controller import ModelController
from explorer.services.decoder import Decoder
from explorer.services.forms import DownloadJob, TrainingChoices, choices_job
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.library import is_trained_elsewhere, located, new_run_folder, run_of
from explorer.services.snapshot_reader import own_step
from explorer.services.training import Training, rest_after_drawing
from explorer.state.training_values import TrainingStatus, TrainingWish
from explorer.views.train_panel import TrainPanel

_BUSY = "A run is training already; stop it first."


class TrainingController(QObject):
    """Joins the Train panel, the training process and the map that shows the run's snapshots.

    progressed: what is being downloaded; empty when nothing is. download_started: name of a dataset that is being
    fetched. download_ended: its name, and why it did not come, empty when it did. run_ended: a run is over.
    """

    progressed = Signal(str)
    download_started = Signal(str)
    download_ended = Signal(str, str)
    run_ended = Signal()

    def __init__(
        self,
        training: Training,
        model: ModelController,
        decoder: Decoder,
        jobs: JobRunner,
        panel: TrainPanel,
        runs: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._training = training
        self._model = model
        self._decoder = decoder
        self._jobs = jobs
        self._panel = panel
        self._runs = runs
        self._choices: TrainingChoices | None = None
        # The map follows the run until the person opens something else.
        self._follows = False
        self._is_drawing = False
        self._pending = ""
        self._since_begun = QElapsedTimer()
        # Epochs may be so short that their checkpoints alone would keep the window drawing.
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._draw_next)
        self._downloading = ""
        # Run and step of what is on the screen.
        self._mark = ("", -1)
        self._connect()

    def load_choices(self) -> None:
        """Ask what can be trained; the panel fills when the answer comes."""
        self._jobs.start(choices_job, self._show_choices)

    @Slot()
    def start(self) -> None:
        """Train what the panel's form says."""
        self._train(self._panel.wish())

    @Slot(str, int, float)
    def mark_step(self, run: str, step: int, _epoch: float) -> None:
        """A snapshot of some run is on the screen; the curves say where it stands if they are of that run."""
        self._mark = run, step
        self._show_mark()

    @Slot()
    def pause_or_go_on(self) -> None:
        """Pause the run, or let a paused one go on."""
        if self._training.status.phase == "paused":
            self._training.go_on()
        else:
            self._training.pause()

    @Slot(str)
    def resume_run(self, run: str) -> None:
        """Train an earlier run further."""
        if self._training.is_own():
            self._panel.show_error(_BUSY)
            return
        self._begin_following()
        self._training.resume(Path(run))

    @Slot()
    def _show_mark(self) -> None:
        run, step = self._mark
        self._panel.mark_step(step if run and run == self._training.run else -1)

    def _connect(self) -> None:
        panel, training = self._panel, self._training
        panel.training_requested.connect(self._train)
        panel.pause_requested.connect(training.pause)
        panel.resume_requested.connect(self._resume)
        panel.stop_requested.connect(training.stop)
        panel.model_chosen.connect(self._show_form)
        panel.download_requested.connect(self.download)
        training.status_changed.connect(panel.show_status)
        training.curves_changed.connect(panel.show_curves)
        training.status_changed.connect(self._show_mark)
        training.checkpoint_saved.connect(self._take_checkpoint)
        training.ended.connect(self._end)
        self._model.opened.connect(self._see_opened)
        self._model.snapshot_lost.connect(self._see_drawn)
        self._decoder.idle.connect(self._see_drawn)

    @Slot(object)
    def _show_choices(self, outcome: Outcome[TrainingChoices]) -> None:
        choices = outcome.value
        if choices is None:
            self._panel.show_error(outcome.error)
            return
        is_first, self._choices = self._choices is None, choices
        self._panel.show_datasets(choices.datasets)
        if is_first:
            names = tuple(name for name, _ in choices.models)
            self._panel.show_models(names, tuple(text for _, text in choices.models))
            self._panel.show_devices(choices.devices)
            self._panel.select(*choices.first, ())
            self._show_form(choices.first[0])

    @Slot(str)
    def _show_form(self, model: str) -> None:
        if self._choices is not None and model in self._choices.forms:
            self._panel.show_form(model, self._choices.forms[model])

    @Slot(object)
    def _train(self, wish: TrainingWish) -> None:
        if self._training.is_own():
            self._panel.show_error(_BUSY)
            return
        self._begin_following()
        self._training.start(wish, new_run_folder(self._runs, wish.model, wish.data))

    @Slot()
    def _resume(self) -> None:
        if self._training.is_own():
            self._training.go_on()
        elif self._training.run:
            self.resume_run(self._training.run)

    def _begin_following(self) -> None:
        self._follows, self._is_drawing, self._pending = True, False, ""
        self._rest.stop()
        self._panel.show_error("")

    @Slot(str)
    def download(self, name: str) -> None:
        """Fetch a dataset; one at a time."""
        if self._downloading:
            if self._downloading != name:
                self._panel.show_error(f"{self._downloading} is being downloaded; wait until it is here.")
            return
        self._downloading = name
        self._panel.show_error("")
        self._panel.show_downloading(name)
        self.download_started.emit(name)
        job = self._jobs.start(DownloadJob(name), self._take_download)
        job.progressed.connect(self._show_progress)

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        self.progressed.emit(f"{what} · {share:.0%}")

    @Slot(object)
    def _take_download(self, outcome: Outcome[str]) -> None:
        name, self._downloading = self._downloading, ""
        self.progressed.emit("")
        self._panel.show_downloading("")
        if outcome.error:
            self._panel.show_error(outcome.error)
        self.load_choices()
        self.download_ended.emit(name, outcome.error)
        if not outcome.error:
            self._model.reload_items()

    @Slot(str)
    def _see_opened(self, path: str) -> None:
        run = run_of(str(located(path)))
        self._follows = bool(run) and run == self._training.run
        if not self._follows:
            self._pending = ""
        if run and not self._training.is_active() and is_trained_elsewhere(run):
            self._begin_following()
            self._training.follow(Path(run))

    @Slot(str)
    def _take_checkpoint(self, path: str) -> None:
        if self._follows and not self._is_older(path):
            self._pending = path
            self._draw_next()

    def _is_older(self, path: str) -> bool:
        # A run of another process tells its snapshots from the first on, after its newest has been opened.
        run, step = self._mark
        return not self._training.is_own() and run == self._training.run and own_step(path, step + 1) <= step

    @Slot()
    def _draw_next(self) -> None:
        if not self._pending or self._is_drawing or self._rest.isActive():
            return
        path, self._pending = self._pending, ""
        if self._model.stands_elsewhere(self._training.run):
            # The History panel lists it; the map stays at the snapshot that the person went to.
            self._training.snapshot_drawn()
        else:
            self._is_drawing = True
            self._since_begun.start()
            self._model.open_snapshot(self._training.run, path)

    @Slot()
    def _see_drawn(self) -> None:
        if not self._is_drawing or self._model.is_opening():
            return
        self._is_drawing = False
        if self._training.is_active():
            self._rest.start(rest_after_drawing(self._since_begun.elapsed()))
        if self._pending:
            self._draw_next()
        elif self._training.is_active():
            self._training.snapshot_drawn()
        elif self._follows:
            self._model.settle()

    @Slot(object)
    def _end(self, _status: TrainingStatus) -> None:
        self.run_ended.emit()
        self._rest.stop()
        self._draw_next()
        if self._follows and not self._is_drawing:
            self._model.settle()
