"""A part of a panel that can be folded away under its heading."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from explorer.views.icons import icon


class Collapsible(QWidget):
    """A heading that shows or hides its content."""

    def __init__(self, text: str, content: QWidget, *, is_open: bool) -> None:
        super().__init__()
        self._content = content
        self._heading = QToolButton()
        self._heading.setText(text)
        self._heading.setCheckable(True)
        self._heading.setToolTip(f"Show or hide: {text}")
        self._heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._heading.setProperty("role", "heading")
        self._heading.toggled.connect(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._heading)
        layout.addWidget(content)
        self._heading.setChecked(is_open)
        self._show(is_open)

    @property
    def heading(self) -> QWidget:
        """The heading, which takes the keyboard."""
        return self._heading

    @Slot(bool)
    def _show(self, is_open: bool) -> None:
        self._heading.setIcon(icon("chevron_down" if is_open else "chevron_right"))
        self._content.setVisible(is_open)
