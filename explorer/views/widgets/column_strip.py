"""A strip of columns from left to right of which one is marked and one has the keyboard."""

from abc import abstractmethod
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget


class Columns(NamedTuple):
    """Pixels, while nothing is scrolled: where the first column begins, how wide each is, and what is left behind."""

    left: float
    width: float
    right: float


class ColumnStrip(QAbstractScrollArea):
    """Scrolls sideways; clicks and keys choose a column. What is in the columns is drawn by those that derive from it.

    place_activated(place): a column was clicked, or chosen with Enter.
    """

    place_activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # So little that no sentence below it ever makes the map smaller.
        self.setMinimumSize(160, 30)
        self.viewport().setMouseTracking(True)
        self._marked = self._hovered = self._current = -1
        self._is_smooth = False

    @abstractmethod
    def count(self) -> int:
        """How many columns there are."""

    @abstractmethod
    def columns(self) -> Columns:
        """Where they lie."""

    @abstractmethod
    def place_text(self, place: int) -> str:
        """What is known of a column, in words; empty for none."""

    def mark(self, place: int) -> None:
        """Mark a column and bring it into sight; -1 for none."""
        if place != self._marked:
            self._marked = place
            if place >= 0:
                self._scroll_to(place)
            self.setAccessibleDescription(self.place_text(place))
            self.viewport().update()

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        if smooth != self._is_smooth:
            self._is_smooth = smooth
            self.viewport().update()

    def place_at(self, point: QPoint) -> int:
        """The column in which a pixel of the viewport lies, -1 for none."""
        left, width, _ = self.columns()
        place = int((point.x() + self._scrolled() - left) // width)
        return place if point.x() >= left and 0 <= place < self.count() else -1

    def _scrolled(self) -> int:
        return self.horizontalScrollBar().value()

    def _lay_out(self) -> None:
        self._current = min(self._current, self.count() - 1)
        (left, width, right), bar = self.columns(), self.horizontalScrollBar()
        beyond = left + self.count() * width + right - self.viewport().width()
        bar.setRange(0, max(0, round(beyond)))
        bar.setPageStep(self.viewport().width())
        bar.setSingleStep(round(width))
        self.viewport().update()

    def _scroll_to(self, place: int) -> None:
        (left, width, right), bar = self.columns(), self.horizontalScrollBar()
        before = round(place * width)
        beyond = left + before + width + right - self.viewport().width()
        if before < bar.value():
            bar.setValue(before)
        elif beyond > bar.value():
            bar.setValue(round(beyond))

    def _set_hovered(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    def _set_current(self, place: int) -> None:
        self._current = min(max(place, 0), self.count() - 1)
        self.setAccessibleDescription(self.place_text(self._current))
        self._scroll_to(self._current)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose columns and sizes anew."""
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        self.viewport().update()
        super().changeEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say in a tooltip what is known of the column under the cursor."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.place_text(self.place_at(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the column under the cursor."""
        self._set_hovered(self.place_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Activate the column under the cursor."""
        place = self.place_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._set_current(place)
            self.place_activated.emit(place)

    def leaveEvent(self, event: QEvent) -> None:
        """No column is under a cursor that has left."""
        self._set_hovered(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, Right, Home and End choose a column, Enter activates it."""
        start = self._current if self._current >= 0 else self._marked
        goals = {
            Qt.Key.Key_Left: start - 1,
            Qt.Key.Key_Right: start + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self.count() - 1,
        }
        key = Qt.Key(event.key())
        if key in goals and self.count():
            self._set_current(goals[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.place_activated.emit(self._current)
        else:
            super().keyPressEvent(event)
