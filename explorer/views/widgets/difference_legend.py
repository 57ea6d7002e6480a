"""What the colours of a map of differences mean."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.state.reconstruction_values import DifferenceScale
from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.pictures import picture_image

_WIDTH, _HEIGHT, _GAP = 96, 8, 6


class DifferenceLegend(QWidget):
    """The colours from darker to brighter in one line, with the differences that have the full colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = DifferenceScale(np.full((2, 3), 255, np.uint8), 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_scale(self, scale: DifferenceScale) -> None:
        """Show what the colours mean."""
        self._scale = scale
        darker, brighter = self.texts()
        self.setAccessibleName(f"Colours of the differences, from {darker} to {brighter}")
        self.setToolTip(
            "Reconstruction minus original, where white is 1 and black 0: what is brighter is blue, what is darker is "
            f"red, and differences beyond ±{scale.reach:g} have the full colour; the scale is the same for all items"
        )
        self.updateGeometry()
        self.update()

    def texts(self) -> tuple[str, str]:
        """What stands at the two ends."""
        return f"darker −{self._scale.reach:g}", f"+{self._scale.reach:g} brighter"

    def sizeHint(self) -> QSize:
        """Room for the colours between their words."""
        metrics = QFontMetricsF(small_font(self))
        words = sum(metrics.horizontalAdvance(text) for text in self.texts())
        return QSize(round(words) + _WIDTH + 2 * _GAP + 4, round(metrics.height()) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw words and colours."""
        painter, palette = QPainter(self), palette_of(self)
        painter.setFont(small_font(self))
        painter.setPen(QColor(palette.muted))
        metrics = QFontMetricsF(painter.font())
        first, last = self.texts()
        painter.drawText(QRectF(0, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, first)
        bar = QRectF(metrics.horizontalAdvance(first) + _GAP, (self.height() - _HEIGHT) / 2, _WIDTH, _HEIGHT)
        painter.drawImage(bar, picture_image(self._scale.colours[None]))
        painter.drawRect(bar)
        after = QRectF(bar.right() + _GAP, 0, self.width(), self.height())
        painter.drawText(after, Qt.AlignmentFlag.AlignVCenter, last)
