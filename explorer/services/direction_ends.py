"""The two ends of a direction through encoded data: classes, named groups, or all the others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.state.item_groups import ItemGroup, unpacked
from explorer.state.session_state import DirectionChoice
from trainers.errors import UsageError
from trainers.latent.directions import mean_difference

OTHERS = "the others"


@dataclass(frozen=True, eq=False)
class End:
    """Who stands at one end of a direction (count,), and what they are called."""

    name: str
    members: NDArray[np.bool_]


def between(
    chosen: DirectionChoice,
    codes: NDArray[np.float32],
    labels: NDArray[np.int64] | None,
    class_names: tuple[str, ...],
    groups: tuple[ItemGroup, ...],
) -> tuple[NDArray[np.float64], str]:
    """The direction (latent_size,) between the means of two ends of codes (count, latent_size), and its caption.

    Raises `UsageError` where an end has no members or is gone, and where the two have members in common.
    """
    known = np.full(len(codes), -1) if labels is None else labels
    end = _end(chosen.end, chosen.end_group, known, class_names, groups)
    if chosen.start_group or 0 <= chosen.start < len(class_names):
        start = _end(chosen.start, chosen.start_group, known, class_names, groups)
    else:
        start = End(OTHERS, ~end.members)
        if not start.members.any():
            raise UsageError(f"All these items are of {end.name}, so there are no others; choose where it begins.")
    if start.name == end.name:
        raise UsageError(f"A direction from {start.name} to itself leads nowhere; choose another class.")
    common = int((start.members & end.members).sum())
    if common:
        raise UsageError(
            f"{_capital(start.name)} and {end.name} have {common:,} items in common; choose two that have none."
        )
    return mean_difference(codes, start.members, end.members), f"from {start.name} to {end.name}"


def _end(
    place: int, group: str, labels: NDArray[np.int64], class_names: tuple[str, ...], groups: tuple[ItemGroup, ...]
) -> End:
    if not group:
        end = End(class_names[place], labels == place)
        if not end.members.any():
            raise UsageError(f"None of these items is of class {end.name}; choose another class.")
        return end
    found = next((known for known in groups if known.name == group), None)
    if found is None:
        raise UsageError(f"There is no group “{group}” of these items any more; choose another class or group.")
    end = End(f"group {group}", unpacked(found.members, len(labels)))
    if not end.members.any():
        raise UsageError(f"None of these items is in group “{group}”; choose another class or group.")
    return end


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
