"""Many points drawn as one picture: marks are written at pixels, then grown to outlined discs by whole-array maxima.

The cost depends on the number of pixels much more than on the number of points.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, qGray

from explorer.views.widgets.viewport import Viewport

_COLOUR_BITS = 6
MOST_COLOURS = (1 << _COLOUR_BITS) - 1
_DENSE_COUNT = 5_000
_STRIP = 48
"""Rows worked on at a time: few enough that all their intermediate arrays stay in the processor's cache."""
_BLOCK = 32_768
"""Points worked on at a time, for the same reason."""


class PointRaster:
    """Points in up to 63 colours as a picture that is kept while neither points nor view change."""

    def __init__(self) -> None:
        self._given: NDArray[np.float32] | None = None
        self._positions = np.empty((0, 2), dtype=np.float32)
        self._order = np.empty(0, dtype=np.int64)
        self._ranks = np.empty(0, dtype=np.uint16)
        self._in_front: NDArray[np.bool_] | None = None
        self._marks = np.empty(0, dtype=np.uint16)
        self._table = np.zeros(2 << _COLOUR_BITS, dtype=np.uint32)
        self._key: tuple[Viewport, int, int, float] | None = None
        self._image: QImage | None = None
        self._pixels = np.empty((0, 0), dtype=np.uint32)

    def set_points(
        self,
        positions: NDArray[np.float32],
        colour_indices: NDArray[np.int64],
        colours: tuple[QColor, ...],
        behind: NDArray[np.bool_] | None = None,
    ) -> None:
        """Take over points (count, 2), the index of each one's colour, and the colours.

        Where discs overlap, which one is on top is drawn by lot, so that no class hides the others; those of `behind`
        lie under all others.
        """
        if len(colours) > MOST_COLOURS:
            raise ValueError(f"at most {MOST_COLOURS} colours, not {len(colours)}")
        if positions is not self._given:
            self._given = positions
            lots = np.random.default_rng(0).integers(1, 1 << (16 - _COLOUR_BITS), len(positions), dtype=np.uint16)
            self._order = np.argsort(lots, kind="stable")
            self._ranks = lots[self._order]
            # Whole rows are taken ten times as fast as by an index in brackets.
            self._positions = np.take(positions, self._order, axis=0)
        ranks = self._ranks
        self._in_front = None if behind is None else np.take(~behind, self._order)
        if self._in_front is not None:
            in_front = self._in_front.astype(np.uint16)
            ranks = ((ranks >> 1) | (in_front << (15 - _COLOUR_BITS))).astype(np.uint16, copy=False)
        marks = (ranks << _COLOUR_BITS) + np.take(colour_indices.astype(np.uint16), self._order) + 1
        self._marks = marks.astype(np.uint16, copy=False)
        self._table = _colour_table(colours, is_dense=len(positions) > _DENSE_COUNT)
        self._key = None

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(self._marks)

    def image(self, viewport: Viewport, ratio: float) -> QImage:
        """The points in a view at so many device pixels per pixel, on a transparent ground."""
        width, height = round(viewport.width * ratio), round(viewport.height * ratio)
        key = (viewport, width, height, ratio)
        if self._image is None or key != self._key:
            self._key, self._image = key, self._draw(viewport.enlarged(ratio), width, height, ratio)
        return self._image

    def _draw(self, viewport: Viewport, width: int, height: int, ratio: float) -> QImage:
        radius = max(1, round((1.3 if self.count > _DENSE_COUNT else 2.2) * ratio))
        ground = _marked_ground(self._positions, self._marks, self._in_front, viewport, width, height, radius)
        self._pixels = np.empty((height, width), dtype=np.uint32)
        for top in range(0, height, _STRIP):
            strip = ground[top : top + _STRIP + 2 * radius]
            outer, inner = _grown(strip, radius)
            indices = (outer & MOST_COLOURS).astype(np.uint8)
            indices |= (outer != inner).view(np.uint8) << _COLOUR_BITS
            np.take(
                self._table, indices[radius:-radius, radius:-radius], out=self._pixels[top : top + _STRIP], mode="clip"
            )
        return QImage(self._pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)


