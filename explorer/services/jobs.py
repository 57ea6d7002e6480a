"""Long functions off the window's thread, with progress and cancel."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot

from trainers.errors import TrainersError
from trainers.reporting import Report, StopRequested

Result = TypeVar("Result")
JobFunction = Callable[[Report, StopRequested], Result]


@dataclass(frozen=True)
class Outcome(Generic[Result]):
    """What became of a job: its value, or the sentence saying why there is none; neither when it was cancelled."""

    value: Result | None = None
    error: str = ""
    cancelled: bool = False


class Job(QThread):
    """One function running in its own thread.

    progressed: share done from 0 to 1 and what is being done. ended: an `Outcome`, once, whatever happens.
    """

    progressed = Signal(float, str)
    ended = Signal(object)

    def __init__(self, function: JobFunction[object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._function = function
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the function to stop; it ends at its next convenience, as cancelled."""
        self._stop.set()

    def run(self) -> None:
        """Run the function in this thread."""
        self.ended.emit(self._outcome())

    def _outcome(self) -> Outcome[object]:
        try:
            value = self._function(self.progressed.emit, self._stop.is_set)
        except TrainersError as error:
            return Outcome(error=str(error), cancelled=self._stop.is_set())
        except Exception as error:
            logging.getLogger(__name__).exception("a job failed")
            return Outcome(error=f"Something went wrong: {type(error).__name__}: {error}")
        return Outcome(cancelled=True) if self._stop.is_set() else Outcome(value)


class JobRunner(QObject):
    """Starts jobs and sees to it that none outlives it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: set[Job] = set()

    def start(self, function: JobFunction[Result], ended: Callable[[Outcome[Result]], None]) -> Job:
        """Run `function(report, stop_requested)` and call the slot `ended` in the thread of its owner.

        ended: a method of a QObject decorated with `Slot(object)`.
        """
        job = Job(function, self)
        job.ended.connect(ended)
        job.finished.connect(self._forget)
        self._jobs.add(job)
        job.start()
        return job

    def is_busy(self) -> bool:
        """Whether any job runs."""
        return bool(self._jobs)

    def stop(self) -> None:
        """Cancel all jobs and wait for them."""
        for job in tuple(self._jobs):
            job.cancel()
        for job in tuple(self._jobs):
            job.wait()
        self._jobs.clear()

    @Slot()
    def _forget(self) -> None:
        job = self.sender()
        if isinstance(job, Job):
            self._jobs.discard(job)
            job.deleteLater()
