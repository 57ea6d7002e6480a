"""Files that are either the whole old one or the whole new one, whatever happens while they are written."""

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainers.errors import FailureError

UNFINISHED = ".part"


def write_atomically(path: Path, content: bytes) -> None:
    """Put a file in place in one step: temporary file beside it, flush to disk, rename.

    Raises `FailureError` when it cannot be written; a file already there is then unchanged.
    """
    try:
        with replacement(path) as temporary, temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise disk_failure(path, error) from error


@contextmanager
def replacement(target: Path) -> Iterator[Path]:
    """A path beside the target to write to; what is there takes the target's place only if nothing went wrong.

    Makes the folder. Several processes may replace the same target; the last one stays. Raises `OSError`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}{UNFINISHED}")
    try:
        yield temporary
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def remove_unfinished(folder: Path) -> None:
    """Delete what killed processes had begun to write; only where nobody can be writing now."""
    for path in folder.glob(f".*{UNFINISHED}"):
        path.unlink(missing_ok=True)


def disk_failure(path: Path, error: OSError) -> FailureError:
    """The sentence for a file that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FailureError(f"The disk is full: {path} could not be written; free some space and try again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return FailureError(f"{path} may not be written; choose a folder that you may write to.")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return FailureError(f"{path} could not be written: a file is where its folder should be; choose another place.")
    reason = (error.strerror or str(error)).lower()
    return FailureError(f"{path} could not be written ({reason}); choose another folder.")
