"""The slim bar over a dock."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QWidget

from explorer.views.widgets.controls import icon_button

_HEIGHT = 28


class DockTitle(QWidget):
    """Title, float and close; gone while the dock is one tab of several, whose tab says the same."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._dock = dock
        self._title = QLabel(dock.windowTitle())
        self._title.setProperty("role", "title")
        self._floating = icon_button("float", f"Float or dock {dock.windowTitle()}")
        self._close = icon_button("close", f"Close {dock.windowTitle()}; the View menu brings it back")
        self._floating.clicked.connect(self._toggle_floating)
        self._close.clicked.connect(dock.close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 4, 0)
        layout.setSpacing(0)
        layout.addWidget(self._title, stretch=1)
        layout.addWidget(self._floating)
        layout.addWidget(self._close)
        self._set_height(_HEIGHT)
        dock.topLevelChanged.connect(self.fit)
        dock.dockLocationChanged.connect(self.fit)
        dock.visibilityChanged.connect(self.fit)

    @Slot()
    def fit(self) -> None:
        """Show the bar, or leave the title to the tab."""
        window = self._dock.parentWidget()
        is_tab = isinstance(window, QMainWindow) and bool(window.tabifiedDockWidgets(self._dock))
        is_shown = not is_tab or self._dock.isFloating()
        self._set_height(_HEIGHT if is_shown else 0)
        for button in (self._floating, self._close):
            button.setVisible(is_shown)

    def _set_height(self, height: int) -> None:
        # Docks ask for the size hint rather than for the minimum, and thousands of times, so the label makes it.
        self._title.setFixedHeight(height)
        self.setFixedHeight(height)

    @Slot()
    def _toggle_floating(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())
