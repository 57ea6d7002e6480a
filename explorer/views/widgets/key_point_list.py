"""The key points of a path, in their order."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QContextMenuEvent, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QMenu, QWidget

from explorer.state.path_values import ShownKey
from explorer.views.theme import palette_of
from explorer.views.widgets.pictures import picture_image

_SIDE = 32
_EARLIER, _LATER = (Qt.Key.Key_Up, Qt.Key.Key_Left), (Qt.Key.Key_Down, Qt.Key.Key_Right)


class KeyPointList(QListWidget):
    """A column of key points, each a letter, a small picture and a name; they can be dragged to another place.

    taken(place): Enter or a double click brings the ring there; removed(place): the Delete key;
    moved(place, to): dragged, or Alt with an arrow key; chosen(place): the keyboard stands on another one, -1 on none.
    """

    taken = Signal(int)
    removed = Signal(int)
    moved = Signal(int, int)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Key points; Enter takes the ring to one, Delete removes it, Alt with arrows moves it")
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMinimumSize(96, 30)
        self._keys: tuple[ShownKey, ...] = ()
        self.itemDoubleClicked.connect(lambda item: self.taken.emit(self.row(item)))
        self.currentRowChanged.connect(self.chosen)
        # Behind the drop itself, which still uses the rows that it has moved.
        self.model().rowsMoved.connect(self._announce_move, Qt.ConnectionType.QueuedConnection)

    def show_keys(self, keys: Sequence[ShownKey]) -> None:
        """Show key points in place of earlier ones."""
        row = self.currentRow()
        self._keys = tuple(keys)
        blocked = self.blockSignals(True)
        self.clear()
        for key in keys:
            self.addItem(self._item(key))
        self.setCurrentRow(min(row, len(self._keys) - 1))
        self.blockSignals(blocked)
        self.chosen.emit(self.currentRow())

    def sizeHint(self) -> QSize:
        """Room for a letter, a picture and some of the name."""
        return QSize(168, 96)

    def _item(self, key: ShownKey) -> QListWidgetItem:
        item = QListWidgetItem(f"{key.letter}  {key.name}")
        item.setToolTip(key.problem or key.details)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{key.letter}, {key.name}. {key.problem}".strip())
        item.setSizeHint(QSize(0, _SIDE + 6))
        if key.picture is not None:
            item.setIcon(self._icon(key))
        if key.problem:
            item.setForeground(QColor(palette_of(self).faint))
        return item

    def _icon(self, key: ShownKey) -> QIcon:
        if key.picture is None:
            return QIcon()
        image = picture_image(key.picture)
        grown = image.scaled(
            QSize(_SIDE, _SIDE) * max(1, -(-_SIDE // max(image.width(), 1))),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.FastTransformation,
        )
        pixmap = QPixmap.fromImage(
            grown.scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        icon = QIcon(pixmap)
        return QIcon(icon.pixmap(QSize(_SIDE, _SIDE), QIcon.Mode.Disabled)) if key.problem else icon

    @Slot(QModelIndex, int, int, QModelIndex, int)
    def _announce_move(self, _parent: QModelIndex, first: int, _last: int, _to: QModelIndex, before: int) -> None:
        self.moved.emit(first, before - 1 if before > first else before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Delete, and Alt with an arrow act on the current key point."""
        row, key = self.currentRow(), event.key()
        if row < 0:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(row)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(row)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and key in (*_EARLIER, *_LATER):
            self._move(row, -1 if key in _EARLIER else 1)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same as a menu."""
        row = self.currentRow()
        if row < 0:
            return
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self.visualItemRect(self.item(row)).center() if by_keyboard else event.pos()
        self._show_menu(row, self.viewport().mapToGlobal(place))

    def _show_menu(self, row: int, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Take the ring there\tEnter").triggered.connect(lambda: self.taken.emit(row))
        menu.addAction("Earlier\tAlt+Up").triggered.connect(lambda: self._move(row, -1))
        menu.addAction("Later\tAlt+Down").triggered.connect(lambda: self._move(row, 1))
        menu.addAction("Remove\tDel").triggered.connect(lambda: self.removed.emit(row))
        menu.popup(place)

    def _move(self, row: int, by: int) -> None:
        if 0 <= row + by < self.count():
            self.setCurrentRow(row + by)
            self.moved.emit(row, row + by)
