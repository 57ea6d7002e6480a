"""One line below a picture, with an optional button beside it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.views.widgets.controls import push_button


class NoteLine(QWidget):
    """A muted sentence, shortened where it does not fit and whole in its tooltip; hidden while it is empty.

    action(): the button was pressed.
    """

    action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QElidingLabel("")
        self._text.setProperty("role", "muted")
        self._button = push_button("", "")
        self._button.clicked.connect(self.action)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self._text, stretch=1)
        layout.addWidget(self._button)
        self.show_note("")

    def show_note(self, text: str, button: str = "", tooltip: str = "", *, whole: str = "") -> None:
        """Say a sentence, and offer a button where it has a text.

        whole: rich text for the tooltip of what is too long for a line of one, which only that breaks into lines.
        """
        self._text.setText(text)
        self._text.setToolTip(whole or text)
        self._text.setAccessibleName(text)
        self._button.setText(button)
        self._button.setToolTip(tooltip or button)
        self._button.setVisible(bool(button))
        self.setVisible(bool(text))

    def text(self) -> str:
        """The whole sentence."""
        return str(self._text.text())
