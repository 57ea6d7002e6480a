"""The small row of tools with which points of the map are selected."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.views.widgets.controls import icon_button, muted_label
from explorer.views.widgets.region_gesture import Tool

_TOOLS: tuple[tuple[Tool, str, str], ...] = (
    ("lasso", "lasso", "Select points by drawing round them (or hold L and drag)"),
    ("box", "box", "Select points in a box (or Shift and drag)"),
)


class SelectionTools(QWidget):
    """Lasso, box, how many points are selected, and a button that clears.

    tool_chosen(str): a tool, or empty for none. cleared(): select nothing.
    """

    tool_chosen = Signal(str)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count: QLabel = muted_label()
        self._buttons = {tool: icon_button(name, tip, checkable=True) for tool, name, tip in _TOOLS}
        self._clear = icon_button("close", "Select nothing (Escape)")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._count)
        layout.addWidget(self._clear)
        for button in self._buttons.values():
            layout.addWidget(button)
            button.setFixedSize(24, 22)
            button.setIconSize(QSize(14, 14))
            button.clicked.connect(self._tell)
        self._clear.setFixedSize(24, 22)
        self._clear.clicked.connect(self.cleared)
        self.show_count(0)

    def show_tool(self, tool: str) -> None:
        """Show which tool is in the hand; announces nothing."""
        for name, button in self._buttons.items():
            button.setChecked(name == tool)

    def show_count(self, count: int) -> None:
        """Say how many points are selected."""
        self._count.setText(f"{count:,} selected" if count else "")
        self._clear.setVisible(bool(count))
        self.adjustSize()

    @Slot()
    def _tell(self) -> None:
        chosen = next(tool for tool, button in self._buttons.items() if button is self.sender())
        self.tool_chosen.emit(chosen if self._buttons[chosen].isChecked() else "")
