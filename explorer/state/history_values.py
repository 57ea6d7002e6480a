"""What the History panel shows: the snapshots of a run, and which of them is on the screen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MOST_DIGITS = 5


@dataclass(frozen=True)
class SnapshotMark:
    """One snapshot of a run; epoch counts with its fraction.

    terms: names and values of the loss terms that the run told last before it; empty where it told none.
    """

    step: int
    epoch: float
    terms: tuple[tuple[str, float], ...] = ()

    @property
    def loss(self) -> float | None:
        """The first of its loss terms."""
        return self.terms[0][1] if self.terms else None


@dataclass(frozen=True)
class RunSnapshots:
    """The snapshots of a run that can be opened, the oldest first; `run` is its folder."""

    run: str = ""
    marks: tuple[SnapshotMark, ...] = ()

    def place_of(self, step: int) -> int:
        """Where the snapshot of a step stands, or the last one before it; -1 where there is none."""
        return sum(mark.step <= step for mark in self.marks) - 1

    def has(self, step: int) -> bool:
        """Whether the snapshot of a step can be opened."""
        return any(mark.step == step for mark in self.marks)


@dataclass(frozen=True, eq=False)
class SnapshotColumn:
    """What a snapshot makes of the same noise and the same items, one above the other: (count, height, width, 1 or 3).

    names: what each picture is.
    """

    step: int
    pictures: NDArray[np.uint8]
    names: tuple[str, ...]


def mark_text(marks: Sequence[SnapshotMark], place: int) -> str:
    """A snapshot in words, for example "epoch 3.0 · step 1,407"; its epoch differs from those before and after it."""
    mark, near = marks[place], marks[max(place - 1, 0) : place + 2]
    digits = next((n for n in range(1, _MOST_DIGITS) if len({round(one.epoch, n) for one in near}) == len(near)), 0)
    return f"epoch {mark.epoch:.{digits or _MOST_DIGITS}f} · step {mark.step:,}"


def place_text(history: RunSnapshots, step: int) -> str:
    """The snapshot of a step in words, with its place in the run: "epoch 3.0 · step 1,407 · 12 of 60"."""
    place = history.place_of(step)
    if not history.has(step):
        return f"step {step:,} · no longer kept"
    return f"{mark_text(history.marks, place)} · {place + 1} of {len(history.marks)}"


def loss_text(mark: SnapshotMark) -> str:
    """The loss terms of a snapshot in words; empty without any."""
    return " · ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in mark.terms)
