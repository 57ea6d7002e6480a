"""The parts of two models beside each other where before there was one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QSplitter, QVBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.views.theme import small_font

_WIDE = 10_000


class Beside(QSplitter):
    """Two panels, each below the name of its model."""

    def __init__(self, first: QWidget, second: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self._titles = (_title(), _title())
        for title, panel in zip(self._titles, (first, second), strict=True):
            column = QWidget()
            layout = QVBoxLayout(column)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
            layout.addWidget(title)
            layout.addWidget(panel, stretch=1)
            # Both are as wide as each other, whatever their content would like.
            column.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            self.addWidget(column)
            panel.show()
        self.setSizes([_WIDE, _WIDE])

    def show_titles(self, titles: tuple[str, str]) -> None:
        """Say which models they are of."""
        for label, text in zip(self._titles, titles, strict=True):
            label.setText(text)
            label.setToolTip(text)


def _title() -> QElidingLabel:
    label = QElidingLabel("")
    label.setFont(small_font(label))
    label.setProperty("role", "muted")
    label.setContentsMargins(8, 2, 8, 0)
    label.setMinimumWidth(32)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return label
