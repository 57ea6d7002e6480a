"""How far some long work is, and a button that ends it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget
from superqt import QElidingLabel

from explorer.views.widgets.controls import push_button

_STEPS = 1000


class WorkProgress(QWidget):
    """A line with a bar; hidden while nothing goes on.

    cancelled(): the button was pressed.
    """

    cancelled = Signal()

    def __init__(self, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = QElidingLabel("")
        self._what.setProperty("role", "muted")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, _STEPS)
        self._cancel = push_button("Cancel", tooltip)
        self._cancel.clicked.connect(self.cancelled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self._what, stretch=1)
        layout.addWidget(self._bar, stretch=1)
        layout.addWidget(self._cancel)
        self.hide()

    def show_progress(self, share: float, what: str) -> None:
        """Show the share done from 0 to 1, and what is being done."""
        self._bar.setValue(round(_STEPS * share))
        self._what.setText(what)
        self.setAccessibleDescription(f"{what}, {share:.0%}")
        self.show()

    def end(self) -> None:
        """Nothing goes on any longer."""
        self.hide()
