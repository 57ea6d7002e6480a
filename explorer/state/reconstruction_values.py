"""What the reconstructions panel shows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ComparedPictures:
    """Pictures of some items in rows below each other.

    rows: a name and pictures (count, height, width, 1 or 3) each, from top to bottom. captions: one per item.
    summary: of all items, in words. has_differences: whether the last row is a map of differences.
    """

    rows: tuple[tuple[str, NDArray[np.uint8]], ...]
    captions: tuple[str, ...]
    summary: str = ""
    has_differences: bool = False

    def stacks(self) -> NDArray[np.uint8]:
        """All pictures, (count, rows, height, width, channels), with colours where one of the rows has any."""
        channels = max(pictures.shape[3] for _, pictures in self.rows)
        return np.stack([np.broadcast_to(part, (*part.shape[:3], channels)) for _, part in self.rows], axis=1)


@dataclass(frozen=True, eq=False)
class DifferenceScale:
    """The colours (count, 3) of differences from `-reach` to `reach`."""

    colours: NDArray[np.uint8]
    reach: float


@dataclass(frozen=True)
class StrengthRange:
    """Between which ends a strength lies. what: it is, in words. is_whole: whether only whole numbers make sense."""

    lowest: float
    highest: float
    what: str
    is_whole: bool = False
