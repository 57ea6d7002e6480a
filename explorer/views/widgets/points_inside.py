"""Which of many points lie inside an outline."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

_ROWS = 65_535
_SIDE = 1024
_PEN = 4.0
_LEAST_FOR_PICTURE = 50_000
_INSIDE, _UNSURE = 128, 255


def points_inside(positions: NDArray[np.floating], outline: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which points (count,) of positions (count, 2) lie inside a closed outline (corners, 2), by the even-odd rule.

    Many points are looked up in a picture of the outline, filled, and only those at its edge one by one.
    """
    inside = np.zeros(len(positions), dtype=bool)
    low, high = outline.min(axis=0), outline.max(axis=0)
    u, v = positions[:, 0], positions[:, 1]
    near = np.flatnonzero((u >= low[0]) & (u <= high[0]) & (v >= low[1]) & (v <= high[1]))
    if not len(near) or (low == high).any():
        return inside
    chosen = np.take(positions, near, axis=0)
    if len(near) < _LEAST_FOR_PICTURE:
        inside[near] = _exactly_inside(chosen, outline)
        return inside
    scale = _SIDE / (high - low)
    columns, rows = (
        np.minimum(((chosen[:, axis] - low[axis]) * scale[axis]).astype(np.int32), _SIDE - 1) for axis in (0, 1)
    )
    looked_up = np.take(_picture((outline - low) * scale), rows * np.int32(_SIDE) + columns)
    unsure = np.flatnonzero(looked_up == _UNSURE)
    found = looked_up == _INSIDE
    found[unsure] = _exactly_inside(np.take(chosen, unsure, axis=0), outline)
    inside[near] = found
    return inside


def _picture(corners: NDArray[np.floating]) -> NDArray[np.uint8]:
    # The pen is so wide that whatever is rounded, here or in a point's place, stays under it.
    image = QImage(_SIDE, _SIDE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    pen = QPen(QColor(_UNSURE, _UNSURE, _UNSURE), _PEN)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QColor(_INSIDE, _INSIDE, _INSIDE))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners.tolist()]), Qt.FillRule.OddEvenFill)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).copy()


def _exactly_inside(positions: NDArray[np.floating], outline: NDArray[np.floating]) -> NDArray[np.bool_]:
    # Points are sorted into rows once, and each side looks only at the rows it passes, so that the cost hardly depends
    # on how many corners there are.
    lowest, highest = float(outline[:, 1].min()), float(outline[:, 1].max())

    def rows(heights: NDArray[np.float64]) -> NDArray[np.uint16]:
        scaled: NDArray[np.float64] = (heights - lowest) * (_ROWS / (highest - lowest))
        return scaled.astype(np.uint16)

    # Numbers of 16 bits are sorted by counting, many times as fast as the heights themselves.
    row = rows(positions[:, 1].astype(np.float64))
    order = np.argsort(row, kind="stable")
    row = row[order]
    across, height = (np.ascontiguousarray(part) for part in np.take(positions, order, axis=0).astype(np.float64).T)
    crossings = np.zeros(len(row), dtype=bool)
    for (u0, v0), (u1, v1) in zip(outline.tolist(), np.roll(outline, -1, axis=0).tolist(), strict=True):
        if v0 == v1:
            continue
        low, high = (v0, v1) if v0 < v1 else (v1, v0)
        ends = rows(np.array([low, high]))
        part = slice(np.searchsorted(row, ends[0], "left"), np.searchsorted(row, ends[1], "right"))
        passed = (height[part] >= low) & (height[part] < high)
        passed &= across[part] < u0 + (height[part] - v0) * ((u1 - u0) / (v1 - v0))
        crossings[part] ^= passed
    inside = np.empty(len(row), dtype=bool)
    inside[order] = crossings
    return inside
