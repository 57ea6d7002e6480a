"""The frame of a small plot: where values lie in pixels, and the numbers at its edges."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from explorer.views.theme import Palette
from explorer.views.widgets.tick_marks import tick_text, tick_values

_LEFT, _BELOW, _TOP, _RIGHT = 44, 34, 20, 8
_PER_TICK_ACROSS, _PER_TICK_UPWARDS = 64, 36


@dataclass(frozen=True)
class PlotFrame:
    """A rectangle of pixels that shows values from left to right and from bottom to top, with room for numbers."""

    pixels: QRectF
    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def within(
        cls, width: float, height: float, across: tuple[float, float], upwards: tuple[float, float]
    ) -> "PlotFrame":
        """A frame in a widget of a size; across, upwards: the values at its edges."""
        pixels = QRectF(_LEFT, _TOP, max(width - _LEFT - _RIGHT, 1.0), max(height - _TOP - _BELOW, 1.0))
        return cls(pixels, *across, *upwards)

    def place(self, x: float, y: float) -> QPointF:
        """Where a pair of values lies."""
        across = (x - self.left) / (self.right - self.left)
        upwards = (y - self.bottom) / (self.top - self.bottom)
        return QPointF(
            self.pixels.left() + across * self.pixels.width(), self.pixels.bottom() - upwards * self.pixels.height()
        )

    def line(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> QPolygonF:
        """A line through pairs of values, (count,) each."""
        return QPolygonF([self.place(*pair) for pair in zip(x.tolist(), y.tolist(), strict=True)])

    def draw(self, painter: QPainter, palette: Palette, x_title: str) -> None:
        """Draw the frame with numbers and a title below."""
        metrics, room = QFontMetricsF(painter.font()), self.pixels
        painter.setPen(QPen(QColor(palette.hairline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(room)
        painter.setPen(QColor(palette.muted))
        across = tick_values(self.left, self.right, max(1, int(room.width() // _PER_TICK_ACROSS)))
        for value in across:
            text, at = tick_text(value, _step(across)), self.place(value, self.bottom)
            painter.drawText(QPointF(at.x() - metrics.horizontalAdvance(text) / 2, at.y() + 2 + metrics.ascent()), text)
        upwards = tick_values(self.bottom, self.top, max(1, int(room.height() // _PER_TICK_UPWARDS)))
        for value in upwards:
            text, at = tick_text(value, _step(upwards)), self.place(self.left, value)
            painter.drawText(
                QPointF(at.x() - 6 - metrics.horizontalAdvance(text), at.y() + metrics.capHeight() / 2), text
            )
        below = QRectF(room.left(), room.bottom() + metrics.height() + 1, room.width(), metrics.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, x_title)

    def draw_title(self, painter: QPainter, palette: Palette, y_title: str, end: float) -> None:
        """Draw a title above on the left where it has room until a pixel."""
        if QFontMetricsF(painter.font()).horizontalAdvance(y_title) + 8 <= end:
            painter.setPen(QColor(palette.muted))
            painter.drawText(QRectF(2, 2, end, _TOP - 4), Qt.AlignmentFlag.AlignLeft, y_title)


def _step(values: tuple[float, ...]) -> float:
    return values[1] - values[0] if len(values) > 1 else abs(values[0]) if values and values[0] else 1.0
