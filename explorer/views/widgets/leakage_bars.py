"""How much other attributes move along a direction, as bars to either side of nothing."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from explorer.views.theme import palette_of, small_font

ABOVE, BELOW = "#2a7ab9", "#d6604d"
"""Blue and red of a diverging palette that colour-blind eyes tell apart (RdBu; Harrower and Brewer 2003)."""

_LINE, _NUMBER, _WIDEST, _MOST_LINES = 18, 48, 0.5, 6


class LeakageBars(QScrollArea):
    """A line for each attribute, the one that moves most first; scrolls where there are many."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = _Bars()
        self.setWidget(self._bars)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_moved(self, moved: tuple[tuple[str, float], ...]) -> None:
        """Show names with how many of their own sigmas they move; what is not known is left out."""
        known = sorted((pair for pair in moved if math.isfinite(pair[1])), key=lambda pair: -abs(pair[1]))
        self._bars.show_lines(tuple(known))
        self.setFixedHeight(max(1, min(len(known), _MOST_LINES)) * _LINE)
        self.setAccessibleDescription(", ".join(f"{name} {amount:+.2f}" for name, amount in known))
        self.verticalScrollBar().setValue(0)

    def lines(self) -> tuple[tuple[str, float], ...]:
        """What is shown, from the top."""
        return self._bars.lines


class _Bars(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[tuple[str, float], ...] = ()

    def show_lines(self, lines: tuple[tuple[str, float], ...]) -> None:
        self.lines = lines
        self.setMinimumHeight(max(1, len(lines)) * _LINE)
        self.setToolTip("Sigmas of each attribute per sigma along the direction")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, max(1, len(self.lines)) * _LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), palette_of(self)
        painter.setFont(small_font(self))
        metrics = QFontMetricsF(painter.font())
        widest = max((metrics.horizontalAdvance(name) for name, _ in self.lines), default=0.0)
        names = min(widest + 4.0, _WIDEST * self.width())
        left, right = names + 12.0, self.width() - _NUMBER - 8.0
        middle, half = (left + right) / 2, max((right - left) / 2, 1.0)
        largest = max((abs(amount) for _, amount in self.lines), default=1.0)
        scale = half / max(1.0, largest)
        painter.fillRect(QRectF(middle - 0.5, 0, 1, _LINE * len(self.lines)), QColor(palette.hairline))
        for place, (name, amount) in enumerate(self.lines):
            top = place * _LINE
            painter.setPen(QColor(palette.text))
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, names)
            painter.drawText(QRectF(8, top, names, _LINE), Qt.AlignmentFlag.AlignVCenter, text)
            length = scale * abs(amount)
            start = middle if amount > 0 else middle - length
            painter.fillRect(QRectF(start, top + 5, length, _LINE - 10), QColor(ABOVE if amount > 0 else BELOW))
            number = f"{amount:+.2f}".replace("-", "−")
            painter.setPen(QColor(palette.muted))
            room = QRectF(right, top, _NUMBER, _LINE)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
