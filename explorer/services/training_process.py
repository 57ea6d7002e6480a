"""A training run as a child process: events out of its stdout, commands into its stdin."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QThread, Signal, Slot

import trainers
from trainers.engine.events import Failed, Finished, parse_event

_THREADS_VARIABLE = "OMP_NUM_THREADS"
_STDERR_BYTES = 4096
_STOP_MS = 15_000
_END_MS = 2_000
_LONGEST_LINE = 1_000_000


class TrainingProcess(QObject):
    """One `python -m trainers train …` whose crash, kill or silence leaves this process unharmed.

    The child leaves one core to the window and keeps its priority: its threads wait for each other hundreds of times
    in a step, so one that is put off by a busy core holds up all of them (BENCHMARKS.md has the figures).

    event_received: an event of the run. ended: the process is gone; empty text if it said how the run ended,
    else the sentence for the person.
    """

    event_received = Signal(object)
    ended = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        self._process.setProcessEnvironment(child_environment())
        self._process.readyReadStandardOutput.connect(self._read_events)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail_to_start)
        self._rest = b""
        self._errors = b""
        self._said_end = self._said_anything = False

    @property
    def process_id(self) -> int:
        """The child's process number, 0 when there is none."""
        return self._process.processId()

    def is_running(self) -> bool:
        """Whether there is a child."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self, arguments: Sequence[str]) -> None:
        """Run `python -m trainers train` with these arguments and `--json`; only one child at a time."""
        self._rest, self._errors, self._said_end, self._said_anything = b"", b"", False, False
        self._process.start(sys.executable, train_command(arguments))

    def send(self, command: str) -> None:
        """Give the child a command: stop, pause, resume or snapshot."""
        if self.is_running():
            self._process.write(f"{command}\n".encode())

    def end(self) -> None:
        """Stop the run so that it can be resumed, and wait for it; a child that does not answer is ended."""
        if not self.is_running():
            return
        self.send("stop")
        # A child that still loads its libraries has nothing to save and hears nothing for seconds.
        if not (self._said_anything and self._process.waitForFinished(_STOP_MS)):
            self._process.terminate()
            if not self._process.waitForFinished(_END_MS):
                self._process.kill()
                self._process.waitForFinished(_END_MS)

    @Slot()
    def _read_events(self) -> None:
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(b"\n")
        self._rest = self._rest[-_LONGEST_LINE:]
        for line in lines:
            self._take_line(line.decode(errors="replace"))

    def _take_line(self, line: str) -> None:
        event = parse_event(line)
        if event is not None:
            self._said_anything = True
            self._said_end = isinstance(event, Finished | Failed)
            self.event_received.emit(event)

    @Slot()
    def _read_errors(self) -> None:
        self._errors = (self._errors + self._process.readAllStandardError().data())[-_STDERR_BYTES:]

    @Slot(int, QProcess.ExitStatus)
    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_errors()
        self._read_events()
        if self._rest:
            self._take_line(self._rest.decode(errors="replace"))
        self.ended.emit("" if self._said_end else self._last_words(code, status))

    @Slot(QProcess.ProcessError)
    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.ended.emit(f"Training could not be started: {self._process.errorString()}.")

    def _last_words(self, code: int, status: QProcess.ExitStatus) -> str:
        lines = [line.strip() for line in self._errors.decode(errors="replace").splitlines() if line.strip()]
        if status == QProcess.ExitStatus.CrashExit or not lines:
            return "The training process ended before it was done."
        return f"Training ended with code {code}: {lines[-1].rstrip('.')}."


def train_command(arguments: Sequence[str]) -> list[str]:
    """Arguments of the Python interpreter that train with `--json`."""
    return ["-m", "trainers", "train", *arguments, "--json"]


def continue_detached(run: str) -> None:
    """Resume a run in a process of its own that outlives this one."""
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments(train_command(["--resume", run]))
    process.setProcessEnvironment(child_environment())
    null = QProcess.nullDevice()
    process.setStandardInputFile(null)
    process.setStandardOutputFile(null)
    process.setStandardErrorFile(null)
    process.startDetached()


def child_environment() -> QProcessEnvironment:
    """The environment of this process, in which a child finds this package and leaves one core to the window."""
    environment = QProcessEnvironment.systemEnvironment()
    # The child finds the package this process uses, installed or not, wherever the window was started.
    roots = [str(Path(trainers.__file__).parents[1]), environment.value("PYTHONPATH")]
    environment.insert("PYTHONPATH", os.pathsep.join(root for root in roots if root))
    environment.insert("PYTHONUNBUFFERED", "1")
    if not environment.contains(_THREADS_VARIABLE):
        environment.insert(_THREADS_VARIABLE, str(max(1, QThread.idealThreadCount() - 1)))
    return environment
