"""Which checkpoints of a growing run are kept."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_FIRST_KEPT = 5
_EPOCH_WEIGHT = 4.0


@dataclass(frozen=True, order=True)
class Snapshot:
    """A moment of a run that has a checkpoint."""

    step: int
    is_epoch_end: bool


def superfluous(snapshots: Iterable[Snapshot], limit: int) -> tuple[Snapshot, ...]:
    """What to remove so that at most `limit` (three or more) remain.

    The first few and the last always stay. Of the others those go that lie closest between their neighbours, on a
    scale of √step, because a model changes most at the beginning; an end of an epoch goes late.
    """
    kept = sorted(snapshots)
    protected = min(_FIRST_KEPT, limit - 2)
    removed = []
    while len(kept) > limit:
        index = min(range(protected, len(kept) - 1), key=lambda place: _room(kept, place))
        removed.append(kept.pop(index))
    return tuple(removed)


def _room(snapshots: list[Snapshot], place: int) -> float:
    room = math.sqrt(snapshots[place + 1].step) - math.sqrt(snapshots[place - 1].step)
    return room * _EPOCH_WEIGHT if snapshots[place].is_epoch_end else room
