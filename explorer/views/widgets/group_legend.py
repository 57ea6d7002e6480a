"""Names of groups with their colours, in a column where each can be hidden, or the scale of a palette."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.colour_bar import ColourBar, ColourScale
from explorer.views.widgets.controls import muted_label

# A long note in a narrow column would leave no room for the rows below it.
_NARROW, _WIDE, _WIDEST = 72, 112, 136
_LONG_NOTE = 60
_ROW = 20
_MARK = 10
_EDGE = 8
_COLOUR = Qt.ItemDataRole.UserRole
_HINT = "Click or Space hides or shows {0}, double click or Alt with either shows {0} alone"


class GroupLegend(QWidget):
    """A note over one row per group, or over the scale of a palette.

    hidden_chosen(frozenset): the names of all groups that are to be hidden now; nothing is announced when it is shown.
    """

    hidden_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("group_legend")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._note = muted_label(wraps=True)
        self._scale = ColourBar()
        self._rows = _Rows()
        self._rows.toggled.connect(self._toggle)
        self._rows.soloed.connect(self._show_alone)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_EDGE, 2, 0, 0)
        layout.setSpacing(_EDGE)
        layout.addWidget(self._note)
        layout.addWidget(self._scale)
        layout.addWidget(self._rows, stretch=1)
        layout.addStretch()
        self._names: tuple[str, ...] = ()
        self._hidden: frozenset[str] = frozenset()
        self._before: frozenset[str] = frozenset()

    def show_groups(
        self, names: Sequence[str], colours: Sequence[QColor], note: str, hidden: frozenset[str] = frozenset()
    ) -> None:
        """Show names with their colours under a note; empty to show nothing."""
        self._names, self._hidden = tuple(names), hidden
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._scale.hide()
        self._rows.setVisible(bool(names))
        self._rows.show_rows(names, colours, hidden)
        self.updateGeometry()

    def show_scale(self, scale: ColourScale, note: str) -> None:
        """Show what the colours of a palette mean, instead of groups."""
        self.show_groups((), (), note)
        self._scale.show_scale(scale)
        self._scale.show()

    def take_keyboard(self) -> None:
        """Put the keyboard into the rows, where there are any."""
        if self._names and self.isVisible():
            self._rows.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self._names and self._note.isHidden() and self._scale.isHidden()

    def sizeHint(self) -> QSize:
        """As wide as the longest name, within reason."""
        metrics = QFontMetricsF(small_font(self))
        note_word = max((metrics.horizontalAdvance(word) for word in self._note.text().split()), default=0.0)
        widest = max((metrics.horizontalAdvance(name) + _MARK + 8 for name in self._names), default=0.0)
        scale = 0 if self._scale.isHidden() else self._scale.sizeHint().width()
        least = _WIDE if len(self._note.text()) > _LONG_NOTE else _NARROW
        return QSize(min(_WIDEST, max(least, scale + _EDGE, round(max(widest, note_word)) + 16)), 80)

    def _toggle(self, place: int) -> None:
        # What a double click means depends on what was shown before its first half changed it.
        self._before = self._hidden
        self._choose(self._hidden ^ {self._names[place]})

    def _show_alone(self, place: int, is_second_click: bool) -> None:
        others = frozenset(self._names) - {self._names[place]}
        was_alone = (self._before if is_second_click else self._hidden) >= others
        self._choose(frozenset() if was_alone else others)

    def _choose(self, hidden: frozenset[str]) -> None:
        self._hidden = hidden
        self._rows.show_hidden(hidden)
        self.hidden_chosen.emit(hidden)


class _Rows(QListWidget):
    """The groups. toggled(place), soloed(place, by a double click): what the person wants of one."""

    toggled = Signal(int)
    soloed = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Legend")
        self.setItemDelegate(_RowDelegate(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListWidget.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)

    def show_rows(self, names: Sequence[str], colours: Sequence[QColor], hidden: frozenset[str]) -> None:
        """Show names with their colours."""
        if [self.item(place).text() for place in range(self.count())] != list(names):
            self.clear()
            for name in names:
                item = QListWidgetItem(name, self)
                item.setToolTip(f"{name}\n{_HINT.format('it')}")
            self.setCurrentRow(0)
        for place, colour in enumerate(colours):
            self.item(place).setData(_COLOUR, colour)
        self.show_hidden(hidden)

    def show_hidden(self, hidden: frozenset[str]) -> None:
        """Show which are hidden."""
        for place in range(self.count()):
            item = self.item(place)
            state = Qt.CheckState.Unchecked if item.text() in hidden else Qt.CheckState.Checked
            item.setData(Qt.ItemDataRole.CheckStateRole, state)
            shown = "hidden" if item.text() in hidden else "shown"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {shown}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hide or show the group under the cursor; with Alt, show it alone."""
        place = self.indexAt(event.position().toPoint()).row()
        if place < 0 or event.button() != Qt.MouseButton.LeftButton:
            return
        self.setCurrentRow(place)
        self._want(place, event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the group under the cursor alone."""
        place = self.indexAt(event.position().toPoint()).row()
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.soloed.emit(place, True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space hides or shows the group, and with Alt shows it alone."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self._want(self.currentRow(), event.modifiers())
        else:
            super().keyPressEvent(event)

    def _want(self, place: int, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.AltModifier:
            self.soloed.emit(place, False)
        else:
            self.toggled.emit(place)

    def changeEvent(self, event: QEvent) -> None:
        """Be drawn in the colours of another theme."""
        super().changeEvent(event)
        self.viewport().update()


class _RowDelegate(QStyledItemDelegate):
    """A disc in the group's colour, or its outline where the group is hidden, and the name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One row."""
        return QSize(_MARK, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row; a line round it says where the keyboard is."""
        view = option.widget
        palette, room = palette_of(view), QRectF(option.rect)
        is_shown = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small_font(view))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(palette.accent))
            painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
        colour = QColor(index.data(_COLOUR))
        painter.setPen(QColor(palette.outline) if is_shown else colour)
        painter.setBrush(colour if is_shown else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(2, room.center().y() - _MARK / 2, _MARK, _MARK))
        painter.setPen(QColor(palette.text if is_shown else palette.muted))
        text = room.adjusted(2 + _MARK + 6, 0, -2, 0)
        name = QFontMetricsF(painter.font()).elidedText(
            str(index.data(Qt.ItemDataRole.DisplayRole)), Qt.TextElideMode.ElideRight, text.width()
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()
