"""What the window shows of directions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class DirectionFacts:
    """One direction in words and numbers.

    name: as sessions and commands call it. title: as it is shown.
    accuracy, effect, held_out: share of held-out items on the right side, Cohen's d of these, and their number; None
    and 0 where no attribute says what is right. sigma: of the data along it. strength: how much a decoder reacts.
    beside: titles of what it was made orthogonal to. moved: titles of all that is known of the items, with how many of
    their own sigmas each moves per sigma along the direction.
    """

    name: str
    title: str
    accuracy: float | None = None
    effect: float | None = None
    held_out: int = 0
    sigma: float = 1.0
    strength: float | None = None
    beside: tuple[str, ...] = ()
    moved: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Correlations:
    """Two tables over the same names: cosines of directions, and correlations of what they are named for.

    cosines, correlations: (names, names), from −1 to 1; NaN where not known.
    """

    names: tuple[str, ...]
    cosines: NDArray[np.float64]
    correlations: NDArray[np.float64]
