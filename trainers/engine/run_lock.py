"""Who trains in a run folder: a lock of the operating system, which a crash cannot leave behind."""

import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from trainers.atomic_writing import disk_failure
from trainers.engine.file_lock import try_lock
from trainers.errors import UsageError

LOCK_FILE = "run.lock"
_PATIENCE_S = 0.5


class RunLock:
    """Held for as long as a process trains in the folder; a context manager.

    Entering raises `UsageError` while another process holds it, and `FailureError` if the folder cannot be written.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        path = self._run / LOCK_FILE
        try:
            self._run.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise disk_failure(path, error) from error
        # Somebody who only asks whether the run is going on holds the lock for an instant.
        deadline = time.monotonic() + _PATIENCE_S
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise UsageError(f"The run {self._run} is being trained by another process; wait for it or stop it.")
            time.sleep(0.02)
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_locked(run: Path) -> bool:
    """Whether a live process trains in the folder."""
    try:
        descriptor = os.open(run / LOCK_FILE, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)
