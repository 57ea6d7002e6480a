"""A short text that changes when any of some files does."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from trainers.errors import FailureError


def file_signature(files: Iterable[Path], *details: object) -> str:
    """SHA-256, hexadecimal, over names, sizes and times of files and over further details; reads no contents.

    Raises `FailureError` naming a file that is not there.
    """
    digest = hashlib.sha256(repr(details).encode())
    for file in files:
        try:
            status = file.stat()
        except OSError as error:
            raise FailureError(f"{file} cannot be read ({error.strerror}).") from error
        digest.update(f"\n{file}\t{status.st_size}\t{status.st_mtime_ns}".encode(errors="surrogateescape"))
    return digest.hexdigest()
