"""A grid of codebook entries, one cell of which is chosen."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.views.theme import palette_of, small_font

_MARGIN = 4
_LARGEST_CELL = 48


class IndexGrid(QWidget):
    """Entries as coloured, numbered squares.

    cell_chosen(row, column): another cell is chosen, with the mouse or the arrow keys.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._indices = np.empty((0, 0), dtype=np.int64)
        self._colours: tuple[QColor, ...] = ()
        self._chosen = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 96)

    @property
    def chosen(self) -> tuple[int, int]:
        """Row and column of the chosen cell, from 0."""
        return self._chosen

    def show_indices(self, indices: NDArray[np.int64], colours: tuple[QColor, ...]) -> None:
        """Show entries (rows, columns), and the colour of every entry of the codebook."""
        self._indices, self._colours = indices, colours
        rows, columns = indices.shape
        self._chosen = (min(self._chosen[0], max(rows - 1, 0)), min(self._chosen[1], max(columns - 1, 0)))
        self._describe()
        self.update()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell lies, in pixels."""
        rows, columns = self._indices.shape
        width, height = self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN
        side = float(max(1, int(min(width / max(columns, 1), height / max(rows, 1), _LARGEST_CELL))))
        left, top = (self.width() - side * columns) // 2, (self.height() - side * rows) // 2
        return QRectF(left + column * side, top + row * side, side, side)

    def cell_at(self, place: QPoint) -> tuple[int, int] | None:
        """Row and column of the cell at a pixel, None where there is none."""
        if not self._indices.size:
            return None
        first = self.cell_rect(0, 0)
        row = int((place.y() - first.top()) // first.height())
        column = int((place.x() - first.left()) // first.width())
        rows, columns = self._indices.shape
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    def sizeHint(self) -> QSize:
        """Room for a small grid with readable numbers."""
        return QSize(240, 240)

    def _choose(self, row: int, column: int) -> None:
        if (row, column) != self._chosen:
            self._chosen = (row, column)
            self._describe()
            self.update()
            self.cell_chosen.emit(row, column)

    def _describe(self) -> None:
        if self._indices.size:
            row, column = self._chosen
            self.setAccessibleDescription(
                f"row {row + 1}, column {column + 1}: entry {self._indices[row, column]}; arrow keys choose a cell"
            )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells, their numbers where there is room, and the frame of the chosen one."""
        painter, palette = QPainter(self), palette_of(self)
        painter.fillRect(event.rect(), QColor(palette.canvas))
        painter.setFont(small_font(self))
        if not self._indices.size:
            return
        widest = painter.fontMetrics().horizontalAdvance(str(len(self._colours)))
        for (row, column), entry in np.ndenumerate(self._indices):
            room = self.cell_rect(row, column)
            colour = self._colours[entry]
            painter.fillRect(room.adjusted(0, 0, -1, -1), colour)
            if room.width() >= widest + 2 and room.height() >= painter.fontMetrics().height():
                painter.setPen(QColor("#000000") if colour.lightness() > 120 else QColor("#ffffff"))
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, str(entry))
        painter.setPen(QPen(QColor(palette.accent if self.hasFocus() else palette.text), 2))
        painter.drawRect(self.cell_rect(*self._chosen).adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the cursor."""
        cell = self.cell_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._choose(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys choose a neighbour."""
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._indices.size:
            super().keyPressEvent(event)
            return
        rows, columns = self._indices.shape
        row, column = self._chosen
        self._choose(min(max(row + step[0], 0), rows - 1), min(max(column + step[1], 0), columns - 1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the chosen cell as the one the keys move."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Mark the chosen cell as chosen only."""
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        self.update()
        super().changeEvent(event)
