"""A picture of the person's own: what a session remembers of it, and what is shown of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class OwnPicture:
    """A picture as the model sees it, and its code.

    name: of its file. pixels: a PNG file in base 64. shape: (channels, height, width). note: what was done to make it
    fit, empty for nothing. code: empty until one is found. condition: what the model was told with the picture.
    digest: SHA-256 of the checkpoint whose code it is. means: how the code was found, in words.
    """

    name: str
    pixels: str
    shape: tuple[int, ...]
    note: str = ""
    code: tuple[float, ...] = ()
    condition: tuple[float, ...] = ()
    digest: str = ""
    means: str = ""


@dataclass(frozen=True, eq=False)
class OwnComparison:
    """An own picture beside what is made of it, pictures (height, width, 1 or 3).

    edited, difference: None until the picture at the ring is there. texts: what is said of it, line by line.
    has_code: whether a code has been found; until then `edited` is the best so far. problem: why it has none, as a
    sentence; empty where it has one or is about to. is_edited: whether the ring stands elsewhere
    than at its code. search: label of the button that searches for a code, empty where no search is possible.
    search_refusal: why not.
    """

    name: str
    original: NDArray[np.uint8]
    edited: NDArray[np.uint8] | None = None
    difference: NDArray[np.uint8] | None = None
    texts: tuple[str, ...] = ()
    has_code: bool = True
    problem: str = ""
    is_edited: bool = False
    search: str = ""
    search_refusal: str = ""


@dataclass(frozen=True, eq=False)
class OwnCandidates:
    """Codes that a search found for an own picture.

    pictures: (count, height, width, 1 or 3), from the first start to the last. errors: (count,). chosen: which of them
    is the code of the picture, -1 for none.
    """

    pictures: NDArray[np.uint8]
    errors: tuple[float, ...]
    chosen: int = -1


@dataclass(frozen=True, eq=False)
class OwnMarks:
    """Where an own picture lies on the map.

    place: (u, v). outlines: of its posterior, closed curves of positions (count, 2). trail: positions (marks, 2) that
    the search for its code went through; of length 0 without one.
    """

    place: tuple[float, float]
    outlines: tuple[NDArray[np.float64], ...] = ()
    trail: NDArray[np.float64] | None = None
