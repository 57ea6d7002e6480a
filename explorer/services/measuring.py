"""Measures metrics of runs in a child process, which can be ended at any moment and keeps what it has measured."""

import json
import sys
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QElapsedTimer, QObject, QProcess, Signal, Slot

from explorer.services.library import located
from explorer.services.training_process import child_environment
from explorer.state.metric_values import MeasureWish

_PROGRAM = "trainers.engine.measuring_program"
_STDERR_BYTES = 4096
_END_MS = 2_000
_CRASHED, _KEPT = "The process that measured ended before it was done", "what it had measured is kept."
# Before so much is done nobody can tell how long the rest takes.
_LEAST_SHARE = 0.02


@dataclass(frozen=True)
class MeasuringEvent:
    """What became of one metric of one run; share: how much of it is done. reason: why it cannot be measured."""

    kind: Literal["begun", "progress", "measured", "refused"]
    path: str
    metric: str
    share: float = 0.0
    reason: str = ""


class Measuring(QObject):
    """One child process at a time.

    A child measures instead of a thread, as a thread would share the interpreter with the window, and a metric can be
    given up only between its batches.

    told: a `MeasuringEvent`. progressed: share of everything that is done, what is being done, and the seconds left,
    negative where nobody can tell. ended: it is over; the sentence says why it broke off, empty if it did not.
    """

    told = Signal(object)
    progressed = Signal(float, str, float)
    ended = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        self._process.setProcessEnvironment(child_environment())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail_to_start)
        self._rest = self._errors = b""
        self._left = self._done = 0
        self._is_done = self._is_cancelled = False
        self._since = QElapsedTimer()

    @property
    def process_id(self) -> int:
        """The child's process number, 0 when there is none."""
        return self._process.processId()

    def is_running(self) -> bool:
        """Whether something is being measured."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self, wish: MeasureWish) -> None:
        """Measure what is wished for; only one wish at a time."""
        self._rest = self._errors = b""
        self._left, self._done = len(wish.paths) * len(wish.metrics), 0
        self._is_done = self._is_cancelled = False
        self._since.start()
        self._process.start(sys.executable, ["-m", _PROGRAM])
        self._process.write(_line(wish))

    def cancel(self) -> None:
        """End the child at once; what it has measured is kept."""
        self._is_cancelled = True
        self._process.kill()

    def close(self) -> None:
        """End the child and wait for it."""
        if self.is_running():
            self.cancel()
            self._process.waitForFinished(_END_MS)

    @Slot()
    def _read(self) -> None:
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            values = json.loads(line)
            kind = values.pop("event")
            event = None if kind == "done" else MeasuringEvent(kind, **values)
        except (ValueError, TypeError, KeyError, AttributeError):
            return
        if event is None:
            self._is_done = True
            return
        if event.kind in ("measured", "refused"):
            self._done += 1
        self.told.emit(event)
        self._tell_progress(event)

    def _tell_progress(self, event: MeasuringEvent) -> None:
        share = min(1.0, (self._done + event.share) / max(1, self._left))
        left = self._since.elapsed() / 1000 * (1 - share) / share if share >= _LEAST_SHARE else -1.0
        self.progressed.emit(share, event.metric, left)

    @Slot()
    def _read_errors(self) -> None:
        self._errors = (self._errors + self._process.readAllStandardError().data())[-_STDERR_BYTES:]

    @Slot(int, QProcess.ExitStatus)
    def _finish(self, _code: int, _status: QProcess.ExitStatus) -> None:
        self._read()
        self._read_errors()
        self.ended.emit("" if self._is_done or self._is_cancelled else self._last_words())

    def _last_words(self) -> str:
        lines = [line.strip() for line in self._errors.decode(errors="replace").splitlines() if line.strip()]
        return f"{_CRASHED} ({lines[-1].rstrip('.')}); {_KEPT}" if lines else f"{_CRASHED}; {_KEPT}"

    @Slot(QProcess.ProcessError)
    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.ended.emit(f"Measuring could not be started: {self._process.errorString()}.")


def _line(wish: MeasureWish) -> bytes:
    settings = {"importance_samples": wish.importance_samples, "samples": wish.samples, "limit": wish.limit}
    values = {
        "paths": wish.paths,
        "checkpoints": [str(located(path)) for path in wish.paths],
        "metrics": wish.metrics,
        "split": wish.split,
        "settings": settings,
        "inception_weights": wish.inception_weights,
    }
    return json.dumps(values).encode() + b"\n"
