"""What points are codes of, drawn at their places where so few are seen that there is room for it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from explorer.views.widgets.pictures import picture_image
from explorer.views.widgets.viewport import Viewport

SIDE = 44.0
"""Of a thumbnail, in pixels, along its longer side."""

_MOST_COVERED = 0.25
_LOOKED_AT_FIRST = 4_096
_MOST_KEPT = 512
_BORDER = 2.0


class ThumbnailLayer:
    """Pictures at the places of points, with a border in each one's colour."""

    def __init__(self) -> None:
        self._u = self._v = np.empty(0, dtype=np.float32)
        self._indices = np.empty(0, dtype=np.int64)
        self._colours: tuple[QColor, ...] = ()
        self._pictures: NDArray[np.uint8] | None = None
        self._images: dict[int, QImage] = {}

    def set_points(
        self,
        positions: NDArray[np.float32],
        indices: NDArray[np.int64],
        colours: tuple[QColor, ...],
        pictures: NDArray[np.uint8] | None,
    ) -> None:
        """Take over points (count, 2), the index of each one's colour, the colours, and pictures of the points.

        pictures: (count or more, channels, height, width), or None where points are not to become pictures.
        """
        self._u, self._v = np.ascontiguousarray(positions[:, 0]), np.ascontiguousarray(positions[:, 1])
        self._indices, self._colours = indices, colours
        if pictures is not self._pictures:
            self._pictures, self._images = pictures, {}

    def visible(self, viewport: Viewport) -> NDArray[np.int64]:
        """Indices of the points in a view, if they are few enough to be pictures there; else none."""
        most = int(_MOST_COVERED * viewport.width * viewport.height / SIDE**2)
        stride = max(1, len(self._u) // _LOOKED_AT_FIRST)
        # Of many points some tell that there are too many, before all are looked at.
        if self._pictures is None or 0.5 * stride * len(self._within(viewport, stride)) > most:
            return np.empty(0, dtype=np.int64)
        found = self._within(viewport, 1)
        return found if len(found) <= most else found[:0]

    def draw(self, painter: QPainter, viewport: Viewport) -> bool:
        """Draw the pictures in a view; says whether there are any."""
        visible = self.visible(viewport)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index in visible.tolist():
            image = self._image(index)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, max(image.width(), image.height()) > SIDE)
            room = _room(image, QPointF(*viewport.to_pixels(float(self._u[index]), float(self._v[index]))))
            painter.drawImage(room, image)
            self._draw_border(painter, room, self._colours[int(self._indices[index])])
        return bool(len(visible))

    def _draw_border(self, painter: QPainter, room: QRectF, colour: QColor) -> None:
        for beyond, line, width in ((_BORDER / 2, colour, _BORDER), (_BORDER + 0.5, QColor(0, 0, 0, 190), 1.0)):
            pen = QPen(line, width)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(room.adjusted(-beyond, -beyond, beyond, beyond))

    def _within(self, viewport: Viewport, stride: int) -> NDArray[np.int64]:
        left, bottom, right, top = viewport.rectangle()
        u, v = self._u[::stride], self._v[::stride]
        return np.flatnonzero((u >= left) & (u <= right) & (v >= bottom) & (v <= top))

    def _image(self, index: int) -> QImage:
        if index not in self._images and self._pictures is not None:
            if len(self._images) >= _MOST_KEPT:
                self._images.clear()
            self._images[index] = picture_image(np.ascontiguousarray(self._pictures[index].transpose(1, 2, 0)))
        return self._images[index]


def _room(image: QImage, centre: QPointF) -> QRectF:
    scale = SIDE / max(image.width(), image.height())
    size = QSizeF(image.width() * scale, image.height() * scale)
    return QRectF(QPointF(round(centre.x() - size.width() / 2), round(centre.y() - size.height() / 2)), size)
