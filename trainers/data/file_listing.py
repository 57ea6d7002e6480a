"""The files of a folder or zip, in the order of their paths, and how to open each."""

import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from trainers.data.file_signature import file_signature
from trainers.errors import FailureError, UsageError

_CLUTTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class ListedFile:
    """One file of a folder or zip.

    parts: its path inside, without `.` and `..`.
    size: bytes.
    open: opens its bytes anew, seekable; may be called from several threads.
    modified_ns: time of the last change; 0 inside a zip, whose own time counts.
    """

    parts: tuple[str, ...]
    size: int
    open: Callable[[], IO[bytes]]
    modified_ns: int = 0

    @property
    def path(self) -> str:
        """The path with slashes; bytes that are no text are replaced."""
        return readable("/".join(self.parts))


def readable(name: str) -> str:
    """A file name as text that can be written anywhere."""
    return name.encode(errors="surrogateescape").decode(errors="replace")


@contextmanager
def listed_files(path: Path) -> Iterator[tuple[ListedFile, ...]]:
    """The files below a folder or in a zip by path, without hidden files and the clutter of operating systems.

    A folder that may not be read stands in the list as a file that cannot be opened. A zip is read in place;
    nothing is extracted. Raises `UsageError` for a file that is no zip, `FailureError` for one that cannot be read.
    """
    if path.is_dir():
        yield tuple(_in_order(_folder_files(path)))
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError) as error:
        raise UsageError(f"{path} is neither a folder nor a zip that can be read ({error}).") from error
    except OSError as error:
        raise FailureError(f"{path} cannot be read ({error.strerror}).") from error
    with archive:
        yield tuple(_in_order(_zip_files(archive)))


def listing_signature(path: Path) -> str:
    """A text that changes with the paths, sizes or times of the files below a folder, or with the zip file."""
    if not path.is_dir():
        return file_signature([path])
    digest = hashlib.sha256()
    for file in _in_order(_folder_files(path)):
        line = f"{'/'.join(file.parts)}\t{file.size}\t{file.modified_ns}\n"
        digest.update(line.encode(errors="surrogateescape"))
    return digest.hexdigest()


def _folder_files(folder: Path) -> Iterator[ListedFile]:
    refused: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = [name for name in folders if not _is_clutter(name)]
        for file in (Path(place, name) for name in names if not _is_clutter(name)):
            # Links that lead nowhere, pipes and devices are no files.
            if file.is_file():
                status, parts = file.stat(), file.relative_to(folder).parts
                yield ListedFile(parts, status.st_size, partial(_file_bytes, file), status.st_mtime_ns)
    for error in refused:
        parts = Path(error.filename).relative_to(folder).parts or (".",)
        yield ListedFile(parts, 1, partial(_refuse, error))


def _refuse(error: OSError) -> IO[bytes]:
    raise error


def _file_bytes(file: Path) -> IO[bytes]:
    return file.open("rb")


def _zip_files(archive: zipfile.ZipFile) -> Iterator[ListedFile]:
    for entry in archive.infolist():
        parts = tuple(part for part in entry.filename.replace("\\", "/").split("/") if part not in {"", ".", ".."})
        if parts and not entry.is_dir() and not any(_is_clutter(part) for part in parts):
            yield ListedFile(parts, entry.file_size, partial(_entry_bytes, archive, entry))


def _entry_bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    # Image decoders seek back and forth, which is slow inside a compressed entry.
    return io.BytesIO(archive.read(entry))


def _in_order(files: Iterator[ListedFile]) -> list[ListedFile]:
    return sorted(files, key=lambda file: file.parts)


def _is_clutter(name: str) -> bool:
    return name.startswith(".") or name in _CLUTTER
