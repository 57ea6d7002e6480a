"""Names of groups with their colours, in a column."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.views.theme import palette_of, small_font

_WIDEST = 136
_ROW = 20
_MARK = 10


class GroupLegend(QWidget):
    """A note over one row per group; rows that do not fit are counted in the last one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("group_legend")
        self.setAccessibleName("Legend")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._names: tuple[str, ...] = ()
        self._colours: tuple[QColor, ...] = ()
        self._note = ""

    def show_groups(self, names: tuple[str, ...], colours: tuple[QColor, ...], note: str) -> None:
        """Show names with their colours under a note; empty to show nothing."""
        self._names, self._colours, self._note = names, colours, note
        self.setToolTip("\n".join((note, *names)).strip())
        self.setAccessibleDescription(", ".join(names))
        self.updateGeometry()
        self.update()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self._names and not self._note

    def sizeHint(self) -> QSize:
        """As wide as the longest name, within reason."""
        metrics = QFontMetricsF(small_font(self))
        note_word = max((metrics.horizontalAdvance(word) for word in self._note.split()), default=0.0)
        widest = max((metrics.horizontalAdvance(name) + _MARK + 8 for name in self._names), default=0.0)
        return QSize(min(_WIDEST, max(72, round(max(widest, note_word)) + 16)), 80)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the note and the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small_font(self))
        top = self._draw_note(painter) if self._note else 0.0
        room = max(0, int((self.height() - top) // _ROW))
        shown = len(self._names) if len(self._names) <= room else max(0, room - 1)
        for index in range(shown):
            self._draw_row(painter, index, top + index * _ROW)
        if shown < len(self._names):
            painter.setPen(QColor(palette_of(self).muted))
            row = QRectF(8, top + shown * _ROW, self.width() - 8, _ROW)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, f"and {len(self._names) - shown} more")

    def _draw_note(self, painter: QPainter) -> float:
        flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.setPen(QColor(palette_of(self).muted))
        room = QRectF(8, 2, self.width() - 8, self.height())
        painter.drawText(room, flags, self._note)
        return painter.boundingRect(room, flags, self._note).bottom() + 8

    def _draw_row(self, painter: QPainter, index: int, top: float) -> None:
        palette, metrics = palette_of(self), QFontMetricsF(painter.font())
        painter.setPen(QColor(palette.outline))
        painter.setBrush(self._colours[index])
        painter.drawEllipse(QPointF(8 + _MARK / 2, top + _ROW / 2), _MARK / 2, _MARK / 2)
        painter.setPen(QColor(palette.text))
        room = QRectF(8 + _MARK + 6, top, self.width() - 8 - _MARK - 6, _ROW)
        name = metrics.elidedText(self._names[index], Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
