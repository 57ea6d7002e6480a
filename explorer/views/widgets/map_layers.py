"""The layers of a map, drawn with a painter into any picture: mosaics, axes, rings."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from explorer.views.theme import Palette
from explorer.views.widgets.pictures import picture_image
from explorer.views.widgets.tick_marks import tick_text, tick_values
from explorer.views.widgets.viewport import Viewport

RING_RADIUS = 11.0
RING_REACH = RING_RADIUS + 3.0
MARK_RADIUS = 6.0
MARK_REACH = MARK_RADIUS + 3.0


class MosaicLayer:
    """Pictures that fill rectangles of the plane; an image is made once for each picture."""

    def __init__(self) -> None:
        self._entries: list[tuple[NDArray[np.uint8], QImage, tuple[float, float, float, float]]] = []

    def set_mosaics(self, mosaics: Sequence[tuple[NDArray[np.uint8], tuple[float, float, float, float]]]) -> None:
        """Take over pictures with their (left, bottom, right, top); later ones are drawn over earlier ones."""
        known = {id(picture): image for picture, image, _ in self._entries}
        self._entries = [
            (picture, known.get(id(picture)) or picture_image(picture), rectangle) for picture, rectangle in mosaics
        ]

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the visible parts, enlarged without smoothing; only where a picture is reduced it is smoothed."""
        for _, image, rectangle in self._entries:
            _draw_mosaic(painter, viewport, image, rectangle)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)


def _draw_mosaic(
    painter: QPainter, viewport: Viewport, image: QImage, rectangle: tuple[float, float, float, float]
) -> None:
    # Cut to whole visible source pixels first: at a high zoom the whole picture would be millions of pixels wide.
    left, bottom, right, top = rectangle
    seen_left, seen_bottom, seen_right, seen_top = viewport.rectangle()
    across, down = (right - left) / image.width(), (top - bottom) / image.height()
    first = max(0, math.floor((seen_left - left) / across))
    last = min(image.width(), math.ceil((seen_right - left) / across))
    upper = max(0, math.floor((top - seen_top) / down))
    lower = min(image.height(), math.ceil((top - seen_bottom) / down))
    if first >= last or upper >= lower:
        return
    x, y = viewport.to_pixels(left + first * across, top - upper * down)
    end_x, end_y = viewport.to_pixels(left + last * across, top - lower * down)
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, across * viewport.scale * ratio < 0.75)
    painter.drawImage(QRectF(x, y, end_x - x, end_y - y), image, QRectF(first, upper, last - first, lower - upper))


def draw_axes(painter: QPainter, viewport: Viewport, palette: Palette) -> None:
    """A hairline frame and a few ticks with numbers at the left and below."""
    left, bottom, right, top = viewport.rectangle()
    frame = QRectF(viewport.x, viewport.y, viewport.width, viewport.height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(palette.hairline), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame.adjusted(-1, -1, 0, 0))
    metrics = QFontMetricsF(painter.font())
    across = tick_values(left, right, max(1, int(viewport.width // 80)))
    for value, text in zip(across, _texts(across), strict=True):
        x = round(viewport.to_pixels(value, 0.0)[0])
        painter.setPen(QPen(QColor(palette.outline), 1))
        painter.drawLine(QPointF(x, frame.bottom()), QPointF(x, frame.bottom() + 3))
        painter.setPen(QColor(palette.muted))
        wide = metrics.horizontalAdvance(text)
        painter.drawText(QPointF(x - wide / 2, frame.bottom() + 5 + metrics.ascent()), text)
    upwards = tick_values(bottom, top, max(1, int(viewport.height // 56)))
    for value, text in zip(upwards, _texts(upwards), strict=True):
        y = round(viewport.to_pixels(0.0, value)[1])
        painter.setPen(QPen(QColor(palette.outline), 1))
        painter.drawLine(QPointF(frame.left() - 4, y), QPointF(frame.left() - 2, y))
        painter.setPen(QColor(palette.muted))
        wide = metrics.horizontalAdvance(text)
        painter.drawText(QPointF(frame.left() - 7 - wide, y + metrics.capHeight() / 2), text)


def _texts(values: tuple[float, ...]) -> tuple[str, ...]:
    step = values[1] - values[0] if len(values) > 1 else abs(values[0]) if values and values[0] else 1.0
    return tuple(tick_text(value, step) for value in values)


def draw_ring(painter: QPainter, x: float, y: float, palette: Palette) -> None:
    """The ring that is dragged: accent between a dark and a light line, so that it shows on any picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 210), 8.0), (QColor(255, 255, 255), 6.0), (QColor(palette.accent), 3.0)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(QPointF(x, y), RING_RADIUS - 1.0, RING_RADIUS - 1.0)


def draw_outline(painter: QPainter, viewport: Viewport, outline: NDArray[np.float64], *, closed: bool = True) -> None:
    """A thin curve through positions (count, 2) of the plane, light on dark so that it shows on any picture."""
    columns, rows = viewport.pixels_of(outline)
    curve = QPolygonF([QPointF(x, y) for x, y in zip(columns.tolist(), rows.tolist(), strict=True)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 190), 3.5), (QColor(255, 255, 255), 1.5)):
        painter.setPen(QPen(colour, width))
        if closed:
            painter.drawPolygon(curve)
        else:
            painter.drawPolyline(curve)


def draw_mark(painter: QPainter, x: float, y: float) -> None:
    """The thin circle round the point under the cursor."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 200), 3.0), (QColor(255, 255, 255), 1.5)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(QPointF(x, y), MARK_RADIUS, MARK_RADIUS)
