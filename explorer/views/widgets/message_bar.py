"""A thin bar that says one sentence in place of a box that would stop everything."""

from typing import Literal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from explorer.views.icons import icon
from explorer.views.theme import palette_of
from explorer.views.widgets.controls import SentenceLabel, icon_button

MessageKind = Literal["info", "error"]

_NEWS_MS = 8000


class MessageBar(QWidget):
    """A sentence with an optional button; hidden until there is something to say.

    Good news without a button go by themselves after some seconds; what went wrong stays until it is closed.

    action(): the button was pressed.
    """

    action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: MessageKind = "info"
        self._end = QTimer(self, singleShot=True, interval=_NEWS_MS)
        self._end.timeout.connect(self.hide)
        self._mark = QLabel()
        self._text = SentenceLabel()
        self._button = QPushButton()
        self._button.clicked.connect(self.action)
        close = icon_button("close", "Close this message")
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(8)
        layout.addWidget(self._mark)
        layout.addWidget(self._text, stretch=1)
        layout.addWidget(self._button)
        layout.addWidget(close)
        self.hide()

    def show_message(self, text: str, kind: MessageKind, action_label: str = "") -> None:
        """Say a sentence; an empty one hides the bar."""
        self._kind = kind
        self._text.show_sentence(text)
        self._mark.setPixmap(icon(kind).pixmap(18, 18))
        self._button.setText(action_label)
        self._button.setToolTip(action_label)
        self._button.setVisible(bool(action_label))
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        if text and kind == "info" and not action_label:
            self._end.start()
        else:
            self._end.stop()
        self.update()

    def text(self) -> str:
        """The sentence shown."""
        return self._text.sentence()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, a hairline below, and a stripe in the colour of the kind."""
        painter, palette = QPainter(self), palette_of(self)
        painter.fillRect(self.rect(), QColor(palette.raised))
        stripe = QColor(palette.error if self._kind == "error" else palette.accent)
        painter.fillRect(0, 0, 3, self.height(), stripe)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(palette.hairline))
