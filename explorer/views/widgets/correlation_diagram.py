"""Two tables of numbers between −1 and 1 over the same names, drawn as circles."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from explorer.state.direction_values import Correlations
from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.leakage_bars import ABOVE, BELOW

_CELL, _SMALLEST_CELL, _BETWEEN, _EDGE = 28.0, 16.0, 32.0, 12.0
_TITLE, _WIDEST, _LARGEST = 24.0, 150.0, 0.46
_TITLES = ("Directions: cosine of the angle", "Attributes: correlation in the data")
_KINDS = ("cosine of the directions", "correlation of the attributes")


class _Layout(NamedTuple):
    """Sizes in pixels: of a cell, of the names to the left, and of the names above."""

    cell: float
    beside: float
    above: float


class CorrelationDiagram(QWidget):
    """Circles: the larger and stronger coloured, the further from 0; blue above it, red below; nothing if unknown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Correlations((), np.zeros((0, 0)), np.zeros((0, 0)))
        self.setMouseTracking(True)

    def show_correlations(self, shown: Correlations) -> None:
        """Show two tables."""
        self._shown = shown
        self.setAccessibleDescription(", ".join(shown.names))
        self.updateGeometry()
        self.resize(self.sizeHint().expandedTo(self.size()))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all cells."""
        return self._size(_CELL)

    def minimumSizeHint(self) -> QSize:
        """Room for all cells as small as they may be."""
        return self._size(_SMALLEST_CELL)

    def centre(self, table: int, row: int, column: int) -> QPointF:
        """The middle of a cell of the first (0) or second (1) table."""
        layout, count = self._layout(), len(self._shown.names)
        left = layout.beside + table * (count * layout.cell + _BETWEEN)
        return QPointF(left + (column + 0.5) * layout.cell, layout.above + (row + 0.5) * layout.cell)

    def text_at(self, place: QPointF) -> str:
        """The numbers under a place in words, empty where there are none."""
        for table in range(2):
            row, column = self._cell_at(place, table)
            if row >= 0:
                return self._sentence(row, column)
        return ""

    def event(self, event: QEvent) -> bool:
        """Say the numbers under the cursor."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.text_at(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw names and circles."""
        painter, palette = QPainter(self), palette_of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(palette.window))
        painter.setFont(small_font(self))
        layout, count = self._layout(), len(self._shown.names)
        for table, (title, values) in enumerate(
            zip(_TITLES, (self._shown.cosines, self._shown.correlations), strict=True)
        ):
            first = self.centre(table, 0, 0) - QPointF(layout.cell / 2, layout.cell / 2)
            room = QRectF(first.x(), 2, max(count * layout.cell, 200.0), _TITLE)
            painter.setPen(QColor(palette.text))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
            painter.setPen(QPen(QColor(palette.hairline), 1))
            for line in range(count + 1):
                across, end = line * layout.cell, count * layout.cell
                painter.drawLine(first + QPointF(across, 0), first + QPointF(across, end))
                painter.drawLine(first + QPointF(0, across), first + QPointF(end, across))
            self._draw_circles(painter, table, values, layout)
            self._draw_columns(painter, table, layout)
        self._draw_rows(painter, layout)

    def _draw_circles(self, painter: QPainter, table: int, values: NDArray[np.float64], layout: _Layout) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for row, column in np.argwhere(np.isfinite(values)):
            value = float(np.clip(values[row, column], -1.0, 1.0))
            colour = QColor(ABOVE if value > 0 else BELOW)
            colour.setAlphaF(0.25 + 0.75 * abs(value))
            painter.setBrush(colour)
            radius = _LARGEST * layout.cell * math.sqrt(abs(value))
            painter.drawEllipse(self.centre(table, int(row), int(column)), radius, radius)

    def _draw_rows(self, painter: QPainter, layout: _Layout) -> None:
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(palette_of(self).text))
        for row, name in enumerate(self._shown.names):
            room = QRectF(_EDGE, layout.above + row * layout.cell, layout.beside - _EDGE - 6, layout.cell)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)

    def _draw_columns(self, painter: QPainter, table: int, layout: _Layout) -> None:
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(palette_of(self).text))
        for column, name in enumerate(self._shown.names):
            painter.save()
            painter.translate(self.centre(table, 0, column).x(), layout.above - 6)
            painter.rotate(-90)
            room = QRectF(0, -layout.cell / 2, layout.above - _TITLE - 8, layout.cell)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
            painter.restore()

    def _layout(self) -> _Layout:
        beside, count = self._names_width(), max(len(self._shown.names), 1)
        above = beside + _TITLE
        across = (self.width() - beside - _EDGE - _BETWEEN) / (2 * count)
        down = (self.height() - above - _EDGE) / count
        return _Layout(max(min(across, down, 2 * _CELL), _SMALLEST_CELL), beside, above)

    def _names_width(self) -> float:
        metrics = QFontMetricsF(small_font(self))
        widest = max((metrics.horizontalAdvance(name) for name in self._shown.names), default=0.0)
        return min(widest, _WIDEST) + _EDGE + 8

    def _size(self, cell: float) -> QSize:
        beside, count = self._names_width(), len(self._shown.names)
        across = beside + 2 * max(count * cell, 200.0) + _BETWEEN + _EDGE
        return QSize(math.ceil(across), math.ceil(beside + _TITLE + count * cell + _EDGE))

    def _cell_at(self, place: QPointF, table: int) -> tuple[int, int]:
        layout, count = self._layout(), len(self._shown.names)
        if not count:
            return -1, -1
        from_first = (place - self.centre(table, 0, 0)) / layout.cell
        row, column = math.floor(from_first.y() + 0.5), math.floor(from_first.x() + 0.5)
        return (row, column) if 0 <= row < count and 0 <= column < count else (-1, -1)

    def _sentence(self, row: int, column: int) -> str:
        names, tables = self._shown.names, (self._shown.cosines, self._shown.correlations)
        numbers = (
            f"{kind} {f'{table[row, column]:+.2f}' if np.isfinite(table[row, column]) else 'not known'}"
            for kind, table in zip(_KINDS, tables, strict=True)
        )
        return f"{names[row]} and {names[column]}: {', '.join(numbers)}".replace("-", "−")
