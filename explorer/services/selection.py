"""Items of the map by index or class, and what they are items of."""

import re

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.opening import Opened
from explorer.state.item_groups import ItemGroup, SelectionChoice, unpacked
from trainers.data.data_spec import data_title
from trainers.errors import UsageError


def source_of(opened: Opened, encoded: EncodedItems) -> str:
    """What the points of the map are items of; a group made with one model holds for others of the same source."""
    if encoded.source == "samples":
        return f"samples of {opened.path}"
    return f"{encoded.source} items of {data_title(opened.facts.data)}"


def selection_mask(choice: SelectionChoice, opened: Opened | None) -> NDArray[np.bool_]:
    """Which of the items on the map (count,) are selected; none where others were selected than lie there."""
    encoded = None if opened is None else opened.encoded
    if opened is None or encoded is None:
        return np.zeros(0, dtype=bool)
    is_theirs = choice.source == source_of(opened, encoded)
    return unpacked(choice.members if is_theirs else "", len(encoded.codes))


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
        if not encoded.coded[int(wanted)]:
            raise UsageError(f"The model gives item {wanted} no code, so it has no place on the map.")
        return np.array([int(wanted)])
    name = re.sub(r"^class\s+", "", wanted, flags=re.IGNORECASE).casefold()
    if not name:
        raise UsageError("Type the index of an item, or the name of a class.")
    if encoded.labels is None or not encoded.class_names:
        raise UsageError("These items have no classes; type the index of an item.")
    classes = [place for place, known in enumerate(encoded.class_names) if known.casefold() == name]
    if not classes:
        raise UsageError(f"There is no class “{wanted}”; there are {_listed(encoded.class_names)}.")
    members = np.flatnonzero(np.isin(encoded.labels, classes) & encoded.coded)
    if not len(members):
        raise UsageError(f"No item on the map is of class {encoded.class_names[classes[0]]}.")
    return members


def next_after(members: NDArray[np.int64], before: int) -> int:
    """The first of some places after one, and the first of all after the last."""
    later = members[members > before]
    return int(later[0] if len(later) else members[0])


def _listed(names: tuple[str, ...]) -> str:
    most = 12
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
