"""A person's own points: a table of two columns in a text file or an array."""

import csv
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.data.dataset_source import Contents, DatasetSource, Items
from trainers.data.file_signature import file_signature
from trainers.data.import_report import ImportReport
from trainers.errors import FailureError, UsageError
from trainers.reporting import Report

SUFFIXES = (".csv", ".npy", ".npz")

_FEWEST = 10
_TEST_SHARE = 0.1
_SEPARATORS = (";", "\t", ",")


class PointTable(DatasetSource):
    """The rows of a `.csv`, `.npy` or `.npz` file as points; every tenth one, chosen by lot, is in the test split.

    A text file has a point per line, separated by commas, semicolons, tabs or blanks; a first line of names is left
    out. An archive holds one array, or names one `points`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.name = str(self.path)
        self.title = self.path.name
        self.description = f"points in {self.path}"

    def signature(self) -> str:
        """Size and time of the file."""
        return file_signature([self.path], "points 1")

    def location(self) -> str:
        """The folder that holds the file."""
        return str(self.path.parent)

    def is_available(self) -> bool:
        """Whether the file is there."""
        return self.path.is_file()

    def missing_sentence(self) -> str:
        """Says where the file was looked for."""
        return f"There is no table of points at {self.path}."

    def read(self, report: Report) -> Contents:
        """Both splits; raises `UsageError` with what is wrong with the table, `FailureError` if it cannot be read."""
        report(0.0, "reading points")
        points = torch.from_numpy(read_points(self.path))
        is_test = _chosen_for_test(len(points))
        return Contents(
            {"train": Items(points[~is_test]), "test": Items(points[is_test])},
            report=ImportReport(kept=len(points)),
        )


def read_points(path: Path) -> NDArray[np.float32]:
    """The points (count, 2) of a file; raises like `PointTable.read`."""
    try:
        table = _text_table(path) if path.suffix.lower() == ".csv" else _array(path)
    except OSError as error:
        raise FailureError(f"{path} cannot be read ({error.strerror or error}).") from error
    return _checked(path, table)


def _checked(path: Path, table: NDArray[Any]) -> NDArray[np.float32]:
    if table.dtype.kind not in "fiu":
        raise UsageError(f"{path} does not hold numbers; write one table of two columns of numbers.")
    if table.ndim != 2 or table.shape[1] != 2:
        shape = " × ".join(map(str, table.shape)) or "single"
        raise UsageError(f"{path} holds a {shape} table, and points need exactly two columns, one point in a row.")
    if len(table) < _FEWEST:
        raise UsageError(f"{path} has {len(table)} points, and at least {_FEWEST} are needed; add more rows.")
    with np.errstate(over="ignore"):
        points = np.ascontiguousarray(table, dtype=np.float32)
    broken = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if len(broken):
        raise UsageError(
            f"{path} has {len(broken):,} points that are missing (NaN) or infinite, the first of them point "
            f"{broken[0] + 1}; remove their rows."
        )
    return points


def _text_table(path: Path) -> NDArray[np.float64]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no text in UTF-8; write a line with two numbers for each point.") from error
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    separator = next((mark for mark in _SEPARATORS if numbered and mark in numbered[0][1]), None)
    rows = []
    for number, line in numbered:
        words = line.split() if separator is None else next(csv.reader([line], delimiter=separator))
        if len(words) != 2:
            raise UsageError(f"{path} has {len(words)} columns in line {number}, and points need exactly two.")
        try:
            rows.append((float(words[0]), float(words[1])))
        except ValueError as error:
            if number == numbered[0][0]:
                continue
            raise UsageError(f"{path} has something else than two numbers in line {number}: {line[:60]!r}.") from error
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _array(path: Path) -> NDArray[Any]:
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return loaded
            names = loaded.files
            if "points" not in names and len(names) != 1:
                raise UsageError(f"{path} holds {len(names)} arrays, and none is called points; call one of them so.")
            return np.asarray(loaded["points" if "points" in names else names[0]])
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UsageError(f"{path} is no array of numbers, or is damaged; save a table of two columns.") from error


def _chosen_for_test(count: int) -> torch.Tensor:
    chosen = torch.zeros(count, dtype=torch.bool)
    chosen[torch.from_numpy(np.random.default_rng(0).permutation(count))[: max(1, round(_TEST_SHARE * count))]] = True
    return chosen
