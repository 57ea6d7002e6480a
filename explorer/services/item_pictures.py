"""How items of a model look: images as they are, points as dots over what the model says of their plane."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.state.scatter_values import Ground, Rectangle
from trainers.engine.point_pictures import frame_of, scatter_picture

Values = NDArray[np.float32]
Pictures = NDArray[np.uint8]

_SMALL, _LARGE, _SHEET = 48, 240, 480
_DOT_RADIUS = 2.5
_DOT = np.array([213.0, 94.0, 0.0])
_WHITE = 255.0
# In a tile of the map the dot is the news and the ground, the same in each, only says where in the frame it lies.
_FAINT = 0.35
_FAR = 1e6


class ItemPictures(Protocol):
    """Turns items (count, *shape), as a model gives them, into pictures."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the small pictures."""

    def small(self, items: Values) -> Pictures:
        """A picture of each, (count, *shape)."""

    def large(self, items: Values) -> Pictures:
        """A picture of each at the size it is looked at alone, (count, height, width, channels)."""

    def sheet(self, items: Values) -> Pictures:
        """What is exported of many: a picture of each, or one of all, (pictures, height, width, channels)."""


class ImagePictures:
    """Images of (channels, height, width) in [0, 1] are pictures already."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        channels, height, width = shape
        self.shape = (height, width, channels)

    def small(self, items: Values) -> Pictures:
        """8-bit pixels, (count, height, width, channels); black where a value is no number."""
        levels = np.rint(np.clip(np.nan_to_num(items), 0.0, 1.0) * 255.0).astype(np.uint8)
        return np.ascontiguousarray(levels.transpose(0, 2, 3, 1))

    large = small
    sheet = small


@dataclass(frozen=True, eq=False)
class PointPictures:
    """Points as dots in a frame, over a ground of density or score where the model has one."""

    frame: Rectangle
    ground: Ground | None = None
    shape: tuple[int, int, int] = (_SMALL, _SMALL, 3)
    _grounds: dict[int, Pictures] = field(default_factory=dict)

    @classmethod
    def around(cls, points: Values, ground: Callable[[Rectangle], Ground | None]) -> "PointPictures":
        """Pictures in a frame around points (count, 2); ground: what lies below them in a frame."""
        frame = frame_of(points)
        return cls(frame, ground(frame))

    def small(self, items: Values) -> Pictures:
        """One dot in each picture of 48 pixels, on a faint ground."""
        return self._dots(items, self._below(_SMALL, _FAINT), _DOT_RADIUS)

    def large(self, items: Values) -> Pictures:
        """One dot in each picture of 240 pixels."""
        return self._dots(items, self._below(_LARGE, 1.0), 2.0 * _DOT_RADIUS)

    def sheet(self, items: Values) -> Pictures:
        """All of them in one picture of 480 pixels."""
        return scatter_picture(items, self.frame, _SHEET, self._heat())[None]

    def _heat(self) -> NDArray[np.floating] | None:
        return None if self.ground is None else self.ground.values

    def _below(self, side: int, strength: float) -> Pictures:
        # Painting the ground takes longer than all dots of a step, and it never changes.
        if side not in self._grounds:
            full = scatter_picture(np.empty((0, 2)), self.frame, side, self._heat())
            self._grounds[side] = np.rint(_WHITE + strength * (full - _WHITE)).astype(np.uint8)
        return self._grounds[side]

    def _dots(self, items: Values, below: Pictures, radius: float) -> Pictures:
        side, reach = len(below), int(np.ceil(radius + 0.5))
        left, bottom, right, top = self.frame
        columns = _bounded((items[:, :1] - left) / (right - left) * side - 0.5)
        rows = _bounded((top - items[:, 1:]) / (top - bottom) * side - 0.5)
        # Only what a dot covers is painted anew; the rest of all pictures is one copy of the ground.
        nearby = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, -1)
        down, across = (
            np.rint(places).astype(np.int64) + part for places, part in zip((rows, columns), nearby, strict=True)
        )
        cover = np.clip(radius + 0.5 - np.hypot(down - rows, across - columns), 0.0, 1.0)
        drawn = (cover > 0.0) & (np.minimum(down, across) >= 0) & (np.maximum(down, across) < side)
        picture, row, column = np.nonzero(drawn)[0], down[drawn], across[drawn]
        pictures: Pictures = np.repeat(below[None], len(items), axis=0)
        under = below[row, column].astype(np.float64)
        pictures[picture, row, column] = np.rint(under + cover[drawn][:, None] * (_DOT - under)).astype(np.uint8)
        return pictures


def _bounded(pixels: NDArray[np.floating]) -> NDArray[np.float64]:
    # A model that diverged may put its points anywhere, or nowhere; none of those is in a picture.
    return np.clip(np.nan_to_num(pixels.astype(np.float64), nan=-_FAR), -_FAR, _FAR)
