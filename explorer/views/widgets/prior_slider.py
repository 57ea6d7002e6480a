"""A slider with the curve of what is usual drawn behind it."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from explorer.state.slider_values import SliderPrior
from explorer.views.theme import Palette, palette_of

_HANDLE = 6.0
_ENDS = _HANDLE + 2.0
_PLACES = 1000
_CURVE_STEPS = 48
_MARK_BELOW = 7.0


class PriorSlider(QSlider):
    """A thin horizontal slider over real numbers.

    pressed(), moved(value), released(): the person moves it, by mouse or keys; setting a value announces nothing.
    reset(): double click. left(step): the up (-1) or down (1) arrow key leaves for another slider.
    """

    pressed = Signal()
    moved = Signal(float)
    released = Signal()
    reset = Signal()
    left = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, _PLACES)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._low, self._high, self._mean, self._deviation = -3.0, 3.0, 0.0, 1.0
        self._prior: SliderPrior = "normal"
        self._usual: tuple[float, float] | None = None
        self._histogram: NDArray[np.floating] | None = None
        self._mark: tuple[float, float] | None = None
        self._exact = 0.0
        self._is_held = False
        # Drawing them point by point at every move of a handle would cost more than the rest of it.
        self._paths: dict[str, QPainterPath] = {}

    def set_range(self, low: float, high: float, mean: float, deviation: float, prior: SliderPrior = "normal") -> None:
        """Set the ends, and law, mean and standard deviation of the curve."""
        self._low, self._high, self._mean, self._deviation, self._prior = low, high, mean, deviation, prior
        self._paths.clear()
        self.update()

    def set_usual(self, ends: tuple[float, float] | None) -> None:
        """Draw the track fainter beyond two ends; None for no such ends."""
        self._usual = ends
        self.update()

    def set_histogram(self, shares: NDArray[np.floating] | None) -> None:
        """Draw how data are spread: shares (bins,) of the highest bin, of equal width from end to end; or None."""
        if shares is not self._histogram:
            self._histogram = shares
            self._paths.clear()
            self.update()

    def set_mark(self, mark: tuple[float, float] | None) -> None:
        """Draw the mean and the deviation of one item's posterior under the track; None for none."""
        if mark != self._mark:
            self._mark = mark
            self.update()

    def set_exact(self, value: float) -> None:
        """Show a value; one beyond an end is shown at that end."""
        self._exact = value
        self.setValue(round(_PLACES * self._share(value)))
        self.update()

    def exact(self) -> float:
        """The value shown."""
        return self._exact

    @property
    def is_held(self) -> bool:
        """Whether the mouse holds the handle."""
        return self._is_held

    def place_of(self, value: float) -> QPointF:
        """Where the handle lies for a value, in pixels."""
        return QPointF(_ENDS + self._share(value) * (self.width() - 2 * _ENDS), self._baseline())

    def sizeHint(self) -> QSize:
        """Wide enough to aim at."""
        return QSize(120, 28)

    def minimumSizeHint(self) -> QSize:
        """Still wide enough to aim at."""
        return QSize(40, 28)

    def _share(self, value: float) -> float:
        return min(max((value - self._low) / max(self._high - self._low, 1e-12), 0.0), 1.0)

    def _baseline(self) -> float:
        return self.height() - _HANDLE - 3.0

    def _value_at(self, x: float) -> float:
        share = min(max((x - _ENDS) / max(self.width() - 2 * _ENDS, 1.0), 0.0), 1.0)
        return self._low + share * (self._high - self._low)

    def _move_to(self, value: float) -> None:
        self.set_exact(value)
        self.moved.emit(value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw curve, track and handle."""
        painter, palette = QPainter(self), palette_of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._prior != "none":
            if "curve" not in self._paths:
                self._paths["curve"] = self._curve()
            painter.fillPath(self._paths["curve"], QColor(palette.raised if palette.is_dark else palette.hairline))
        if self._histogram is not None:
            if "bins" not in self._paths:
                self._paths["bins"] = self._bins(self._histogram)
            painter.strokePath(self._paths["bins"], QPen(QColor(palette.muted), 1))
        base = self._baseline()
        # A locked slider keeps its handle, in grey.
        accent = QColor(palette.accent if self.isEnabled() else palette.muted)
        handle = self.place_of(self._exact)
        self._draw_track(painter, palette, base)
        if self._mark is not None:
            self._draw_mark(painter, palette, *self._mark)
        painter.setPen(QPen(QColor(palette.outline), 2, c=Qt.PenCapStyle.RoundCap))
        mean = self.place_of(self._mean)
        painter.drawLine(mean - QPointF(0, 3), mean + QPointF(0, 3))
        painter.setPen(QPen(accent, 2, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(mean, handle)
        is_beyond = not self._low <= self._exact <= self._high
        painter.setPen(QPen(QColor(palette.text) if self.hasFocus() else accent, 1.5))
        painter.setBrush(QColor(palette.window) if is_beyond else accent)
        painter.drawEllipse(handle, _HANDLE - 1, _HANDLE - 1)

    def _draw_track(self, painter: QPainter, palette: Palette, base: float) -> None:
        ends = QPointF(_ENDS, base), QPointF(self.width() - _ENDS, base)
        if self._usual is not None:
            painter.setPen(QPen(QColor(palette.outline), 1, Qt.PenStyle.DotLine))
            painter.drawLine(*ends)
            ends = self.place_of(self._usual[0]), self.place_of(self._usual[1])
        painter.setPen(QPen(QColor(palette.outline), 2, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(*ends)

    def _draw_mark(self, painter: QPainter, palette: Palette, mean: float, deviation: float) -> None:
        below, colour = QPointF(0, _MARK_BELOW), QColor(palette.text)
        left, right = self.place_of(mean - deviation) + below, self.place_of(mean + deviation) + below
        painter.setPen(QPen(colour, 2))
        painter.drawLine(left, right)
        middle = self.place_of(mean) + below
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(middle - QPointF(0, 3), middle + QPointF(0, 2))

    def _bins(self, shares: NDArray[np.floating]) -> QPainterPath:
        """The outline of a histogram, as high as the curve."""
        base, high, width = self._baseline(), self._baseline() - 3.0, self.width() - 2 * _ENDS
        path = QPainterPath(QPointF(_ENDS, base))
        for place, share in enumerate(shares):
            for edge in (place, place + 1):
                path.lineTo(_ENDS + width * edge / len(shares), base - high * float(share))
        path.lineTo(self.width() - _ENDS, base)
        return path

    def _curve(self) -> QPainterPath:
        base, high = self._baseline(), self._baseline() - 3.0
        path = QPainterPath(QPointF(_ENDS, base))
        for step in range(_CURVE_STEPS + 1):
            value = self._low + (self._high - self._low) * step / _CURVE_STEPS
            x = _ENDS + (self.width() - 2 * _ENDS) * step / _CURVE_STEPS
            path.lineTo(x, base - high * _density(self._prior, value - self._mean, max(self._deviation, 1e-12)))
        path.lineTo(self.width() - _ENDS, base)
        path.closeSubpath()
        return path

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle here."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._is_held = True
            self.pressed.emit()
            self._move_to(self._value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the handle along."""
        if self._is_held:
            self._move_to(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the handle go."""
        if self._is_held and event.button() == Qt.MouseButton.LeftButton:
            self._is_held = False
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go back to the mean."""
        self.reset.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel belongs to the list of sliders."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move by a hundredth of the range, Page keys by a tenth, Home and End to the ends."""
        step = (self._high - self._low) / 100
        targets = {
            Qt.Key.Key_Left: self._exact - step,
            Qt.Key.Key_Right: self._exact + step,
            Qt.Key.Key_PageDown: self._exact - 10 * step,
            Qt.Key.Key_PageUp: self._exact + 10 * step,
            Qt.Key.Key_Home: self._low,
            Qt.Key.Key_End: self._high,
        }
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.left.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            return
        target = targets.get(Qt.Key(event.key()))
        if target is None:
            event.ignore()
            return
        if not event.isAutoRepeat() and not self.isSliderDown():
            self.setSliderDown(True)
            self.pressed.emit()
        self._move_to(target)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A released key ends the move."""
        if self.isSliderDown() and not event.isAutoRepeat():
            self.setSliderDown(False)
            self.released.emit()
        super().keyReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw curve and histogram for another size."""
        self._paths.clear()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        self.update()
        super().changeEvent(event)


def _density(prior: SliderPrior, distance: float, deviation: float) -> float:
    """Height of the curve at a distance from the mean, 1 at its highest."""
    if prior == "uniform":
        return 0.6 if abs(distance) <= 1.0 else 0.0
    if prior == "ball":
        # One number of a point in the unit ball of n dimensions; its variance is 1 / (n + 2).
        dimensions = 1.0 / deviation**2 - 2.0
        return float(max(1.0 - distance * distance, 0.0) ** ((dimensions - 1.0) / 2.0))
    return math.exp(-(distance * distance) / (2.0 * deviation * deviation))
