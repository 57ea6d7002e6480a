"""A picture on which pixels are painted over."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.views.theme import palette_of
from explorer.views.widgets.pictures import picture_image, whole_scale

_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_SMALLEST_SIDE = 120


class MaskPainter(QWidget):
    """A picture, what is painted over in the colour of the accent, and where the keyboard's brush is.

    The left button paints and the right one takes away; arrow keys move the brush, Space paints with it and Backspace
    takes away.

    painted(mask): a stroke is over; which pixels (height, width) are painted over now.
    """

    painted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._mask: NDArray[np.bool_] = np.zeros((0, 0), dtype=bool)
        self._brush = 3
        self._at = (0, 0)
        self._last: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(64, 64)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Mask; arrow keys move the brush, Space paints, Backspace takes away")
        self.setToolTip("Paint over what the model is not to see; the right button takes away")

    @property
    def covered(self) -> NDArray[np.bool_]:
        """Which pixels (height, width) are painted over."""
        return self._mask

    def show_picture(self, picture: NDArray[np.uint8]) -> None:
        """Show what is painted on: (height, width, 1 or 3); a mask of another size goes away."""
        if self._picture is not None and np.array_equal(picture, self._picture):
            return
        self._picture, self._image = picture, picture_image(picture)
        if self._mask.shape != picture.shape[:2]:
            self._mask = np.zeros(picture.shape[:2], dtype=bool)
            self._at = (picture.shape[0] // 2, picture.shape[1] // 2)
        self.update()

    def show_mask(self, mask: NDArray[np.bool_]) -> None:
        """Show which pixels (height, width) are painted over; announces nothing."""
        # The same mask is shown with every snapshot of a run; only another one needs the picture drawn again.
        if self._last is None and mask.shape == self._mask.shape and not np.array_equal(mask, self._mask):
            self._mask = mask.copy()
            self.update()

    def set_brush(self, width: int) -> None:
        """Choose how many pixels the brush is wide."""
        self._brush = width
        self.update()

    def picture_rect(self) -> QRectF:
        """Where the picture lies on this widget, in pixels."""
        if self._image is None:
            return QRectF()
        ratio = self.devicePixelRatioF()
        width, height = self._image.width(), self._image.height()
        scale: float = whole_scale(width, height, self.width() * ratio, self.height() * ratio)
        scale = (scale or min(self.width() * ratio / width, self.height() * ratio / height)) / ratio
        left, top = (self.width() - width * scale) // 2, (self.height() - height * scale) // 2
        return QRectF(left, top, width * scale, height * scale)

    def sizeHint(self) -> QSize:
        """Room for a picture that can be painted on."""
        return QSize(_SMALLEST_SIDE, _SMALLEST_SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, the mask over it, and the brush where the keyboard is here."""
        painter, palette, room = QPainter(self), palette_of(self), self.picture_rect()
        painter.fillRect(event.rect(), QColor(palette.canvas))
        if self._image is None:
            return
        painter.drawImage(room, self._image)
        colour = QColor(palette.accent)
        over = np.zeros((*self._mask.shape, 4), np.uint8)
        over[self._mask] = (colour.red(), colour.green(), colour.blue(), 200)
        painter.drawImage(room, _with_alpha(over))
        if self.hasFocus():
            step, reach = room.width() / self._mask.shape[1], self._brush / 2
            centre = room.topLeft() + QPointF((self._at[1] + 0.5) * step, (self._at[0] + 0.5) * step)
            painter.setPen(QPen(colour, 2))
            painter.drawEllipse(centre, reach * step, reach * step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if self._image is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._last = self._pixel_at(event.position())
            self._stroke(self._last, event.button() == Qt.MouseButton.LeftButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a stroke."""
        if self._last is not None:
            self._stroke(self._pixel_at(event.position()), bool(event.buttons() & Qt.MouseButton.LeftButton))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a stroke."""
        if self._last is not None and event.buttons() == Qt.MouseButton.NoButton:
            self._last = None
            self.painted.emit(self._mask.copy())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the brush, paint or take away."""
        key, (height, width) = Qt.Key(event.key()), self._mask.shape
        if key in _ARROWS and self._mask.size:
            down, across = _ARROWS[key]
            self._at = min(max(self._at[0] + down, 0), height - 1), min(max(self._at[1] + across, 0), width - 1)
            self.update()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._mask.size:
            self._dab(*self._at, key == Qt.Key.Key_Space)
            self.update()
            self.painted.emit(self._mask.copy())
        else:
            super().keyPressEvent(event)

    def _pixel_at(self, place: QPointF) -> tuple[int, int]:
        room, (height, width) = self.picture_rect(), self._mask.shape
        row = int((place.y() - room.top()) / room.height() * height)
        column = int((place.x() - room.left()) / room.width() * width)
        return min(max(row, 0), height - 1), min(max(column, 0), width - 1)

    def _stroke(self, to: tuple[int, int], adds: bool) -> None:
        start = self._last or to
        steps = max(abs(to[0] - start[0]), abs(to[1] - start[1]), 1)
        for step in range(steps + 1):
            row, column = (round(a + (b - a) * step / steps) for a, b in zip(start, to, strict=True))
            self._dab(row, column, adds)
        self._last = self._at = to
        self.update()

    def _dab(self, row: int, column: int, adds: bool) -> None:
        rows, columns = np.ogrid[: self._mask.shape[0], : self._mask.shape[1]]
        self._mask[np.hypot(rows - row, columns - column) <= self._brush / 2] = adds


def _with_alpha(pixels: NDArray[np.uint8]) -> QImage:
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
