"""Runs, checkpoint files and shipped models that can be opened."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.training_values import LibraryEntry
from explorer.views.icons import icon
from explorer.views.library_list import LibraryList
from explorer.views.widgets.controls import enable, icon_button, push_button
from explorer.views.widgets.empty_state import EmptyState


class LibraryPanel(QWidget):
    """A list with two lines per entry.

    open_requested(path), compare_requested(path): beside the open model. resume_requested(run),
    reveal_requested(path), refresh_requested().
    """

    open_requested = Signal(str)
    compare_requested = Signal(str)
    resume_requested = Signal(str)
    reveal_requested = Signal(str)
    refresh_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("library_panel")
        self._list = LibraryList()
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
        self._list.show_entries(entries)
        self._pages.setCurrentWidget(self._list if entries else self._empty)
        self._enable()

    def show_open(self, path: str) -> None:
        """Mark the entry that is open."""
        self._list.show_open(path)

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
        compared = menu.addAction(icon("compare"), "Compare with the open model")
        compared.setEnabled(self._open.isEnabled())
        compared.triggered.connect(self._request_comparison)
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

    def _request_open(self) -> None:
        entry = self._list.selected()
        if entry is not None:
            self.open_requested.emit(entry.path)

    def _request_comparison(self) -> None:
        entry = self._list.selected()
        if entry is not None:
            self.compare_requested.emit(entry.path)

    def _request_resume(self) -> None:
        entry = self._list.selected()
        if entry is not None:
            self.resume_requested.emit(entry.path)

    def _request_reveal(self) -> None:
        entry = self._list.selected()
        if entry is not None:
            self.reveal_requested.emit(entry.path)

    def _show_menu(self, position: QPoint) -> None:
        if self._list.indexAt(position).isValid():
            menu = self.context_menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self._list.viewport().mapToGlobal(position))

    def _enable(self) -> None:
        entry = self._list.selected()
        missing = "" if entry is not None else "Select an entry first"
        enable(self._open, "Open the selected entry on the map", missing)
        enable(self._reveal, "Show the selected entry in its folder", missing)
        no_resume = missing
        if entry is not None and entry.kind != "run":
            no_resume = "Only a run can be trained further"
        elif entry is not None and entry.is_training:
            no_resume = "This run is training already"
        enable(self._resume, "Train the selected run further", no_resume)
