"""Selected items: found by index or class, counted, named, exported, and looked at beside their neighbours."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import SentenceLabel, elided_label, enable, icon_button, push_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.work_progress import WorkProgress

_SHOWN = (("nearest", "Nearest"), ("selected", "Selected"))
_SHOWN_TIP = "Pictures of the items nearest to the current point, or of the selected ones"
_SEARCH_TIP = "Enter goes to the item, of a class to the next member each time; Shift+Enter selects all it means"
_NO_SELECTION = "Select points on the map first: hold Shift and drag, or draw round them"
_NAME = Qt.ItemDataRole.UserRole


class SelectionPanel(QWidget):
    """Left search, count and name; in the middle the named groups; right pictures.

    search_requested(text): go to an item; members_requested(text): select all it means. name_requested(name): keep the
    selection under a name. group_chosen(place): select a group again; group_renamed(place, name);
    group_removed(place). table_requested(), pictures_requested(): export the selection; export_cancelled(): after all
    not. shown_chosen(str): "nearest" or "selected" pictures. item_activated(place): take a picture's item to the ring;
    key_point_wanted(place): let the path go on to it. shown_at_last(): the panel has come to the front.
    """

    search_requested = Signal(str)
    members_requested = Signal(str)
    name_requested = Signal(str)
    group_chosen = Signal(int)
    group_renamed = Signal(int, str)
    group_removed = Signal(int)
    table_requested = Signal()
    pictures_requested = Signal()
    export_cancelled = Signal()
    shown_chosen = Signal(str)
    item_activated = Signal(int)
    key_point_wanted = Signal(int)
    shown_at_last = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selection_panel")
        self._search = QLineEdit(placeholderText="Index, or class 7", clearButtonEnabled=True)
        self._search.setAccessibleName("Item to find")
        self._search.setToolTip(_SEARCH_TIP)
        self._members = push_button("Select", "Select the item, or all items of the class")
        self._count = elided_label()
        self._count.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._table = icon_button("file", "Export the selection as CSV")
        self._files = icon_button("export", "Export the selection as pictures")
        self._name = QLineEdit(placeholderText="Name of the group")
        self._name.setAccessibleName("Name of the group")
        self._keep = push_button("Keep", "Keep the selection under this name")
        self._problem = SentenceLabel(is_error=True)
        self._progress = WorkProgress("Give up writing; no half of it stays behind")
        self._groups = QListWidget()
        self._groups.setAccessibleName("Named groups: Enter selects, F2 renames, Delete removes")
        self._groups.setToolTip("Enter or a double click selects a group again, F2 renames it, Delete removes it")
        self._shown = ChoiceBox("Pictures", _SHOWN_TIP, [text for _, text in _SHOWN])
        self._note = elided_label()
        self._grid = ImageGrid()
        self._grid.setAccessibleName("Pictures of items; Enter takes one to the ring, P adds one to the path")
        self._grid.offer_key_points()
        self._empty = EmptyState()
        self._lay_out()
        self._connect()
        self.show_count(0, 0)
        self.show_groups(())
        self.show_nothing("Pictures of items appear here once a model is open.")

    def show_count(self, selected: int, total: int) -> None:
        """Say how many of all items are selected."""
        self._count.setText(f"{selected:,} of {total:,} selected" if selected else "Nothing is selected")
        reason = "" if selected else _NO_SELECTION
        enable(self._table, "Export the selection as CSV (Ctrl+Alt+T)", reason)
        enable(self._files, "Export the selection as pictures (Ctrl+Alt+P)", reason)
        enable(self._keep, "Keep the selection under this name (Ctrl+G names it)", reason)

    def show_groups(self, groups: Sequence[tuple[str, int]]) -> None:
        """Show the names of groups and how many items each has; announces nothing."""
        blocked, row = self._groups.blockSignals(True), self._groups.currentRow()
        self._groups.clear()
        for name, count in groups:
            item = QListWidgetItem(f"{name}  ({count:,})")
            item.setData(_NAME, name)
            item.setToolTip(f"{item.text()}\nEnter or a double click selects it, F2 renames it, Delete removes it")
            self._groups.addItem(item)
        self._groups.setCurrentRow(min(row, len(groups) - 1))
        self._groups.setVisible(bool(groups))
        self._groups.blockSignals(blocked)

    def show_problem(self, sentence: str) -> None:
        """Say why something could not be done; an empty sentence takes the last away."""
        self._problem.show_sentence(sentence)
        self._problem.setVisible(bool(sentence))

    def show_progress(self, share: float, what: str) -> None:
        """Show how far the export is, from 0 to 1."""
        self._progress.show_progress(share, what)

    def end_progress(self) -> None:
        """Nothing is being written."""
        self._progress.end()

    def show_pictures(self, pictures: NDArray[np.uint8], captions: tuple[str, ...], note: str) -> None:
        """Show pictures (count, height, width, 1 or 3) with captions under a note."""
        self._grid.show_pictures(pictures[:, None], captions)
        self._note.setText(note)
        self._note.setToolTip(note)
        self._pages.setCurrentWidget(self._grid)

    def show_nothing(self, sentence: str) -> None:
        """Say why there are no pictures."""
        self._note.clear()
        self._empty.show_line(sentence)
        self._pages.setCurrentWidget(self._empty)

    def show_chosen(self, shown: str) -> None:
        """Show which pictures are chosen; announces nothing."""
        self._shown.setCurrentIndex([name for name, _ in _SHOWN].index(shown))

    def begin_search(self) -> None:
        """Bring the panel to the front and put the keyboard into the search."""
        self._come_to_front(self._search)
        self._search.selectAll()

    def begin_naming(self) -> None:
        """Bring the panel to the front and put the keyboard where the selection gets a name."""
        self._come_to_front(self._name)
        self._name.selectAll()

    def go_to_pictures(self) -> None:
        """Bring the panel to the front and put the keyboard into the pictures."""
        self._come_to_front(self._grid)

    def _come_to_front(self, part: QWidget) -> None:
        dock = self.parentWidget()
        if isinstance(dock, QDockWidget):
            dock.show()
            dock.raise_()
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._grid.set_smooth(smooth)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(4)
        for row in ((self._search, self._members), (self._count, self._table, self._files), (self._name, self._keep)):
            line = QHBoxLayout()
            line.setSpacing(4)
            for place, widget in enumerate(row):
                line.addWidget(widget, stretch=int(place == 0))
            left.addLayout(line)
        left.addStretch()
        right = QVBoxLayout()
        right.setSpacing(4)
        above = QHBoxLayout()
        above.addWidget(self._shown)
        above.addWidget(self._note, stretch=1)
        above.setContentsMargins(0, 0, 8, 0)
        right.addLayout(above)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._grid)
        self._pages.addWidget(self._empty)
        right.addLayout(self._pages, stretch=1)
        self._search.setMinimumWidth(116)
        self._groups.setMinimumWidth(80)
        self._groups.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._groups.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        columns = QHBoxLayout()
        columns.setSpacing(8)
        columns.addLayout(left, stretch=6)
        columns.addWidget(self._groups, stretch=4)
        columns.addLayout(right, stretch=8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(columns, stretch=1)
        layout.addWidget(self._problem)
        layout.addWidget(self._progress)

    def _connect(self) -> None:
        self._search.returnPressed.connect(self._tell_search)
        self._members.clicked.connect(self._tell_members)
        self._name.returnPressed.connect(self._tell_name)
        self._keep.clicked.connect(self._tell_name)
        self._table.clicked.connect(self.table_requested)
        self._files.clicked.connect(self.pictures_requested)
        self._progress.cancelled.connect(self.export_cancelled)
        self._groups.itemActivated.connect(self._tell_group)
        self._groups.itemChanged.connect(self._tell_renamed)
        self._shown.activated.connect(self._tell_shown)
        self._grid.item_activated.connect(self.item_activated)
        self._grid.key_point_wanted.connect(self.key_point_wanted)
        for place, key, slot in (
            (self._groups, "F2", self._rename),
            (self._groups, "Del", self._remove),
            (self._search, "Shift+Return", self._tell_members),
        ):
            shortcut = QShortcut(QKeySequence(key), place, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    @Slot()
    def _tell_search(self) -> None:
        self.search_requested.emit(self._search.text())

    @Slot()
    def _tell_members(self) -> None:
        self.members_requested.emit(self._search.text())

    @Slot()
    def _tell_name(self) -> None:
        if self._keep.isEnabled():
            self.name_requested.emit(self._name.text().strip())
        else:
            self.show_problem(f"{_NO_SELECTION}.")

    @Slot(QListWidgetItem)
    def _tell_group(self, item: QListWidgetItem) -> None:
        self.group_chosen.emit(self._groups.row(item))

    @Slot()
    def _rename(self) -> None:
        item = self._groups.currentItem()
        if item is not None:
            blocked = self._groups.blockSignals(True)
            item.setText(item.data(_NAME))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self._groups.blockSignals(blocked)
            self._groups.editItem(item)

    @Slot(QListWidgetItem)
    def _tell_renamed(self, item: QListWidgetItem) -> None:
        self.group_renamed.emit(self._groups.row(item), item.text().strip())

    @Slot()
    def _remove(self) -> None:
        if self._groups.currentRow() >= 0:
            self.group_removed.emit(self._groups.currentRow())

    @Slot(int)
    def _tell_shown(self, place: int) -> None:
        self.shown_chosen.emit(_SHOWN[place][0])

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that pictures are wanted now."""
        super().showEvent(event)
        self.shown_at_last.emit()
