"""Selected items as files: a table of their codes, or their pictures; whole or not at all."""

import csv
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.services.encodings import EncodedItems
from explorer.services.item_cards import original_items
from explorer.services.opening import Opened
from explorer.services.pictured_items import PicturedItems
from trainers.atomic_writing import UNFINISHED, disk_failure, replacement
from trainers.errors import StoppedError
from trainers.reporting import Report, StopRequested

# How far it is is told, and whether it shall go on asked, once in so many.
_ROWS, _PICTURES = 256, 16
_WAIT_SECONDS = 0.05


@dataclass(frozen=True, eq=False)
class TableJob:
    """Writes items as comma-separated values, as a function for a job.

    Columns: index, class, attributes, and the numbers of the code. Raises `FailureError` where it cannot be written,
    and `StoppedError`.
    """

    path: Path
    opened: Opened
    encoded: EncodedItems
    indices: NDArray[np.int64]

    def __call__(self, report: Report, stop_requested: StopRequested) -> Path:
        """The file."""
        try:
            with replacement(self.path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                for done, row in enumerate(self._rows()):
                    if done % _ROWS == 0:
                        report(done / (len(self.indices) + 1), "writing the table")
                        if stop_requested():
                            raise StoppedError
                    table.writerow(row)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise disk_failure(self.path, error) from error
        return self.path

    def _rows(self) -> Iterator[tuple[object, ...]]:
        encoded = self.encoded
        items = original_items(encoded, self.opened.items)
        attributes = items.attributes if items is not None else None
        names = items.spec.attribute_names if items is not None and attributes is not None else ()
        yield ("index", "class", *names, *self.opened.facts.dimension_names)
        for index in self.indices.tolist():
            told = attributes[index].tolist() if attributes is not None else ()
            numbers = (f"{number:.9g}" for number in (*told, *encoded.codes[index].tolist()))
            yield (index, encoded.class_name_of(index), *numbers)


@dataclass(frozen=True, eq=False)
class PicturesJob:
    """Writes pictures of items into a folder, one PNG file each, as a function for a job.

    total: how many there will be. parts: where they arrive, from another thread. They are written into a hidden folder
    and appear when all are there. Raises `FailureError` where they cannot be written, and `StoppedError`.
    """

    folder: Path
    total: int
    parts: "SimpleQueue[PicturedItems]" = field(default_factory=SimpleQueue)

    def __call__(self, report: Report, stop_requested: StopRequested) -> Path:
        """The folder."""
        try:
            with self._unfinished() as unfinished:
                done = 0
                while done < self.total:
                    part = self._next_part(stop_requested)
                    for place, (index, picture) in enumerate(zip(part.indices.tolist(), part.pictures, strict=True)):
                        if stop_requested():
                            raise StoppedError
                        _write(unfinished / _file_name(part.encoded, index), picture)
                        if place % _PICTURES == 0:
                            report((done + place) / self.total, "writing pictures")
                    done += len(part.indices)
                for file in unfinished.iterdir():
                    file.replace(self.folder / file.name)
        except OSError as error:
            raise disk_failure(self.folder, error) from error
        return self.folder

    @contextmanager
    def _unfinished(self) -> Iterator[Path]:
        was_there = self.folder.is_dir()
        unfinished = self.folder / f".pictures.{uuid.uuid4().hex[:8]}{UNFINISHED}"
        try:
            unfinished.mkdir(parents=True)
            yield unfinished
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
            if not was_there and self.folder.is_dir() and not any(self.folder.iterdir()):
                self.folder.rmdir()

    def _next_part(self, stop_requested: StopRequested) -> PicturedItems:
        while not stop_requested():
            try:
                return self.parts.get(timeout=_WAIT_SECONDS)
            except Empty:
                continue
        raise StoppedError


def _file_name(encoded: EncodedItems, index: int) -> str:
    named = re.sub(r"\W+", "-", encoded.class_name_of(index)).strip("-")
    return f"item-{index:06d}{'-' if named else ''}{named}.png"


def _write(path: Path, picture: NDArray[np.uint8]) -> None:
    flat = picture[:, :, 0] if picture.shape[2] == 1 else picture
    Image.fromarray(np.ascontiguousarray(flat)).save(path, format="PNG")
