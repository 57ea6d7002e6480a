"""A slider over places in a row, which follows the hand wherever it is pressed."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QStyle, QWidget

from explorer.views.theme import palette_of

_HANDLE, _HEIGHT, _TICK = 14, 22, 3.0
# Where places lie closer together, ticks would be a bar.
_LEAST_APART = 4.0


class ScrubSlider(QSlider):
    """A horizontal slider whose handle comes to where it is pressed and follows from there.

    grabbed(), place_chosen(place), let_go(): the person moves it, by mouse or keys; setting a place announces nothing.
    space_pressed(): the space bar.
    """

    grabbed = Signal()
    place_chosen = Signal(int)
    let_go = Signal()
    space_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(0, 0)
        self.valueChanged.connect(self.place_chosen)

    def show_place(self, place: int, count: int) -> None:
        """Stand at one of `count` places."""
        if (place, count - 1) == (self.value(), self.maximum()):
            return
        blocked = self.blockSignals(True)
        self.setRange(0, max(count - 1, 0))
        self.setPageStep(max(1, count // 10))
        self.setValue(place)
        self.blockSignals(blocked)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the handle and bring it here."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self.grabbed.emit()
        self.setValue(self._place_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand."""
        if self.isSliderDown():
            self.setValue(self._place_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self.isSliderDown():
            self.setSliderDown(False)
            self.let_go.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, Right, Home and End move; the space bar plays."""
        if event.key() == Qt.Key.Key_Space:
            self.space_pressed.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As high as the handle, with a ring round it for the keyboard."""
        return QSize(160, _HEIGHT)

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the places, the way to the handle, and the handle."""
        painter, palette = QPainter(self), palette_of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last, middle = _HANDLE / 2, self.width() - _HANDLE / 2, self.height() / 2
        apart = (last - first) / max(self.maximum(), 1)
        here = first + self.value() * apart
        painter.setPen(QPen(QColor(palette.outline), 2.0))
        painter.drawLine(QPointF(first, middle), QPointF(last, middle))
        if apart >= _LEAST_APART and self.isEnabled():
            painter.setPen(QPen(QColor(palette.muted), 1.0))
            for place in range(self.maximum() + 1):
                across = round(first + place * apart) + 0.5
                painter.drawLine(QPointF(across, middle - _TICK), QPointF(across, middle + _TICK))
        colour = QColor(palette.accent if self.isEnabled() else palette.outline)
        painter.setPen(QPen(colour, 2.0))
        painter.drawLine(QPointF(first, middle), QPointF(here, middle))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(here, middle), _HANDLE / 2 - 2, _HANDLE / 2 - 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.text), 1.0))
            painter.drawEllipse(QPointF(here, middle), _HANDLE / 2 + 0.5, _HANDLE / 2 + 0.5)

    def _place_at(self, across: float) -> int:
        room = self.width() - _HANDLE
        return QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), round(across - _HANDLE / 2), max(room, 1), upsideDown=False
        )
