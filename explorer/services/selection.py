"""Items of the map by index or class, and selected items as files."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.facts import data_title
from explorer.services.item_cards import original_items
from explorer.services.opening import Opened
from explorer.services.pictured_items import PicturedItems
from explorer.state.item_groups import ItemGroup
from trainers.atomic_writing import disk_failure, write_atomically
from trainers.engine.pictures import write_png
from trainers.errors import UsageError
from trainers.reporting import Report, StopRequested


def source_of(opened: Opened, encoded: EncodedItems) -> str:
    """What the points of the map are items of; a group made with one model holds for others of the same source."""
    if encoded.source == "samples":
        return f"samples of {opened.path}"
    return f"{encoded.source} items of {data_title(opened.facts.data)}"


def groups_here(groups: tuple[ItemGroup, ...], opened: Opened) -> tuple[ItemGroup, ...]:
    """Those of some named groups that are of the items on the map."""
    source = "" if opened.encoded is None else source_of(opened, opened.encoded)
    return tuple(group for group in groups if group.source == source)


def found_items(text: str, encoded: EncodedItems) -> tuple[NDArray[np.int64], str]:
    """Places of the items that a text means, or the sentence saying why there are none.

    A whole number is an index, "class 7" or the name of a class means its members.
    """
    try:
        return _meant(text, encoded), ""
    except UsageError as error:
        return np.empty(0, np.int64), str(error)


def _meant(text: str, encoded: EncodedItems) -> NDArray[np.int64]:
    wanted = text.strip()
    count = len(encoded.codes)
    if wanted.isdecimal() and len(wanted) < 12:
        if int(wanted) >= count:
            raise UsageError(f"There is no item {wanted}; the map has items 0 to {count - 1}.")
        return np.array([int(wanted)])
    name = re.sub(r"^class\s+", "", wanted, flags=re.IGNORECASE).casefold()
    if not name:
        raise UsageError("Type the index of an item, or the name of a class.")
    if encoded.labels is None or not encoded.class_names:
        raise UsageError("These items have no classes; type the index of an item.")
    classes = [place for place, known in enumerate(encoded.class_names) if known.casefold() == name]
    if not classes:
        raise UsageError(f"There is no class “{wanted}”; there are {_listed(encoded.class_names)}.")
    members = np.flatnonzero(np.isin(encoded.labels, classes))
    if not len(members):
        raise UsageError(f"No item on the map is of class {encoded.class_names[classes[0]]}.")
    return members


def next_after(members: NDArray[np.int64], before: int) -> int:
    """The first of some places after one, and the first of all after the last."""
    later = members[members > before]
    return int(later[0] if len(later) else members[0])


@dataclass(frozen=True, eq=False)
class TableJob:
    """Writes items as comma-separated values, whole or not at all, as a function for a job.

    Columns: index, class, attributes, and the numbers of the code. Raises `FailureError` where it cannot be written.
    """

    path: Path
    opened: Opened
    encoded: EncodedItems
    indices: NDArray[np.int64]

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> Path:
        """The file."""
        encoded = self.encoded
        items = original_items(encoded, self.opened.items)
        attributes = items.attributes if items is not None else None
        names = items.spec.attribute_names if items is not None and attributes is not None else ()
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(("index", "class", *names, *self.opened.facts.dimension_names))
        for index in self.indices.tolist():
            told = attributes[index].tolist() if attributes is not None else ()
            numbers = (f"{number:.9g}" for number in (*told, *encoded.codes[index].tolist()))
            table.writerow((index, encoded.class_name_of(index), *numbers))
        write_atomically(self.path, text.getvalue().encode())
        return self.path


@dataclass(frozen=True, eq=False)
class PicturesJob:
    """Writes pictures of items into a folder, one PNG file each, as a function for a job.

    Raises `FailureError` where they cannot be written.
    """

    folder: Path
    made: PicturedItems

    def __call__(self, report: Report, stop_requested: StopRequested) -> Path:
        """The folder."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_failure(self.folder, error) from error
        count = len(self.made.indices)
        for done, (index, picture) in enumerate(zip(self.made.indices.tolist(), self.made.pictures, strict=True)):
            if stop_requested():
                break
            named = re.sub(r"\W+", "-", self.made.encoded.class_name_of(index)).strip("-")
            write_png(self.folder / f"item-{index:06d}{'-' if named else ''}{named}.png", picture)
            report(done / count, "writing pictures")
        return self.folder


def _listed(names: tuple[str, ...]) -> str:
    most = 12
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
