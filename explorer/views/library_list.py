"""Runs, checkpoint files and shipped models as a list with two lines for each."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from explorer.state.training_values import LibraryEntry
from explorer.views.icons import icon
from explorer.views.theme import palette_of, small_font

_ENTRY = Qt.ItemDataRole.UserRole + 1
_OPEN = Qt.ItemDataRole.UserRole + 2
_ROW_HEIGHT = 44
_AnyIndex = QModelIndex | QPersistentModelIndex


class LibraryList(QListView):
    """Entries, of which one may be marked as open; `activated` is emitted by a double click or Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self._open_path = ""
        self._entries = QStandardItemModel(self)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setModel(self._entries)
        self.setItemDelegate(_EntryDelegate(self))

    def show_entries(self, entries: tuple[LibraryEntry, ...]) -> None:
        """Show entries; the selected one stays selected when it is still there."""
        selected = self.selected()
        self._entries.clear()
        for entry in entries:
            item = QStandardItem(entry.title)
            item.setData(entry, _ENTRY)
            item.setToolTip(f"{entry.title}\n{entry.detail}\n{entry.path}")
            item.setData(f"{entry.title}, {entry.detail}", Qt.ItemDataRole.AccessibleTextRole)
            item.setData(entry.path == self._open_path, _OPEN)
            self._entries.appendRow(item)
            if entry.path == (selected.path if selected is not None else self._open_path):
                self.setCurrentIndex(item.index())

    def show_open(self, path: str) -> None:
        """Mark the entry that is open."""
        self._open_path = path
        for row in range(self._entries.rowCount()):
            item = self._entries.item(row)
            item.setData(item.data(_ENTRY).path == path, _OPEN)
            if item.data(_OPEN) and self.selected() is None:
                self.setCurrentIndex(item.index())

    def selected(self) -> LibraryEntry | None:
        """The entry that is selected, None for none."""
        index = self.currentIndex()
        entry = index.data(_ENTRY) if index.isValid() else None
        return entry if isinstance(entry, LibraryEntry) else None


class _EntryDelegate(QStyledItemDelegate):
    """Two lines, an icon, a mark at the open entry and a dot at one that is training."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        return QSize(120, _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        entry, view = index.data(_ENTRY), self.parent()
        if not isinstance(entry, LibraryEntry) or not isinstance(view, QListView):
            return
        palette, room = palette_of(view), QRect(option.rect)
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(room, QColor(palette.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(room, QColor(palette.hovered))
        if index.data(_OPEN):
            painter.fillRect(QRect(room.left(), room.top(), 3, room.height()), QColor(palette.accent))
        icon(entry.kind).paint(painter, QRect(room.left() + 12, room.top() + 13, 18, 18))
        self._draw_lines(painter, room.adjusted(40, 5, -12, -5), entry, view, bool(index.data(_OPEN)))
        painter.restore()

    def _draw_lines(self, painter: QPainter, room: QRect, entry: LibraryEntry, view: QListView, is_open: bool) -> None:
        palette = palette_of(view)
        title = QFont(view.font())
        title.setBold(is_open)
        if entry.is_training:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent))
            painter.drawEllipse(QRect(room.right() - 8, room.top() + 4, 8, 8))
        for font, colour, text, flag in (
            (title, palette.text, entry.title, Qt.AlignmentFlag.AlignTop),
            (small_font(view), palette.muted, entry.detail, Qt.AlignmentFlag.AlignBottom),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            width = room.width() - (16 if entry.is_training else 0)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(room, flag | Qt.AlignmentFlag.AlignLeft, shown)
