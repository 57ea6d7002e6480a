"""A lock of the operating system on a file, which a crash cannot leave behind."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainers.atomic_writing import disk_failure
from trainers.errors import FailureError

_PAUSE_S = 0.01
_PATIENCE_S = 30.0


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Alone among all processes that change a file this way, for a moment such as reading and writing it takes.

    Makes the folder and leaves an empty file beside the other. Raises `FailureError` where nothing can be written.
    """
    lock = path.with_name(f".{path.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise disk_failure(path, error) from error
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                raise FailureError(f"{path} is held by another process; end it and try again.")
            time.sleep(_PAUSE_S)
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int) -> bool:
        """Take the lock of an open file unless another holds it; closing the file gives it back."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Take the lock of an open file unless another holds it; closing the file gives it back."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
