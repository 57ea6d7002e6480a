"""What a panel shows while it has nothing to show: one line, and the button that gets there."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget


class EmptyState(QWidget):
    """A centred line with an optional button.

    action() is emitted when the button is pressed.
    """

    action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._line.setProperty("role", "muted")
        self._button = QPushButton()
        self._button.clicked.connect(self.action)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        layout.addStretch()
        layout.addWidget(self._line)
        layout.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignCenter)
        layout.addStretch()
        self.show_line("")

    def minimumSizeHint(self) -> QSize:
        """Small: a sentence of several lines must not push the panels beside it away."""
        return QSize(96, 64)

    def show_line(self, text: str, button: str = "") -> None:
        """Say what will be shown here; the button is there only when it has a text."""
        self._line.setText(text)
        self._button.setText(button)
        self._button.setToolTip(button)
        self._button.setVisible(bool(button))
