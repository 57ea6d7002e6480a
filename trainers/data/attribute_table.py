"""Attributes of images in a table of text: one row per image, its file name first, then a number per column."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainers.data.file_listing import ListedFile

FILE_NAME = "attributes.csv"

_NAMED = 3
_MISSING = {"", "na", "n/a", "nan", "none", "null"}
_LARGEST = float(np.finfo(np.float32).max)
_LARGEST_FILE = 256 * 1024 * 1024


class UnusableTableError(Exception):
    """A table that says nothing of any image; `str(error)` is what to say after its name."""


@dataclass(frozen=True, eq=False)
class AttributeTable:
    """What a table says of files.

    names: of the columns. rows: numbers (columns,) by file name or path with slashes, NaN for a missing cell.
    remarks: what was wrong with parts of it, each to say after its name.
    """

    names: tuple[str, ...]
    rows: Mapping[str, NDArray[np.float32]]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class MatchedAttributes:
    """Attributes (files, columns) of some files in their order, and what was wrong."""

    names: tuple[str, ...]
    values: NDArray[np.float32]
    remarks: tuple[str, ...]

    def known_among(self, chosen: NDArray[np.bool_]) -> "MatchedAttributes":
        """Without the columns that have no number for any of the chosen files."""
        kept, dropped = _columns_with_numbers(self.values[chosen])
        unknown = [self.names[column] for column in dropped]
        remark = (f"has no number in {_some(unknown, 'column')} for any training image",) if unknown else ()
        names = tuple(self.names[column] for column in kept)
        return MatchedAttributes(names, self.values[:, kept], (*self.remarks, *remark))


def find_table(files: Sequence[ListedFile]) -> ListedFile | None:
    """The `attributes.csv` among the files of a folder or zip, the outermost one where there are several."""
    tables = [file for file in files if file.parts[-1].lower() == FILE_NAME]
    return min(tables, key=lambda file: len(file.parts), default=None)


def read_table(file: ListedFile) -> AttributeTable:
    """The table in a file; commas, semicolons or tabs may stand between its cells.

    Cells that are empty or say that they are missing have no number, and neither have cells of other text, which are
    remarked. Raises `UnusableTableError`.
    """
    if file.size > _LARGEST_FILE:
        raise UnusableTableError(f"has {file.size:,} bytes; the most that are read is {_LARGEST_FILE:,}")
    try:
        with file.open() as stream:
            text = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableTableError("is no text in UTF-8; save it again as such") from error
    except Exception as error:  # a member of a damaged zip raises almost anything
        raise UnusableTableError(f"cannot be read ({str(error) or type(error).__name__})") from error
    header, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=header.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UnusableTableError(f"is no table that can be read ({error})") from error
    return _table(rows)


def path_beside(table: ListedFile, file: ListedFile) -> str:
    """The path of a file with slashes, relative to the folder of a table if it lies in there."""
    folder = table.parts[:-1]
    return "/".join(file.parts[len(folder) :] if file.parts[: len(folder)] == folder else file.parts)


def match(table: AttributeTable, files: Sequence[str], present: Iterable[str] = ()) -> MatchedAttributes:
    """What a table says of each file, by its path with slashes relative to the table.

    A row may name the whole path, or its last parts where only one file has them.
    present: further files that are there but not used, whose rows are no mistake.
    """
    places = {path: place for place, path in enumerate(files)}
    owners = _owners([*files, *(path for path in present if path not in places)])
    values = np.full((len(files), len(table.names)), np.nan, np.float32)
    filled = np.zeros(len(files), bool)
    unmatched: list[str] = []
    ambiguous: list[str] = []
    repeated: list[str] = []
    for key, numbers in table.rows.items():
        found = [key] if key in places else owners.get(key, [])
        if len(found) != 1:
            (ambiguous if found else unmatched).append(key)
            continue
        place = places.get(found[0])
        if place is None:
            continue
        if filled[place]:
            repeated.append(key)
            continue
        values[place], filled[place] = numbers, True
    bare = [path for path, is_filled in zip(files, filled, strict=True) if not is_filled]
    remarks = (
        (unmatched, f"names {{}} that {'is' if len(unmatched) == 1 else 'are'} not there"),
        (ambiguous, "names {} of which there are several; write their paths"),
        (repeated, "has more than one row for {}; the first counts"),
        (bare, "has no row for {}, whose attributes are not known"),
    )
    said = tuple(sentence.format(_some(names, "file")) for names, sentence in remarks if names)
    return MatchedAttributes(table.names, values, (*table.remarks, *said))


def _table(rows: Sequence[Sequence[str]]) -> AttributeTable:
    if len(rows) < 2 or len(rows[0]) < 2:
        raise UnusableTableError(
            "holds no attributes; its first row must name the columns, and the others begin with a file name"
        )
    names = tuple(cell.strip() or f"column {place}" for place, cell in enumerate(rows[0][1:], start=2))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnusableTableError(f"has {_some(twice, 'column')} twice; give every column a name of its own")
    numbers, texts, long_rows, repeated = _numbers(rows[1:], len(names))
    kept, dropped = _columns_with_numbers(np.stack(list(numbers.values())))
    wrong = [f"{key}, {names[column]} = {cell!r}" for key, column, cell in texts if column in kept]
    if not kept:
        raise UnusableTableError("has no numbers beside the file names")
    remarks = (
        ([names[column] for column in dropped], "column", "has no numbers in {}, left out"),
        (wrong, "cell", "has text where a number should be in {}; it counts as missing"),
        (long_rows, "row", "has more cells than columns in {}; the last ones are left out"),
        (repeated, "file", "has more than one row for {}; the first counts"),
    )
    return AttributeTable(
        tuple(names[column] for column in kept),
        {key: row[kept] for key, row in numbers.items()},
        tuple(sentence.format(_some(wrongs, noun)) for wrongs, noun, sentence in remarks if wrongs),
    )


def _numbers(
    rows: Sequence[Sequence[str]], columns: int
) -> tuple[dict[str, NDArray[np.float32]], list[tuple[str, int, str]], list[str], list[str]]:
    """Numbers by file; cells of text as (file, column, text); files whose rows are too long; files with two rows."""
    numbers: dict[str, NDArray[np.float32]] = {}
    texts: list[tuple[str, int, str]] = []
    long_rows: list[str] = []
    repeated: list[str] = []
    for row in rows:
        key = _key(row[0])
        if key in numbers:
            repeated.append(key)
            continue
        if any(cell.strip() for cell in row[1 + columns :]):
            long_rows.append(key)
        numbers[key] = np.full(columns, np.nan, np.float32)
        for column, cell in enumerate(row[1 : 1 + columns]):
            number = _number(cell)
            if number is None:
                texts.append((key, column, cell.strip()))
            else:
                numbers[key][column] = number
    return numbers, texts, long_rows, repeated


def _number(cell: str) -> float | None:
    """The number in a cell, NaN for a missing one, None for text and for what is no finite number."""
    word = cell.strip()
    if word.lower() in _MISSING:
        return float("nan")
    try:
        number = float(word)
    except ValueError:
        return None
    return number if abs(number) <= _LARGEST else None


def _columns_with_numbers(values: NDArray[np.float32]) -> tuple[list[int], list[int]]:
    """The columns of (rows, columns) that have any number, and those that have none."""
    has_numbers = np.asarray(np.isfinite(values).any(axis=0))
    return np.flatnonzero(has_numbers).tolist(), np.flatnonzero(~has_numbers).tolist()


def _key(cell: str) -> str:
    return "/".join(part for part in cell.strip().replace("\\", "/").split("/") if part not in {"", "."})


def _owners(paths: Iterable[str]) -> dict[str, list[str]]:
    """The files that end in each run of last parts of a path."""
    owners: dict[str, list[str]] = {}
    for path in paths:
        parts = path.split("/")
        for start in range(len(parts)):
            owners.setdefault("/".join(parts[start:]), []).append(path)
    return owners


def _some(names: Sequence[str], noun: str) -> str:
    """Such as "3 files (a.png, b.png, c.png)", the first few by name."""
    listed = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return f"{len(names):,} {noun}{'' if len(names) == 1 else 's'} ({listed})"
