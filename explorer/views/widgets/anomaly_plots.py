"""How the scores of two groups of items are spread, and how well a threshold tells the groups apart."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.state.anomaly_values import AnomalyFacts
from explorer.views.theme import class_colour, palette_of, small_font
from explorer.views.widgets.plot_frame import PlotFrame

_ANOMALOUS, _USUAL = 0, 1
"""Colours of the two groups: the first two of those of classes, which are far apart for every eye."""

_FAINT = 70


class _AnomalyPlot(QWidget):
    """A plot of the same facts, drawn in the colours of the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: AnomalyFacts | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)

    def show_facts(self, facts: AnomalyFacts) -> None:
        """Show scores and what they tell."""
        self._facts = facts
        self.setAccessibleName(self._said(facts))
        self.setToolTip(self._said(facts))
        self.update()

    def sizeHint(self) -> QSize:
        """Room to read it."""
        return QSize(240, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the plot."""
        painter, palette = QPainter(self), palette_of(self)
        painter.fillRect(event.rect(), QColor(palette.canvas))
        if self._facts is not None:
            painter.setFont(small_font(self))
            self._draw(painter, self._facts)

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        self.update()
        super().changeEvent(event)

    def _said(self, facts: AnomalyFacts) -> str:
        raise NotImplementedError

    def _draw(self, painter: QPainter, facts: AnomalyFacts) -> None:
        raise NotImplementedError


class ScoreHistogram(_AnomalyPlot):
    """The share of each group in every bin of scores, one outline over the other."""

    def _said(self, facts: AnomalyFacts) -> str:
        (anomalous, many), (usual, others) = facts.anomalous, facts.usual
        return f"Histogram of the scores ({facts.score}) of {many:,} items of {anomalous}, and of {usual}, {others:,}"

    def _draw(self, painter: QPainter, facts: AnomalyFacts) -> None:
        palette, edges = palette_of(self), facts.edges
        highest = max(float(facts.anomalous_shares.max()), float(facts.usual_shares.max()), 1e-9)
        frame = PlotFrame.within(
            self.width(), self.height(), (float(edges[0]), float(edges[-1])), (0.0, 108.0 * highest)
        )
        frame.draw(painter, palette, facts.score)
        groups = ((_USUAL, facts.usual_shares), (_ANOMALOUS, facts.anomalous_shares))
        for colour_place, shares in groups:
            colour = class_colour(colour_place)
            outline = frame.line(np.repeat(edges, 2), np.concatenate([[0.0], np.repeat(100.0 * shares, 2), [0.0]]))
            painter.setPen(QPen(colour, 1.5))
            colour = QColor(colour)
            colour.setAlpha(_FAINT)
            painter.setBrush(colour)
            painter.drawPolygon(outline)
        self._draw_legend(painter, frame, facts)

    def _draw_legend(self, painter: QPainter, frame: PlotFrame, facts: AnomalyFacts) -> None:
        palette, metrics, right = palette_of(self), QFontMetricsF(painter.font()), frame.pixels.right()
        # Above the frame, where no scores are.
        for colour, (name, count) in ((_USUAL, facts.usual), (_ANOMALOUS, facts.anomalous)):
            text = f"{name}, {count:,}"
            left = right - metrics.horizontalAdvance(text)
            painter.fillRect(QRectF(left - 14, frame.pixels.top() / 2 - 4, 8, 8), class_colour(colour))
            painter.setPen(QColor(palette.text))
            painter.drawText(QPointF(left, frame.pixels.top() / 2 + metrics.capHeight() / 2), text)
            right = left - 28
        frame.draw_title(painter, palette, "items, %", right)


class RocPlot(_AnomalyPlot):
    """The share of anomalies found over the share of false alarms, with the area under the curve."""

    def _said(self, facts: AnomalyFacts) -> str:
        return (
            f"Anomalies found over false alarms; area under the curve {facts.area:.3f}, the probability that an item "
            f"of {facts.anomalous[0]} scores higher than another one; 0.5 is chance"
        )

    def _draw(self, painter: QPainter, facts: AnomalyFacts) -> None:
        palette = palette_of(self)
        frame = PlotFrame.within(self.width(), self.height(), (0.0, 1.0), (0.0, 1.0))
        frame.draw(painter, palette, "false alarms")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.faint), 1, Qt.PenStyle.DashLine))
        painter.drawLine(frame.place(0.0, 0.0), frame.place(1.0, 1.0))
        painter.setPen(QPen(class_colour(_ANOMALOUS), 2))
        painter.drawPolyline(frame.line(facts.false_alarms, facts.found))
        painter.setPen(QColor(palette.text))
        text, metrics = f"AUROC {facts.area:.3f}", QFontMetricsF(painter.font())
        left = frame.pixels.right() - metrics.horizontalAdvance(text)
        painter.drawText(QPointF(left, frame.pixels.top() / 2 + metrics.capHeight() / 2), text)
        frame.draw_title(painter, palette, "anomalies found", left - 8)
