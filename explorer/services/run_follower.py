"""Follows a run that another process trains, through the file of its events."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from trainers.engine.events import Failed, Finished, parse_event
from trainers.engine.run_folder import EVENTS_FILE, RunFolder

_INTERVAL_MS = 500
# So much of a long history is read at once that the window does not stand still.
_BYTES_AT_ONCE = 65_536


class RunFollower(QObject):
    """Reads events as they are written.

    event_received: an event. ended: the other process is gone; empty text if it said how the run ended.
    """

    event_received = Signal(object)
    ended = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: RunFolder | None = None
        self._place = 0
        self._said_end = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._read)

    def follow(self, run: Path) -> None:
        """Tell all events of a run from its beginning, and those to come."""
        self._run, self._place, self._said_end = RunFolder(run), 0, False
        self._timer.start(0)

    def is_following(self) -> bool:
        """Whether a run is being followed."""
        return self._run is not None

    def stop(self) -> None:
        """Follow nothing any more."""
        self._timer.stop()
        self._run = None

    @Slot()
    def _read(self) -> None:
        if self._run is None:
            return
        # Asked before reading, so that the last words of a process that just ended are heard.
        alive = self._run.is_running()
        text = self._next_lines(self._run.path / EVENTS_FILE)
        for line in text.splitlines():
            event = parse_event(line)
            if event is not None:
                self._said_end = isinstance(event, Finished | Failed)
                self.event_received.emit(event)
        if not self.is_following():
            return
        if text or alive:
            self._timer.start(0 if len(text) > _BYTES_AT_ONCE // 2 else _INTERVAL_MS)
            return
        self._run = None
        self.ended.emit("" if self._said_end else "The process that trained this run is gone.")

    def _next_lines(self, file: Path) -> str:
        try:
            with file.open("rb") as stream:
                stream.seek(self._place)
                read = stream.read(_BYTES_AT_ONCE)
        except OSError:
            return ""
        whole = read[: read.rfind(b"\n") + 1]
        self._place += len(whole)
        return whole.decode(errors="replace")
