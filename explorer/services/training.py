"""The run the window trains or follows, and how often it is asked to show itself."""

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from explorer.services.run_follower import RunFollower
from explorer.services.run_log import RunLog
from explorer.services.training_process import TrainingProcess, continue_detached
from explorer.state.metric_values import RunHistory
from explorer.state.training_values import Curve, TrainingStatus, TrainingWish
from trainers.engine.events import Event, Saved
from trainers.engine.run_folder import RunFolder

_KEPT = "The run is kept and can be resumed."
_NOTHING_KEPT = "Nothing of it was saved yet; train again."
_SNAPSHOT_INTERVAL_MS = 1000
# Drawing a snapshot takes processor time from the run, which may lose 3 % of its speed; with two cores a window that
# draws a tenth of the time takes about as much.
_SHARE_OF_DRAWING = 0.1
# Nobody sees a curve grow faster, and drawing it more often costs more than everything else that follows a run.
_CURVES_INTERVAL_MS = 500
_ACTIVE = ("starting", "running", "paused", "stopping")


class Training(QObject):
    """One run at a time, as a child process or followed through its files.

    status_changed: a `TrainingStatus`. curves_changed: a tuple of `Curve`. units_measured: more is known of how much
    each number of the code is used. checkpoint_saved: path of a new checkpoint. ended: the last `TrainingStatus`.
    """

    status_changed = Signal(object)
    curves_changed = Signal(object)
    units_measured = Signal()
    checkpoint_saved = Signal(str)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = RunLog("")
        self._process = TrainingProcess(self)
        self._follower = RunFollower(self)
        for source in (self._process, self._follower):
            source.event_received.connect(self._take)
            source.ended.connect(self._end)
        self._since_snapshot = QElapsedTimer()
        self._next_snapshot = QTimer(self)
        self._next_snapshot.setSingleShot(True)
        self._next_snapshot.timeout.connect(self._ask_for_snapshot)
        self._next_curves = QTimer(self)
        self._next_curves.setSingleShot(True)
        self._next_curves.setInterval(_CURVES_INTERVAL_MS)
        self._next_curves.timeout.connect(self._tell_curves)

    @property
    def status(self) -> TrainingStatus:
        """Where the run stands."""
        return self._log.status

    @property
    def run(self) -> str:
        """The run folder, empty before the first run."""
        return self._log.status.run

    @property
    def process_id(self) -> int:
        """Process number of the child, 0 when there is none."""
        return self._process.process_id

    def is_active(self) -> bool:
        """Whether a child trains or another process is followed."""
        return self._process.is_running() or self._follower.is_following()

    def is_own(self) -> bool:
        """Whether the active run takes commands from this window."""
        return self._process.is_running()

    def start(self, wish: TrainingWish, run: Path) -> None:
        """Train what was wished in a new run folder."""
        self._begin(run)
        self._process.start(wish_arguments(wish, run))

    def resume(self, run: Path) -> None:
        """Go on with a run that was stopped or broke off."""
        self._begin(run)
        self._process.start(["--resume", str(run)])

    def follow(self, run: Path) -> None:
        """Show a run that another process trains."""
        self._begin(run, is_own=False)
        self._follower.follow(run)

    def pause(self) -> None:
        """Let the run wait."""
        self._process.send("pause")

    def go_on(self) -> None:
        """Let a paused run go on."""
        self._process.send("resume")

    def stop(self) -> None:
        """Stop the run after the current step; it can be resumed."""
        if self._process.is_running():
            self._process.send("stop")
            self._log.stopping()
            self.status_changed.emit(self.status)

    def snapshot_drawn(self) -> None:
        """The last checkpoint is on the screen, so the next may come when the run has had its time."""
        if self.is_own() and not self._next_snapshot.isActive():
            was_asked = self._since_snapshot.isValid()
            self._next_snapshot.start(rest_after(int(self._since_snapshot.elapsed())) if was_asked else 0)

    def close(self, let_go_on: bool) -> None:
        """End the child and wait for it; with `let_go_on` the run continues in a process that outlives the window."""
        self._next_snapshot.stop()
        self._next_curves.stop()
        self._follower.stop()
        was_training = self._process.is_running() and self.status.phase in ("starting", "running")
        self._process.end()
        if was_training and let_go_on and self.status.phase == "stopped":
            continue_detached(self.run)

    def _begin(self, run: Path, *, is_own: bool = True) -> None:
        self._follower.stop()
        self._next_curves.stop()
        self._log = RunLog(str(run), is_own=is_own)
        self._since_snapshot.invalidate()
        self.status_changed.emit(self.status)
        self.curves_changed.emit(())

    @Slot(object)
    def _take(self, event: Event) -> None:
        self._log.add(event)
        self.status_changed.emit(self.status)
        if event.event == "step":
            if not self._next_curves.isActive():
                self._next_curves.start()
            if not self._since_snapshot.isValid():
                self._ask_for_snapshot()
        elif event.event == "measured":
            self.units_measured.emit()
        elif isinstance(event, Saved):
            self.checkpoint_saved.emit(str(Path(self.run) / event.path))

    def curves(self) -> tuple[Curve, ...]:
        """The loss curves so far."""
        return self._log.curves()

    def history(self) -> RunHistory:
        """All that the run has told so far."""
        log = self._log
        return RunHistory(self.run, Path(self.run).name, log.curves(), log.steps_per_epoch, log.units())

    @Slot()
    def _tell_curves(self) -> None:
        self.curves_changed.emit(self.curves())

    @Slot(str)
    def _end(self, sentence: str) -> None:
        self._next_snapshot.stop()
        if self._next_curves.isActive():
            self._next_curves.stop()
            self._tell_curves()
        if sentence:
            is_kept = RunFolder(Path(self.run)).has_resume
            self._log.fail(f"{sentence} {_KEPT if is_kept else _NOTHING_KEPT}")
        self.status_changed.emit(self.status)
        self.ended.emit(self.status)

    @Slot()
    def _ask_for_snapshot(self) -> None:
        self._since_snapshot.start()
        if self.status.phase == "running":
            self._process.send("snapshot")


def rest_after(taken_ms: int) -> int:
    """Milliseconds until the next snapshot is asked for, after one that took so many to come and be drawn."""
    return max(_SNAPSHOT_INTERVAL_MS - taken_ms, rest_after_drawing(taken_ms))


def rest_after_drawing(taken_ms: int) -> int:
    """Milliseconds in which nothing is drawn after something that took so many, so that the run has its time."""
    return round(taken_ms * (1.0 / _SHARE_OF_DRAWING - 1.0))


def wish_arguments(wish: TrainingWish, run: Path) -> list[str]:
    """A wish as arguments of `python -m trainers train`."""
    settings = [part for name, text in wish.settings for part in ("--set", f"{name}={text}")]
    return [
        wish.model,
        "--data",
        wish.data,
        *settings,
        "--epochs",
        str(wish.epochs),
        "--batch-size",
        str(wish.batch_size),
        "--seed",
        str(wish.seed),
        "--device",
        wish.device,
        *(("--hold-out-class", wish.hold_out_class) if wish.hold_out_class else ()),
        "--run",
        str(run),
    ]
