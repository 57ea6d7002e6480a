"""How items of a model look: images as they are, points as dots over what the model says of their plane."""

from collections.abc import Callable
from dataclasses import dataclass
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
        """8-bit pixels, (count, height, width, channels)."""
        levels = np.rint(np.clip(items, 0.0, 1.0) * 255.0).astype(np.uint8)
        return np.ascontiguousarray(levels.transpose(0, 2, 3, 1))

    large = small
    sheet = small


@dataclass(frozen=True, eq=False)
class PointPictures:
    """Points as dots in a frame, over a ground of density or score where the model has one."""

    frame: Rectangle
    ground: Ground | None = None
    shape: tuple[int, int, int] = (_SMALL, _SMALL, 3)

    @classmethod
    def around(cls, points: Values, ground: Callable[[Rectangle], Ground | None]) -> "PointPictures":
        """Pictures in a frame around points (count, 2); ground: what lies below them in a frame."""
        frame = frame_of(points)
        return cls(frame, ground(frame))

    def small(self, items: Values) -> Pictures:
        """One dot in each picture of 48 pixels."""
        return self._dots(items, _SMALL, _DOT_RADIUS)

    def large(self, items: Values) -> Pictures:
        """One dot in each picture of 240 pixels."""
        return self._dots(items, _LARGE, 2.0 * _DOT_RADIUS)

    def sheet(self, items: Values) -> Pictures:
        """All of them in one picture of 480 pixels."""
        return scatter_picture(items, self.frame, _SHEET, self._heat())[None]

    def _heat(self) -> NDArray[np.floating] | None:
        return None if self.ground is None else self.ground.values

    def _dots(self, items: Values, side: int, radius: float) -> Pictures:
        below = scatter_picture(np.empty((0, 2)), self.frame, side, self._heat()).astype(np.float32)
        left, bottom, right, top = self.frame
        columns = (items[:, 0] - left) / (right - left) * side - 0.5
        rows = (top - items[:, 1]) / (top - bottom) * side - 0.5
        # Squared distances are sums over the two axes, so a picture costs two short vectors and one addition.
        across, down = (np.square(np.arange(side)[None] - places[:, None]) for places in (columns, rows))
        distance = np.sqrt(down[:, :, None] + across[:, None, :])
        cover = np.clip(radius + 0.5 - distance, 0.0, 1.0)[..., None].astype(np.float32)
        pictures: Pictures = np.rint(below + cover * (_DOT.astype(np.float32) - below)).astype(np.uint8)
        return pictures
