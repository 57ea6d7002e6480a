"""Curves and units of the chosen runs, also of the one that is being trained."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.controllers.metrics_controller import MetricsController
from explorer.controllers.planner import Planner
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.library import located, run_of
from explorer.services.run_histories import HistoriesJob, SnapshotUnitsJob
from explorer.services.training import Training
from explorer.state.metric_values import RunHistory
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.views.metrics_panel import MetricsPanel

# The eye follows a curve no better when it grows more often, and each time costs the run that is trained some time.
_LIVE_MS = 1_000
_PAGES = ("curves", "units")


class RunHistoriesController(QObject):
    """Reads what the chosen runs told while the panel shows it, and follows the one that trains.

    unit_wanted: a number of the open model's code. told: a sentence why there is no slider for a unit.
    """

    unit_wanted = Signal(int)
    told = Signal(str)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        jobs: JobRunner,
        training: Training,
        metrics: MetricsController,
        panel: MetricsPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._planner, self._jobs, self._training = store, planner, jobs, training
        self._metrics, self._panel = metrics, panel
        self._known: dict[str, RunHistory] = {}
        self._shown: tuple[RunHistory, ...] = ()
        self._measuring: Job | None = None
        self._measured: RunHistory | None = None
        self._live = QTimer(self)
        self._live.setSingleShot(True)
        self._live.timeout.connect(self._show)
        panel.seen.connect(self.read)
        panel.unit_activated.connect(self._take_unit)
        panel.snapshots_requested.connect(self._measure_snapshots)
        panel.snapshots_cancelled.connect(self._cancel_snapshots)
        store.changed.connect(self._follow_state)
        training.curves_changed.connect(self._see_curves)
        training.units_measured.connect(self._see_units)

    @Slot()
    def read(self) -> None:
        """Read the histories of the chosen runs, those known included, as they may have gone on."""
        if not self._is_shown(*_PAGES):
            return
        wanted = tuple(path for path in self._metrics.chosen if not self._is_live(path))
        self._show()
        if wanted:
            self._jobs.start(HistoriesJob(wanted), self._take)

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        is_other = new.metrics is not old.metrics and (new.metrics.page, new.metrics.runs) != (
            old.metrics.page,
            old.metrics.runs,
        )
        if is_other or (new.model != old.model and not new.metrics.runs):
            self.read()

    @Slot(int)
    def _take_unit(self, unit: int) -> None:
        shown = next((history for history in self._shown if history.units is not None), None)
        if shown is not None and shown.path == self._metrics.open_entry:
            self.unit_wanted.emit(unit)
        elif shown is not None:
            self.told.emit(f"Open {shown.title} first to move its sliders.")

    @Slot()
    def _measure_snapshots(self) -> None:
        if self._measuring is None and self._shown:
            self._panel.show_snapshots(0.0, "snapshots")
            self._measured = self._shown[0]
            self._measuring = self._jobs.start(SnapshotUnitsJob(self._shown[0].path), self._take_snapshots)
            self._measuring.progressed.connect(self._panel.show_snapshots)

    @Slot()
    def _cancel_snapshots(self) -> None:
        if self._measuring is not None:
            self._measuring.cancel()

    @Slot(object)
    def _take_snapshots(self, outcome: Outcome[RunHistory]) -> None:
        history, self._measuring = self._measured, None
        self._panel.end_snapshots()
        if outcome.value is not None:
            self._known[outcome.value.path] = outcome.value
        elif history is not None and not outcome.cancelled:
            self._known[history.path] = replace(history, problem=outcome.error)
        self._show()

    @Slot(object)
    def _take(self, outcome: Outcome[tuple[RunHistory, ...]]) -> None:
        for history in outcome.value or ():
            before = self._known.get(history.path)
            # What was measured of its snapshots is not in the files of the run.
            is_kept = history.units is None and before is not None and before.curves == history.curves
            self._known[history.path] = replace(history, units=before.units) if is_kept and before else history
        self._show()

    @Slot()
    def _see_curves(self) -> None:
        if self._is_shown("curves"):
            self._wait()

    @Slot()
    def _see_units(self) -> None:
        if self._is_shown("units"):
            self._wait()

    def _wait(self) -> None:
        if not self._live.isActive() and any(self._is_live(path) for path in self._metrics.chosen):
            self._live.start(_LIVE_MS)

    @Slot()
    def _show(self) -> None:
        if not self._is_shown(*_PAGES):
            return
        histories = [self._history(path) for path in self._metrics.chosen]
        self._shown = tuple(history for history in histories if history is not None)
        self._panel.show_histories(self._shown, self._unit_names(self._shown))

    def _history(self, path: str) -> RunHistory | None:
        if self._is_live(path):
            return replace(self._training.history(), path=path)
        return self._known.get(path)

    def _is_live(self, path: str) -> bool:
        return self._training.is_active() and run_of(str(located(path))) == self._training.run

    def _unit_names(self, found: tuple[RunHistory, ...]) -> tuple[str, ...]:
        opened = self._planner.opened
        is_open = opened is not None and bool(found) and found[0].path == self._metrics.open_entry
        return opened.facts.dimension_names if opened is not None and is_open else ()

    def _is_shown(self, *pages: str) -> bool:
        return self._panel.isVisible() and self._store.state.metrics.page in pages
