"""A choice of the model that is compared with the open one."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.training_values import LibraryEntry
from explorer.views.library_list import LibraryList
from explorer.views.widgets.controls import enable, muted_label, push_button
from explorer.views.widgets.empty_state import EmptyState

_COMPARE = "Show the selected model beside the open one"


class ComparisonDialog(QDialog):
    """Lists models; it does not stop the window behind it, and Escape closes it.

    model_chosen(path); file_wanted(), run_wanted(): one that is not in the list.
    """

    model_chosen = Signal(str)
    file_wanted = Signal()
    run_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparison_dialog")
        self.setWindowTitle("Compare with")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._list = LibraryList()
        self._list.setAccessibleName("Models to compare with; Enter chooses")
        self._empty = EmptyState()
        self._empty.show_line("Looking for models …")
        self._compare = push_button("Compare", _COMPARE, is_primary=True)
        self._file = push_button("Other file…", "Choose a checkpoint file that is not in the list")
        self._run = push_button("Other run…", "Choose a run folder that is not in the list")
        self._cancel = push_button("Cancel", "Compare nothing")
        self._lay_out()
        self._list.activated.connect(self._choose)
        self._list.selectionModel().currentChanged.connect(self._enable)
        self._compare.clicked.connect(self._choose)
        self._file.clicked.connect(self._want_file)
        self._run.clicked.connect(self._want_run)
        self._cancel.clicked.connect(self.reject)
        self._enable()
        self.resize(420, 440)

    def show_entries(self, entries: tuple[LibraryEntry, ...], chosen: str) -> None:
        """Show what can be compared; chosen: path of what is compared already."""
        self._list.show_entries(entries)
        self._list.show_open(chosen)
        if self._list.selected() is None and entries:
            self._list.setCurrentIndex(self._list.model().index(0, 0))
        self._empty.show_line("There is no other model in the library; choose a file or a run.")
        self._pages.setCurrentWidget(self._list if entries else self._empty)
        self._list.setFocus()
        self._enable()

    def _lay_out(self) -> None:
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._list)
        below = QHBoxLayout()
        below.addWidget(self._file)
        below.addWidget(self._run)
        below.addStretch()
        below.addWidget(self._cancel)
        below.addWidget(self._compare)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(muted_label("B, the model beside the open one; the open model may be chosen, too", wraps=True))
        layout.addLayout(self._pages, stretch=1)
        layout.addLayout(below)

    @Slot()
    def _enable(self) -> None:
        enable(self._compare, _COMPARE, "" if self._list.selected() is not None else "Select a model first")

    @Slot()
    def _choose(self) -> None:
        entry = self._list.selected()
        if entry is not None:
            self.model_chosen.emit(entry.path)
            self.accept()

    @Slot()
    def _want_file(self) -> None:
        self.file_wanted.emit()
        self.accept()

    @Slot()
    def _want_run(self) -> None:
        self.run_wanted.emit()
        self.accept()
