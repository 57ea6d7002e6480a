"""What a panel shows, and beside it the same of a second model while there is one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QSplitter, QVBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.views.theme import small_font

_WIDE = 10_000


class Beside(QSplitter):
    """One widget, or two that are as wide as each other, each below the name of its model."""

    def __init__(self, first: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self._titles = [_title()]
        self._titles[0].hide()
        self.addWidget(_column(self._titles[0], first))

    def put(self, second: QWidget) -> None:
        """Show a second widget to the right of the first."""
        self._titles.append(_title())
        self.addWidget(_column(self._titles[1], second))
        self._titles[0].show()
        self.setSizes([_WIDE, _WIDE])

    def leave_alone(self) -> None:
        """Take the second widget away."""
        for column in [self.widget(place) for place in range(1, self.count())]:
            if column is not None:
                column.hide()
                column.setParent(None)
                column.deleteLater()
        del self._titles[1:]
        self._titles[0].hide()

    def show_titles(self, titles: tuple[str, str]) -> None:
        """Say which models they are of."""
        for label, text in zip(self._titles, titles, strict=False):
            label.setText(text)
            label.setToolTip(text)


def _column(title: QElidingLabel, content: QWidget) -> QWidget:
    column = QWidget()
    # Both are as wide as each other, whatever their content would like.
    column.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(title)
    layout.addWidget(content, stretch=1)
    return column


def _title() -> QElidingLabel:
    label = QElidingLabel("")
    label.setFont(small_font(label))
    label.setProperty("role", "muted")
    label.setContentsMargins(8, 2, 8, 0)
    label.setMinimumWidth(32)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return label
