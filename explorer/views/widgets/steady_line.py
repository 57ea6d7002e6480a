"""One line of text that may change at every step of a drag."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from superqt import QElidingLabel


class SteadyLine(QWidget):
    """A muted line that can be selected, shortened where it does not fit; a new text lays nothing out again.

    A label tells the layouts around it of every new text, and they then lay out the whole window. Its place here does
    not depend on the text, so nothing around needs to know.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QElidingLabel("", self)
        self._label.setProperty("role", "muted")
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """The whole text."""
        return str(self._label.text())

    def show_text(self, text: str) -> None:
        """Show a text, whole in the tooltip."""
        self._label.setText(text)
        self._label.setToolTip(text)

    def sizeHint(self) -> QSize:
        """As high as a line, however long."""
        return QSize(0, self._label.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """The same, as any part of the text can be left out."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the label all the room."""
        self._label.setGeometry(self.rect())
        super().resizeEvent(event)
