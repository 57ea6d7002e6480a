"""Small ready-made controls: buttons that carry an icon and a reason, and lines between things."""

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget
from superqt import QElidingLabel

from explorer.views.icons import icon

NO_LIMIT = 16_777_215
"""The width of a widget that may be as wide as it likes, as Qt has it."""

# A place to break after every separator of a path, and within what has none.
_LONG_WORD_PART = re.compile(r"[^\s/\\]{24}|[/\\]")


def icon_button(name: str, tooltip: str, *, checkable: bool = False, text: str = "") -> QToolButton:
    """A flat button with an icon; the tooltip is its accessible name when it has no text."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(checkable)
    button.setToolTip(tooltip)
    button.setIcon(icon(name))
    button.setIconSize(QSize(16, 16))
    button.setAccessibleName(text or tooltip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if text:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("role", "text")
    return button


def push_button(text: str, tooltip: str, *, icon_name: str = "", is_primary: bool = False) -> QPushButton:
    """A button with a text; a primary one is the panel's main action."""
    button = QPushButton(text, autoDefault=False)
    button.setToolTip(tooltip)
    if icon_name:
        button.setIcon(icon(icon_name))
    if is_primary:
        button.setProperty("role", "primary")
    return button


def enable(widget: QWidget, tooltip: str, reason: str = "") -> None:
    """Enable a control, or disable it with the reason in its tooltip."""
    widget.setEnabled(not reason)
    widget.setToolTip(reason or tooltip)


def muted_label(text: str = "", *, wraps: bool = False) -> QLabel:
    """A label for what explains rather than says."""
    label = QLabel(text, wordWrap=wraps)
    label.setProperty("role", "muted")
    return label


def elided_label() -> QElidingLabel:
    """The same, cut short where there is no room for it instead of making the window wider."""
    label = QElidingLabel("")
    label.setProperty("role", "muted")
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    label.setMinimumWidth(40)
    return label


def row_label(text: str, editor: QWidget) -> QLabel:
    """The label of a form row, as high as its editor so that the two texts stand on one line."""
    label = QLabel(text)
    label.setBuddy(editor)
    label.setMinimumHeight(editor.sizeHint().height())
    return label


class SentenceLabel(QLabel):
    """A wrapping label for a sentence; a long path in it is broken too, rather than making the panel as wide."""

    def __init__(self, *, is_error: bool = False) -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._sentence = ""
        if is_error:
            self.setProperty("role", "error")
            self.hide()

    def show_sentence(self, text: str) -> None:
        """Show a sentence; an empty one takes the last away."""
        self._sentence = text
        self.setText(_LONG_WORD_PART.sub("\\g<0>\u200b", text))
        self.setToolTip(text)
        self.setAccessibleName(text)

    def sentence(self) -> str:
        """The sentence as it was given."""
        return self._sentence


def came_by_tab(event: QFocusEvent) -> bool:
    """Whether a widget got the keyboard by the Tab key, so that it must show where the keyboard is in it."""
    return event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


def hairline() -> QFrame:
    """A line one pixel high between two parts of a panel."""
    line = QFrame()
    line.setProperty("role", "hairline")
    return line
