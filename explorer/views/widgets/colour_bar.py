"""The bar that says what the colours of a palette mean."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.views.theme import NO_CLASS_COLOUR, palette_of, small_font
from explorer.views.widgets.tick_marks import tick_text

_WIDTH, _HEIGHT = 14, 140
_FINENESS = 0.02


@dataclass(frozen=True)
class ColourScale:
    """What a palette's colours mean: the numbers at its ends, in a unit that may be empty.

    colours: from the lowest to the highest. has_missing: some items have no number, and are grey.
    """

    name: str
    lowest: float
    highest: float
    unit: str = ""
    colours: tuple[QColor, ...] = ()
    has_missing: bool = False


class ColourBar(QWidget):
    """A palette from bottom to top with the numbers at its ends, and grey below it where items have none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("colour_bar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._scale = ColourScale("", 0.0, 1.0)

    def show_scale(self, scale: ColourScale) -> None:
        """Show what the colours mean."""
        self._scale = scale
        texts = self.texts()
        said = f"{scale.name} from {texts[-1]} to {texts[0]} {scale.unit}".strip()
        self.setAccessibleName(said)
        self.setToolTip(f"{said}; one in a hundred items at each end lies beyond and has the colour of the end")
        self.updateGeometry()
        self.update()

    def texts(self) -> tuple[str, ...]:
        """The numbers beside the bar, the highest first."""
        scale = self._scale
        values = [scale.highest, (scale.highest + scale.lowest) / 2, scale.lowest]
        return tuple(tick_text(value, _FINENESS * (scale.highest - scale.lowest)) for value in values)

    def sizeHint(self) -> QSize:
        """Room for name, bar and numbers."""
        metrics = QFontMetricsF(small_font(self))
        beside = _WIDTH + 8 + max(metrics.horizontalAdvance(text) for text in self.texts())
        widest = max(beside, *(metrics.horizontalAdvance(word) for word in self._title()))
        rows = len(self._title()) + (1 if self._scale.has_missing else 0)
        return QSize(round(widest) + 4, round(_HEIGHT + 20 + rows * (metrics.height() + 2)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the title, the bar and its numbers."""
        palette, colours = palette_of(self), self._scale.colours
        painter = QPainter(self)
        painter.setFont(small_font(self))
        metrics = QFontMetricsF(painter.font())
        line, top = metrics.height() + 2, metrics.ascent()
        painter.setPen(QColor(palette.text))
        for text in self._title():
            painter.drawText(0, round(top), text)
            top += line
        bar = QRectF(0.5, top - metrics.ascent() + 6.5, _WIDTH, _HEIGHT)
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for place, colour in enumerate(colours):
            gradient.setColorAt(place / max(len(colours) - 1, 1), colour)
        painter.fillRect(bar, gradient)
        painter.setPen(QColor(palette.outline))
        painter.drawRect(bar)
        painter.setPen(QColor(palette.text))
        for place, text in enumerate(self.texts()):
            y = bar.top() + place * bar.height() / 2
            painter.drawText(QRectF(_WIDTH + 6, y - 10, self.width(), 20), Qt.AlignmentFlag.AlignVCenter, text)
        if self._scale.has_missing:
            row = QRectF(0.5, bar.bottom() + 8, _WIDTH, 12)
            painter.fillRect(row, QColor(NO_CLASS_COLOUR))
            painter.drawText(row.adjusted(_WIDTH + 6, -4, self.width(), 4), Qt.AlignmentFlag.AlignVCenter, "none")

    def _title(self) -> tuple[str, ...]:
        scale = self._scale
        return (scale.name, scale.unit) if scale.unit else (scale.name,)
