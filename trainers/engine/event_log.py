"""Where the events of a run go: its events.jsonl, and whoever listens."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from trainers.atomic_writing import disk_failure
from trainers.engine.events import Event, Failed, event_line

OnEvent = Callable[[Event], None]


class EventLog:
    """Appends every event to a file, then hands it on; a context manager.

    Writing raises `FailureError` where the disk refuses.
    """

    def __init__(self, path: Path, on_event: OnEvent) -> None:
        self._path = path
        self._on_event = on_event
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            _cut_torn_line(self._path)
            self._file = self._path.open("ab")
        except OSError as error:
            raise disk_failure(self._path, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            # A full disk may refuse the last buffered bytes again; whoever listens has been told of it.
            with suppress(OSError):
                self._file.close()
            self._file = None

    def tell(self, event: Event) -> None:
        """Write an event and hand it on."""
        try:
            self._append(event)
        except OSError as error:
            raise disk_failure(self._path, error) from error
        self._on_event(event)

    def tell_failure(self, sentence: str) -> None:
        """Hand on that the run failed, and write it if the disk still takes it."""
        event = Failed(message=sentence)
        with suppress(OSError):
            self._append(event)
        self._on_event(event)

    def _append(self, event: Event) -> None:
        if self._file is None:
            raise ValueError("the log is not open")
        self._file.write(event_line(event).encode() + b"\n")
        self._file.flush()


def _cut_torn_line(path: Path) -> None:
    if not path.exists():
        return
    content = path.read_bytes()
    if content and not content.endswith(b"\n"):
        with path.open("r+b") as file:
            file.truncate(content.rfind(b"\n") + 1)
