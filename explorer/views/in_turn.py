"""What a panel shows, or in its place the same of a second model."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedLayout, QToolButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.views.theme import small_font


class InTurn(QWidget):
    """One widget; or two, of which a person sees the one that was chosen above them.

    name: what both are, for whoever cannot see them.
    """

    def __init__(self, first: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._chooser: _Chooser | None = None
        self._pages = QStackedLayout()
        self._pages.addWidget(first)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self._pages, stretch=1)

    @property
    def side(self) -> int:
        """0 while the first is seen, 1 for the second."""
        return self._pages.currentIndex()

    def put(self, second: QWidget) -> None:
        """Offer a second widget; the first stays in sight."""
        self._chooser = _Chooser(self._name)
        self._chooser.chosen.connect(self._pages.setCurrentIndex)
        self._column.insertWidget(0, self._chooser)
        self._chooser.show()
        self._pages.addWidget(second)
        self._pages.setCurrentIndex(0)

    def leave_alone(self) -> None:
        """Take the second widget away."""
        for widget in (self._chooser, self._pages.widget(1)):
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self._chooser = None

    def show_titles(self, titles: tuple[str, str]) -> None:
        """Say which models they are of."""
        if self._chooser is not None:
            self._chooser.show_titles(titles)


class _Chooser(QWidget):
    chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._titles = ("", "")
        self._title = QElidingLabel("")
        self._title.setFont(small_font(self._title))
        self._title.setProperty("role", "muted")
        self._buttons = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        for side, letter in enumerate("AB"):
            button = QToolButton()
            button.setText(letter)
            button.setCheckable(True)
            button.setProperty("role", "name")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._buttons.addButton(button, side)
            row.addWidget(button)
        row.addWidget(self._title, stretch=1)
        self._buttons.button(0).setChecked(True)
        self._buttons.idClicked.connect(self._choose)
        self.show_titles(self._titles)

    def show_titles(self, titles: tuple[str, str]) -> None:
        self._titles = titles
        for side, title in enumerate(titles):
            said = f"{self._name} of {'AB'[side]}" + (f", {title}" if title else "")
            self._buttons.button(side).setToolTip(said)
            self._buttons.button(side).setAccessibleName(said)
        self._show_title()

    @Slot(int)
    def _choose(self, side: int) -> None:
        self._show_title()
        self.chosen.emit(side)

    def _show_title(self) -> None:
        title = self._titles[self._buttons.checkedId()]
        self._title.setText(title)
        self._title.setToolTip(title)
