"""A sum of classes, groups and items, with its terms drawn beside each other."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCompleter, QDialog, QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from explorer.views.widgets.controls import SentenceLabel, enable, icon_button, push_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.work_progress import WorkProgress

_GO, _COPY, _EXPORT = "Put the ring at the sum", "Copy the pictures to the clipboard", "Export the terms and their sum"
_NOTHING = "There is no sum yet"
_EXAMPLE = 'such as smiling − "not smiling" + 0.5 * #12'


class ArithmeticDialog(QDialog):
    """A line to type a sum in, its terms and what they make; it does not stop the window behind it.

    sum_requested(text); go_requested(); item_activated(index): of the terms and, last, the sum; export_requested(),
    copy_requested(); cancelled(); seen(bool): it was opened or closed.
    """

    sum_requested = Signal(str)
    go_requested = Signal()
    item_activated = Signal(int)
    export_requested = Signal()
    copy_requested = Signal()
    cancelled = Signal()
    seen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("arithmetic_dialog")
        self.setWindowTitle("Sums of codes")
        self._line = QLineEdit()
        self._sum = push_button("Compute", "Compute the sum and draw its terms", is_primary=True)
        self._go = push_button("Go there", _GO)
        self._copy, self._export = icon_button("copy", _COPY), icon_button("export", _EXPORT)
        self._progress = WorkProgress("Compute no further")
        self._grid, self._empty = ImageGrid(), EmptyState()
        self._problem, self._names = SentenceLabel(is_error=True), SentenceLabel()
        self._describe()
        self._lay_out()
        self._connect()
        self.show_empty("The terms of a sum and what they make are drawn here.")
        self.resize(760, 340)

    def show_text(self, text: str) -> None:
        """Show a sum as it was typed; announces nothing."""
        self._line.setText(text)

    def show_names(self, names: tuple[str, ...], items: int) -> None:
        """Say what can be named: classes, attributes and groups, and the first `items` numbers with a # before them."""
        completer = QCompleter(list(names), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._line.setCompleter(completer)
        known = [", ".join(names)] if names else []
        known += [f"#0 to #{items - 1:,}" if items else "", "sample:1, sample:2, …, and picture files"]
        self._names.show_sentence(f"Known here: {'; '.join(part for part in known if part)}.")

    def show_terms(self, pictures: NDArray[np.uint8], titles: tuple[str, ...]) -> None:
        """Show pictures (terms + 1, height, width, 1 or 3), the last of which is the sum."""
        self._problem.show_sentence("")
        self._problem.hide()
        self._grid.show_pictures(pictures[:, None], columns=len(titles), column_titles=titles)
        self._grid.mark(len(titles) - 1)
        self._grid.set_faded(False)
        self._show_page(self._grid)

    def show_problem(self, text: str) -> None:
        """Say why there is no sum; what was drawn before stands back."""
        self._problem.show_sentence(text)
        self._problem.setVisible(bool(text))
        self._grid.set_faded(bool(text))

    def show_progress(self, share: float, what: str) -> None:
        """Show how far the computation is, from 0 to 1."""
        self._progress.show_progress(share, what)

    def end_progress(self) -> None:
        """Nothing is being computed."""
        self._progress.end()

    def show_empty(self, text: str) -> None:
        """Say in one line what will be here."""
        self._empty.show_line(text)
        self._show_page(self._empty)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._grid.set_smooth(smooth)

    def problem(self) -> str:
        """The sentence that is shown, empty for none."""
        return self._problem.sentence()

    def showEvent(self, event: QShowEvent) -> None:
        """Announce that it is seen, and begin at the line."""
        super().showEvent(event)
        self._line.setFocus()
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Announce that nobody sees it any longer."""
        super().hideEvent(event)
        self.seen.emit(False)

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        reason = _NOTHING if page is self._empty else ""
        for button, tooltip in ((self._go, _GO), (self._copy, _COPY), (self._export, _EXPORT)):
            enable(button, tooltip, reason)

    def _describe(self) -> None:
        self._line.setAccessibleName("Sum")
        self._line.setPlaceholderText(_EXAMPLE)
        self._line.setToolTip("Names and numbers with + and − between them; names with other signs in quotes")
        self._grid.setAccessibleName("Terms and their sum; Enter goes to the code of one")
        self._names.setProperty("role", "muted")

    def _lay_out(self) -> None:
        line, bar = QHBoxLayout(), QHBoxLayout()
        line.addWidget(self._line, stretch=1)
        line.addWidget(self._sum)
        bar.addWidget(self._names, stretch=1)
        for button in (self._go, self._copy, self._export):
            bar.addWidget(button)
        self._pages = QStackedLayout()
        for page in (self._grid, self._empty):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(line)
        layout.addWidget(self._problem)
        layout.addWidget(self._progress)
        layout.addLayout(self._pages, stretch=1)
        layout.addLayout(bar)

    def _connect(self) -> None:
        self._line.returnPressed.connect(self._tell)
        self._sum.clicked.connect(self._tell)
        self._go.clicked.connect(self.go_requested)
        self._copy.clicked.connect(self.copy_requested)
        self._export.clicked.connect(self.export_requested)
        self._progress.cancelled.connect(self.cancelled)
        self._grid.item_activated.connect(self.item_activated)

    def _tell(self) -> None:
        self.sum_requested.emit(self._line.text())
