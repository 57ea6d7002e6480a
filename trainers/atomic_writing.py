"""Files that are either the whole old one or the whole new one, whatever happens while they are written."""

import errno
import os
import tempfile
from pathlib import Path

from trainers.errors import FailureError


def write_atomically(path: Path, content: bytes) -> None:
    """Put a file in place in one step: temporary file beside it, flush to disk, rename.

    Raises `FailureError` when it cannot be written; a file already there is then unchanged.
    """
    try:
        _write_and_rename(path, content)
    except OSError as error:
        raise disk_failure(path, error) from error


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


def _write_and_rename(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp gives files that only their owner may read; a checkpoint is meant to be passed on.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
