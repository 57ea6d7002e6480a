"""What is said of the pictures above in a line, with the colours of their differences where there is room for both."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from explorer.state.reconstruction_values import DifferenceScale
from explorer.views.widgets.controls import elided_label
from explorer.views.widgets.difference_legend import DifferenceLegend

_MARGIN, _SPACING = 8, 16
_BETWEEN = 2 * _MARGIN + _SPACING + 2


class SummaryLine(QWidget):
    """A sentence, cut short and whole in its tooltip, and a legend; hidden while there is neither."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = elided_label()
        self._legend = DifferenceLegend()
        self._has_legend = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 2, _MARGIN, 2)
        layout.setSpacing(_SPACING)
        layout.addWidget(self._text, stretch=1)
        layout.addWidget(self._legend)
        self.show_summary("")

    def show_summary(self, text: str, has_legend: bool = False) -> None:
        """Say a sentence. has_legend: whether there are differences."""
        self._has_legend = has_legend
        self._text.setText(text)
        self._text.setToolTip(text)
        self._show_parts()
        if self.isHidden() == (has_legend or bool(text)):
            self.setVisible(has_legend or bool(text))

    def show_scale(self, scale: DifferenceScale) -> None:
        """Say what the colours of differences mean."""
        self._legend.show_scale(scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the sentence where there is little."""
        super().resizeEvent(event)
        self._show_parts()

    def _show_parts(self) -> None:
        words = self._text.fontMetrics().horizontalAdvance(self._text.text())
        room = self.width() - self._legend.sizeHint().width() - _BETWEEN
        is_shown = self._has_legend and (not words or words <= room)
        if self._legend.isHidden() == is_shown:
            self._legend.setVisible(is_shown)
