"""The table of runs and metrics: what is measured, what is being measured, and what is chosen of it."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.controllers.file_choice import FileChoice
from explorer.controllers.model_controller import ModelController
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.library import located, run_of
from explorer.services.measuring import Measuring, MeasuringEvent
from explorer.services.metric_tables import MeasuredTable, OffersJob, TableJob
from explorer.services.training import Training
from explorer.state.metric_values import MeasureWish, MetricCell, MetricOffer, MetricsChoice
from explorer.state.metric_work import MEASURING, WAITING, Work, with_work, without_unfinished
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.state.training_values import LibraryEntry
from explorer.views.measure_dialog import MeasureDialog
from explorer.views.metrics_panel import MetricsPanel

_SOON_MS, _WHILE_TRAINING_MS, _FILL_MS = 100, 5_000, 50
_SHOWN_TITLES = 4
_WEIGHTS = "weights of Inception-v3"


class MetricsController(QObject):
    """Reads the table while the panel is in sight, and measures in a process of its own.

    failed: a sentence why something could not be measured. changed: what is measured, or being measured, is other.
    """

    failed = Signal(str)
    changed = Signal()

    def __init__(
        self,
        store: SessionStore,
        model: ModelController,
        jobs: JobRunner,
        training: Training,
        panel: MetricsPanel,
        dialog: MeasureDialog,
        files: FileChoice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._model, self._jobs, self._training = store, model, jobs, training
        self._panel, self._dialog, self._files = panel, dialog, files
        self._measuring = Measuring(self)
        self._entries: tuple[LibraryEntry, ...] = ()
        self._measured = MeasuredTable()
        self._pair: MeasuredTable | None = None
        self._work: dict[tuple[str, str], MetricCell] = {}
        self._wanted: tuple[str, ...] = ()
        self._is_reading = self._is_stale = False
        self._offers: OffersJob | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._read)
        self._fill = QTimer(self)
        self._fill.setSingleShot(True)
        self._fill.timeout.connect(self._show)
        self._connect()
        panel.show_choice(store.state.metrics)

    @property
    def written(self) -> tuple[MeasuredTable, tuple[str, ...]]:
        """The table that is looked at, as it was read last, and the paths of its chosen rows."""
        choice = self._store.state.metrics
        if choice.page == "pair" and self._pair is not None:
            return self._pair, ()
        return self._measured, choice.runs

    @property
    def work(self) -> Work:
        """What is being measured, and what could not be."""
        return self._work

    @property
    def wanted(self) -> tuple[str, ...]:
        """The metrics that were wished for last."""
        return self._wanted

    def set_pair(self, pair: MeasuredTable | None) -> None:
        """Two models are compared, of which so much is measured; None for nothing, or for no second model."""
        self._pair = pair

    @property
    def chosen(self) -> tuple[str, ...]:
        """Paths of the chosen runs that are still there; without any, the one that is open."""
        there = {entry.path for entry in self._entries}
        runs = tuple(path for path in self._store.state.metrics.runs if path in there)
        return runs or tuple(path for path in (self.open_entry,) if path)

    @property
    def open_entry(self) -> str:
        """The path under which the library knows what is open, empty where nothing is."""
        path = self._model.path
        known = {entry.path for entry in self._entries}
        run = "" if not path or path in known else run_of(str(located(path)))
        return run if run in known else path

    def is_measuring(self) -> bool:
        """Whether something is being measured."""
        return self._measuring.is_running()

    def close(self) -> None:
        """Measure no further, and wait for the end."""
        self._soon.stop()
        self._fill.stop()
        self._measuring.close()

    @Slot(object)
    def see_entries(self, entries: tuple[LibraryEntry, ...]) -> None:
        """The library was listed."""
        if entries != self._entries:
            self._entries = entries
            self._read_soon()

    @Slot()
    def ask(self) -> None:
        """Ask what to measure of the chosen runs."""
        paths = self.chosen
        titles = [entry.title for entry in self._entries if entry.path in paths]
        more = f" and {len(titles) - _SHOWN_TITLES} more" if len(titles) > _SHOWN_TITLES else ""
        self.ask_of(paths, f"Of {', '.join(titles[:_SHOWN_TITLES])}{more}:")

    def ask_of(self, paths: tuple[str, ...], about: str) -> None:
        """Ask what to measure of runs or checkpoints; `about` says which."""
        if self.is_measuring() or not paths:
            self.failed.emit("Something is being measured already." if paths else "Open or select a run first.")
            return
        self._dialog.show_runs(paths, about)
        self._dialog.open()
        self._offers = OffersJob(paths)
        self._jobs.start(self._offers, self._take_offers)

    @Slot(object)
    def measure(self, wish: MeasureWish) -> None:
        """Measure what is wished for."""
        if self.is_measuring():
            return
        self._work = {(path, metric): WAITING for path in wish.paths for metric in wish.metrics}
        self._wanted = wish.metrics
        self._panel.show_measuring(0.0, "begins", -1.0)
        self._measuring.start(wish)
        self._show()
        self._read_soon()

    @Slot()
    def cancel(self) -> None:
        """Measure no further."""
        self._measuring.cancel()

    def _connect(self) -> None:
        panel, measuring = self._panel, self._measuring
        panel.choice_changed.connect(self._choose)
        panel.measure_requested.connect(self.ask)
        panel.measuring_cancelled.connect(self.cancel)
        panel.open_requested.connect(self._model.open)
        panel.seen.connect(self._read_soon)
        self._dialog.measure_requested.connect(self.measure)
        self._dialog.weights_wanted.connect(self._ask_weights)
        self._files.chosen.connect(self._take_weights)
        measuring.told.connect(self._take_event)
        measuring.progressed.connect(panel.show_measuring)
        measuring.ended.connect(self._end)
        self._model.opened.connect(self._see_opened)
        self._store.changed.connect(self._follow_state)

    @Slot(object)
    def _choose(self, choice: MetricsChoice) -> None:
        self._store.update(metrics=choice)

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if new.metrics is not old.metrics and new.metrics != old.metrics:
            self._panel.show_choice(new.metrics)

    @Slot(str)
    def _see_opened(self, _path: str) -> None:
        self._read_soon()

    @Slot()
    def _read_soon(self) -> None:
        if self._panel.isVisible() and not self._soon.isActive():
            is_training = self._training.is_active() and bool(self._measured.paths)
            self._soon.start(_WHILE_TRAINING_MS if is_training and not self.is_measuring() else _SOON_MS)

    @Slot()
    def _read(self) -> None:
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading = True
        self._jobs.start(TableJob(self._entries, self._wanted, self.open_entry), self._take_table)

    @Slot(object)
    def _take_table(self, outcome: Outcome[MeasuredTable]) -> None:
        self._is_reading = False
        if outcome.value is not None:
            self._measured = outcome.value
            self._show()
        elif outcome.error:
            self._panel.show_notes((outcome.error,), True)
        if self._is_stale:
            self._is_stale = False
            self._read_soon()

    @Slot()
    def _show(self) -> None:
        shown = with_work(self._measured.shown, self._work)
        self._panel.show_table(shown)
        failures: dict[str, dict[str, None]] = {}
        for (_, metric), cell in shown.cells.items():
            if cell.kind == "failed":
                failures.setdefault(cell.explanation, {})[metric] = None
        unmeasured = (f"Not measured: {', '.join(metrics)}. {reason}" for reason, metrics in failures.items())
        self._panel.show_notes((*unmeasured, *shown.sentences), bool(failures))
        self.changed.emit()

    @Slot(object)
    def _take_offers(self, outcome: Outcome[tuple[MetricOffer, ...]]) -> None:
        if outcome.value is not None:
            self._dialog.show_offers(outcome.value)
        else:
            self._dialog.show_problem(outcome.error)

    @Slot()
    def _ask_weights(self) -> None:
        self._files.ask_file(_WEIGHTS, "Weights of Inception-v3", "Weights (*.pth *.pt)")

    @Slot(str, str)
    def _take_weights(self, purpose: str, path: str) -> None:
        if purpose == _WEIGHTS:
            self._dialog.show_weights(path)

    @Slot(object)
    def _take_event(self, event: MeasuringEvent) -> None:
        place = event.path, event.metric
        if event.kind == "begun":
            self._work[place] = MEASURING
        elif event.kind == "refused":
            self._work[place] = MetricCell("failed", "", event.reason)
        elif event.kind == "measured":
            self._work.pop(place, None)
            self._read_soon()
        # A run that can have none of them is refused them all at once.
        if event.kind != "progress" and not self._fill.isActive():
            self._fill.start(_FILL_MS)

    @Slot(str)
    def _end(self, sentence: str) -> None:
        self._work = without_unfinished(self._work)
        self._panel.end_measuring()
        self._show()
        self._read_soon()
        if sentence:
            self.failed.emit(sentence)