class NearestPoint:
    """Finds the point under the cursor."""

    def __init__(self, positions: NDArray[np.float32]) -> None:
        self._u = np.ascontiguousarray(positions[:, 0])
        self._v = np.ascontiguousarray(positions[:, 1])

    def position(self, index: int) -> tuple[float, float]:
        """Where a point lies."""
        return float(self._u[index]), float(self._v[index])

    def index(self, u: float, v: float, reach: float) -> int:
        """Index of the point nearest to (u, v) within a distance in units of the plane; -1 when there is none."""
        if not len(self._u):
            return -1
        squares = (self._u - np.float32(u)) ** 2 + (self._v - np.float32(v)) ** 2
        nearest = int(np.argmin(squares))
        return nearest if squares[nearest] <= reach * reach else -1


def _marked_ground(
    positions: NDArray[np.float32],
    marks: NDArray[np.uint16],
    in_front: NDArray[np.bool_] | None,
    viewport: Viewport,
    width: int,
    height: int,
    border: int,
) -> NDArray[np.uint16]:
    stride, rows_in_all = width + 2 * border, height + 2 * border
    # Of the points at one pixel the last one stays, so those in front are written on a ground of their own.
    grounds = np.zeros((1 if in_front is None else 2, rows_in_all * stride), dtype=np.uint16)
    written = grounds.ravel()
    for start in range(0, len(positions), _BLOCK):
        block = slice(start, start + _BLOCK)
        columns, rows = viewport.pixels_of(positions[block].astype(np.float64))
        columns += border
        rows += border
        is_near = (columns >= 0) & (columns < stride) & (rows >= 0) & (rows < rows_in_all)
        places = rows[is_near].astype(np.int32) * stride + columns[is_near].astype(np.int32)
        if in_front is not None:
            places += in_front[block][is_near] * np.int32(grounds.shape[1])
        written[places] = marks[block][is_near]
    ground: NDArray[np.uint16] = grounds.max(axis=0)
    return ground.reshape(-1, stride)


def _grown(ground: NDArray[np.uint16], radius: int) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Every mark grown to a disc, and to a disc one pixel smaller; where discs overlap the greater mark wins.

    The rows are handled as one long row, in which a step down is a shift by the length of a row.
    """
    marks, stride = ground.ravel(), ground.shape[1]
    runs = [marks]
    for reach in range(1, _half_width(radius, 0) + 1):
        runs.append(runs[-1].copy())
        _grow(runs[-1], marks, reach)
    discs = []
    for size in (radius, radius - 1):
        disc = runs[_half_width(size, 0)].copy()
        for row in range(1, size + 1):
            _grow(disc, runs[_half_width(size, row)], row * stride)
        discs.append(disc.reshape(ground.shape))
    return discs[0], discs[1]


def _half_width(radius: int, row: int) -> int:
    return math.isqrt(radius * radius + radius - row * row)


def _grow(grown: NDArray[np.uint16], marks: NDArray[np.uint16], shift: int) -> None:
    np.maximum(grown[shift:], marks[:-shift], out=grown[shift:])
    np.maximum(grown[:-shift], marks[shift:], out=grown[:-shift])


def _colour_table(colours: tuple[QColor, ...], is_dense: bool) -> NDArray[np.uint32]:
    """Premultiplied fills from 1 on, and edges in the second half; dark colours get light edges, light ones dark edges.

    The discs of many points are too small for another colour: their edges only let the ground through.
    """
    table = np.zeros(2 << _COLOUR_BITS, dtype=np.uint32)
    for index, colour in enumerate(colours, start=1):
        table[index] = _premultiplied(colour, 0.92)
        edge = colour.lighter(150) if qGray(colour.rgb()) < 95 else colour.darker(200)
        table[MOST_COLOURS + 1 + index] = _premultiplied(colour, 0.7) if is_dense else _premultiplied(edge, 0.8)
    return table


def _premultiplied(colour: QColor, alpha: float) -> int:
    red, green, blue = (round(part * alpha) for part in (colour.red(), colour.green(), colour.blue()))
    return (round(255 * alpha) << 24) | (red << 16) | (green << 8) | blue
