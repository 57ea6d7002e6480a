"""A path through the latent space: what the person chose, and what is known of it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

PathKind = Literal["linear", "spherical", "neighbours", "geodesic"]

PATH_KINDS: tuple[PathKind, ...] = ("linear", "spherical", "neighbours", "geodesic")
# What takes seconds rather than milliseconds to find.
SLOW_KINDS: tuple[PathKind, ...] = ("neighbours", "geodesic")
MOST_KEYS = 26
FEWEST_STEPS, MOST_STEPS = 2, 240


@dataclass(frozen=True)
class KeyPoint:
    """A point that a path goes through.

    name: what it is, in words. condition: what the model is told there; empty for what is usual.
    digest, run: SHA-256 of the checkpoint whose code it is, and the name of its run folder, if it was opened as one.
    """

    name: str
    code: tuple[float, ...]
    condition: tuple[float, ...] = ()
    digest: str = ""
    run: str = ""


@dataclass(frozen=True)
class PathChoice:
    """The path that the person made. closed: whether it ends where it begins; on_map: whether the map shows it."""

    keys: tuple[KeyPoint, ...] = ()
    kind: PathKind = "linear"
    steps: int = 16
    closed: bool = False
    on_map: bool = True


@dataclass(frozen=True, eq=False)
class ShownKey:
    """A key point as it is shown; picture: (height, width, 1 or 3), None until there is one.

    problem: why no path goes through it now, as a sentence; empty where one does.
    """

    letter: str
    name: str
    details: str
    picture: NDArray[np.uint8] | None = None
    problem: str = ""


@dataclass(frozen=True, eq=False)
class ShownPath:
    """The steps of a path as they are shown.

    pictures: (steps, height, width, 1 or 3). lengths: (steps - 1,), from each step to the next. support: (steps,), how
    many items lie near each, None where that is not known. letters: of each step that is a key point, else empty.
    length_unit, support_unit: what the numbers count, in words.
    """

    pictures: NDArray[np.uint8]
    lengths: NDArray[np.float64]
    support: NDArray[np.int64] | None
    letters: tuple[str, ...]
    length_unit: str
    support_unit: str = "items"


def key_letter(place: int) -> str:
    """The letter of a key point by its place: A, B, …"""
    return chr(ord("A") + place % MOST_KEYS)
