"""A stack of small pictures painted layer by layer with anti-aliased shapes, all pictures at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

SIDE = 64


@dataclass(frozen=True)
class Window:
    """A part of the pictures; what is painted in it costs in proportion to its size.

    Shapes take parameters (count, 1, 1) in pixels and give distances or coverages (count, rows, columns).
    """

    top: int = 0
    bottom: int = SIDE
    left: int = 0
    right: int = SIDE

    @property
    def place(self) -> tuple[slice, slice]:
        """Rows and columns."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def across(self) -> Floats:
        """Horizontal coordinates (1, 1, columns) of the middles of the pixels."""
        return (np.arange(self.left, self.right, dtype=np.float32) + 0.5)[None, None, :]

    @property
    def down(self) -> Floats:
        """Vertical coordinates (1, rows, 1) of the middles of the pixels."""
        return (np.arange(self.top, self.bottom, dtype=np.float32) + 0.5)[None, :, None]

    def of(self, values: Floats) -> Floats:
        """The part of values (count, SIDE, SIDE) that lies in the window."""
        return values[:, *self.place]


class FaceCanvas:
    """Pictures (count, 3, SIDE, SIDE), float32 in [0, 1]."""

    def __init__(self, background: Floats) -> None:
        """`background`: colours (count, 3)."""
        self.pixels = np.empty((len(background), 3, SIDE, SIDE), np.float32)
        self.pixels[:] = background[:, :, None, None]

    def paint(self, window: Window, coverage: Floats, colour: Floats) -> None:
        """Lay a colour (count, 3) over a window; coverage: (count, rows, columns) in [0, 1]."""
        region = self.pixels[:, :, *window.place]
        change = colour[:, :, None, None] - region
        change *= coverage[:, None]
        region += change

    def quantised(self) -> NDArray[np.uint8]:
        """The pictures as 8-bit values."""
        return (self.pixels * 255.0 + 0.5).astype(np.uint8)


def inside(distance: Floats, softness: float = 1.0) -> Floats:
    """Coverage of a shape from the signed distance to its edge in pixels, negative inside."""
    coverage: Floats = np.clip(0.5 - distance * (1.0 / softness), 0.0, 1.0)
    return coverage


def ellipse(across: Floats, down: Floats, width: Floats | float, height: Floats | float) -> Floats:
    """Signed distance to an ellipse of two radii around (0, 0), exact on its edge to first order.

    across, down: offsets from its centre, broadcastable.
    """
    squared_across, squared_down = (across / width) ** 2, (down / height) ** 2
    norm = np.sqrt(squared_across + squared_down)
    slope = np.sqrt(squared_across / width**2 + squared_down / height**2 + 1e-12)
    return (norm - 1.0) * norm / slope


def rounded_box(across: Floats, down: Floats, width: Floats | float, height: Floats | float) -> Floats:
    """Like `ellipse`, with the fourth power in place of the square: a box with generously rounded corners."""
    squared_across, squared_down = (across / width) ** 2, (down / height) ** 2
    norm = np.sqrt(np.sqrt(squared_across**2 + squared_down**2))
    slope = np.sqrt(squared_across**3 / width**2 + squared_down**3 / height**2 + 1e-12)
    return (norm - 1.0) * norm * norm * norm / slope


def stroke(down: Floats, half_thickness: float, across: Floats, half_length: Floats | float) -> Floats:
    """Coverage of a line; down: distance from it, across: distance from its middle along it."""
    return inside(np.abs(down) - half_thickness) * inside(np.abs(across) - half_length, 1.5)
