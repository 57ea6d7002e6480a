"""Whether a file a person asks for can be written, known before the long work."""

import tempfile
from pathlib import Path

from trainers.atomic_writing import disk_failure
from trainers.errors import UsageError


def check_output(path: Path, suffix: str) -> None:
    """Raise if `path` cannot become a file of this kind; missing folders on the way are made.

    Raises `UsageError` for another ending than `suffix` or a folder, `FailureError` where nothing may be written.
    """
    if path.suffix.lower() != suffix:
        raise UsageError(f"{path} cannot be written: the name of this file must end in {suffix}.")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; give the name of a file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Only an attempt tells: permissions say nothing of a read-only disk.
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise disk_failure(path, error) from error
