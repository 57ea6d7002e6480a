"""Correlations as circles: the larger and stronger coloured, the further from 0; blue above it, red below."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainers.export.picture_sheet import PictureSheet

_SIDE = 28
_LARGEST = 0.46
_GRID, _PAPER = 225.0, 255.0
_ABOVE, _BELOW = (33.0, 102.0, 172.0), (178.0, 24.0, 43.0)


def correlation_diagram(names: Sequence[str], below: NDArray[np.floating], above: NDArray[np.floating]) -> PictureSheet:
    """A circle for each pair of names, whose area is the size of the number; rows are named, columns numbered.

    below: (names, names), -1 to 1, drawn below and on the diagonal. above: the same, drawn above it. Cells of numbers
    that are not known stay empty.
    """
    count = len(names)
    lower = np.tril(np.ones((count, count), bool))
    values = np.where(lower, below, above)
    return PictureSheet(
        np.stack([_circle(float(value)) for value in values.ravel()]),
        columns=count,
        gap=0,
        column_titles=tuple(str(place) for place in range(1, count + 1)),
        row_titles=tuple(f"{name}  {place}" for place, name in enumerate(names, start=1)),
    )


def _circle(value: float) -> NDArray[np.uint8]:
    """One cell (side, side, 3) with a thin line round it."""
    cell = np.full((_SIDE, _SIDE, 3), _PAPER)
    cell[-1], cell[:, -1] = _GRID, _GRID
    if np.isfinite(value) and value != 0.0:
        size = min(abs(value), 1.0)
        across = np.arange(_SIDE) - (_SIDE - 2) / 2.0
        distance = np.hypot(across[:, None], across[None, :])
        # The edge fades over one pixel.
        covered = np.clip(_LARGEST * _SIDE * np.sqrt(size) - distance + 0.5, 0.0, 1.0)[:, :, None]
        ink = np.array(_ABOVE if value > 0.0 else _BELOW)
        colour = _PAPER + (0.25 + 0.75 * size) * (ink - _PAPER)
        cell += covered * (colour - cell)
    pixels: NDArray[np.uint8] = np.rint(cell).astype(np.uint8)
    return pixels
