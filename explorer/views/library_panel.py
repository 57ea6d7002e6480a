"""Runs, checkpoint files and shipped models that can be opened."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QMenu,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from explorer.state.training_values import LibraryEntry
from explorer.views.icons import icon
from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.controls import enable, icon_button, push_button
from explorer.views.widgets.empty_state import EmptyState

_ENTRY = Qt.ItemDataRole.UserRole + 1
_OPEN = Qt.ItemDataRole.UserRole + 2
_ROW_HEIGHT = 44
_AnyIndex = QModelIndex | QPersistentModelIndex


class LibraryPanel(QWidget):
    """A list with two lines per entry.

    open_requested(path), resume_requested(run), reveal_requested(path), refresh_requested().
    """

    open_requested = Signal(str)
    resume_requested = Signal(str)
    reveal_requested = Signal(str)
    refresh_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("library_panel")
        self._open_path = ""
        self._model = QStandardItemModel(self)
        self._list = QListView(uniformItemSizes=True)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_EntryDelegate(self._list))
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.setAccessibleName("Library; Enter opens")
        self._list.setToolTip("Double click or Enter opens an entry")
        self._open = push_button("Open", "")
        self._resume = push_button("Resume", "")
        self._reveal = icon_button("reveal", "Show the selected entry in its folder")
        self._refresh = icon_button("refresh", "Look for new runs and files")
        self._empty = EmptyState()
        self._empty.show_line("Trained models appear here.", "Look again")
        self._lay_out()
        self._connect()
        self.show_entries(())

    def show_entries(self, entries: tuple[LibraryEntry, ...]) -> None:
        """Show entries; the selected one stays selected when it is still there."""
        selected = self._selected()
        self._model.clear()
        for entry in entries:
            item = QStandardItem(entry.title)
            item.setData(entry, _ENTRY)
            item.setToolTip(f"{entry.title}\n{entry.detail}\n{entry.path}")
            item.setData(f"{entry.title}, {entry.detail}", Qt.ItemDataRole.AccessibleTextRole)
            item.setData(entry.path == self._open_path, _OPEN)
            self._model.appendRow(item)
            if entry.path == (selected.path if selected is not None else self._open_path):
                self._list.setCurrentIndex(item.index())
        self._pages.setCurrentWidget(self._list if entries else self._empty)
        self._enable()

    def show_open(self, path: str) -> None:
        """Mark the entry that is open."""
        self._open_path = path
        for row in range(self._model.rowCount()):
            item = self._model.item(row)
            item.setData(item.data(_ENTRY).path == path, _OPEN)
            if item.data(_OPEN) and self._selected() is None:
                self._list.setCurrentIndex(item.index())

    def context_menu(self) -> QMenu:
        """What can be done with the selected entry."""
        menu = QMenu(self)
        for text, name, button in (
            ("Open", "open", self._open),
            ("Resume training", "play", self._resume),
            ("Show in folder", "reveal", self._reveal),
        ):
            action = menu.addAction(icon(name), text)
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
        return menu

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 8)
        bar.setSpacing(4)
        bar.addWidget(self._open)
        bar.addWidget(self._resume)
        bar.addStretch()
        bar.addWidget(self._reveal)
        bar.addWidget(self._refresh)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._pages, stretch=1)
        layout.addLayout(bar)

    def _connect(self) -> None:
        self._list.activated.connect(self._request_open)
        self._list.selectionModel().currentChanged.connect(self._enable)
        self._list.customContextMenuRequested.connect(self._show_menu)
        self._open.clicked.connect(self._request_open)
        self._resume.clicked.connect(self._request_resume)
        self._reveal.clicked.connect(self._request_reveal)
        self._refresh.clicked.connect(self.refresh_requested)
        self._empty.action.connect(self.refresh_requested)

    def _selected(self) -> LibraryEntry | None:
        index = self._list.currentIndex()
        entry = index.data(_ENTRY) if index.isValid() else None
        return entry if isinstance(entry, LibraryEntry) else None

    def _request_open(self) -> None:
        entry = self._selected()
        if entry is not None:
            self.open_requested.emit(entry.path)

    def _request_resume(self) -> None:
        entry = self._selected()
        if entry is not None:
            self.resume_requested.emit(entry.path)

    def _request_reveal(self) -> None:
        entry = self._selected()
        if entry is not None:
            self.reveal_requested.emit(entry.path)

    def _show_menu(self, position: QPoint) -> None:
        if self._list.indexAt(position).isValid():
            menu = self.context_menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self._list.viewport().mapToGlobal(position))

    def _enable(self) -> None:
        entry = self._selected()
        missing = "" if entry is not None else "Select an entry first"
        enable(self._open, "Open the selected entry on the map", missing)
        enable(self._reveal, "Show the selected entry in its folder", missing)
        no_resume = missing
        if entry is not None and entry.kind != "run":
            no_resume = "Only a run can be trained further"
        elif entry is not None and entry.is_training:
            no_resume = "This run is training already"
        enable(self._resume, "Train the selected run further", no_resume)


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
