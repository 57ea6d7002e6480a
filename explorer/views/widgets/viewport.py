"""The mapping between a plane and the pixels that show a part of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Viewport:
    """A rectangle of pixels showing a part of the plane at the same scale in both directions.

    x, y, width, height: the rectangle in pixels, y downwards.
    centre_u, centre_v: the plane's point in its middle; v upwards.
    scale: pixels per unit of the plane.
    """

    x: float
    y: float
    width: float
    height: float
    centre_u: float
    centre_v: float
    scale: float

    @staticmethod
    def fitted(
        pixels: tuple[float, float, float, float], rectangle: tuple[float, float, float, float], margin: float = 0.0
    ) -> "Viewport":
        """The closest view in which (left, bottom, right, top) of the plane is wholly visible inside a margin."""
        x, y, width, height = pixels
        left, bottom, right, top = rectangle
        room_width, room_height = max(width - 2 * margin, 1.0), max(height - 2 * margin, 1.0)
        scale = min(room_width / max(right - left, 1e-12), room_height / max(top - bottom, 1e-12))
        return Viewport(x, y, max(width, 1.0), max(height, 1.0), (left + right) / 2, (bottom + top) / 2, scale)

    def rectangle(self) -> tuple[float, float, float, float]:
        """The visible (left, bottom, right, top) of the plane."""
        half_u, half_v = self.width / self.scale / 2, self.height / self.scale / 2
        return self.centre_u - half_u, self.centre_v - half_v, self.centre_u + half_u, self.centre_v + half_v

    def to_pixels(self, u: float, v: float) -> tuple[float, float]:
        """Where a point of the plane lies in pixels."""
        return (
            self.x + self.width / 2 + (u - self.centre_u) * self.scale,
            self.y + self.height / 2 - (v - self.centre_v) * self.scale,
        )

    def to_plane(self, x: float, y: float) -> tuple[float, float]:
        """Which point of the plane lies under a pixel."""
        return (
            self.centre_u + (x - self.x - self.width / 2) / self.scale,
            self.centre_v - (y - self.y - self.height / 2) / self.scale,
        )

    def pixels_of(self, positions: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Pixel columns and rows of many points (count, 2) at once."""
        columns = (positions[:, 0] - self.centre_u) * self.scale + (self.x + self.width / 2)
        rows = (positions[:, 1] - self.centre_v) * -self.scale + (self.y + self.height / 2)
        return columns, rows

    def contains(self, x: float, y: float) -> bool:
        """Whether a pixel lies in the rectangle."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def moved(self, right: float, down: float) -> "Viewport":
        """The view after its content was pushed by so many pixels."""
        u, v = self.centre_u - right / self.scale, self.centre_v + down / self.scale
        return Viewport(self.x, self.y, self.width, self.height, u, v, self.scale)

    def zoomed(self, factor: float, x: float, y: float) -> "Viewport":
        """The view enlarged by a factor, with the point under pixel (x, y) staying where it is."""
        u, v = self.to_plane(x, y)
        centre_u, centre_v = u + (self.centre_u - u) / factor, v + (self.centre_v - v) / factor
        return Viewport(self.x, self.y, self.width, self.height, centre_u, centre_v, self.scale * factor)

    def enlarged(self, ratio: float) -> "Viewport":
        """The same part of the plane on so many times finer pixels, with the rectangle at the origin."""
        return Viewport(
            0.0, 0.0, self.width * ratio, self.height * ratio, self.centre_u, self.centre_v, self.scale * ratio
        )
