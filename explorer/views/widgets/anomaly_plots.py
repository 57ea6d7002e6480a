"""How the scores of two groups of items are spread, and how well a threshold tells the groups apart."""

from html import escape

import pyqtgraph
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer.state.anomaly_values import AnomalyFacts
from explorer.views.theme import class_colour, palette_of
from explorer.views.widgets.plots import dress_plot, empty_plot, spare_labels

_ANOMALOUS, _USUAL = 0, 1
"""Colours of the two groups: the first two of those of classes, which are far apart for every eye."""

_FAINT = 70
_ROOM = 0.04
_SHARES = [[(0.0, "0"), (0.5, "0.5"), (1.0, "1")]]


class _AnomalyPlot(QWidget):
    """A still plot with words above it. x_label, y_label: what its axes count."""

    def __init__(self, x_label: str, y_label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = {"bottom": x_label, "left": y_label}
        self._words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText, alignment=Qt.AlignmentFlag.AlignRight)
        self._words.setProperty("role", "muted")
        self._plot = empty_plot(self, "")
        self._plot.getPlotItem().hideButtons()
        self._plot.setMouseEnabled(x=False, y=False)
        for side in self._labels:
            self._plot.getAxis(side).enableAutoSIPrefix(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 8, 0)
        layout.setSpacing(2)
        layout.addWidget(self._words)
        layout.addWidget(self._plot, stretch=1)

    def sizeHint(self) -> QSize:
        """Room to read it."""
        return QSize(240, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the axes count where the plot is low."""
        super().resizeEvent(event)
        spare_labels(self._plot)

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._dress()
        super().changeEvent(event)

    def _say(self, words: str, sentence: str) -> None:
        self._words.setText(words)
        self.setAccessibleName(sentence)
        self._plot.setAccessibleName(sentence)
        self.setToolTip(sentence)

    def _dress(self) -> None:
        dress_plot(self._plot, self, self._labels)


class ScoreHistogram(_AnomalyPlot):
    """The share of each group in every bin of scores, one outline over the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "items, %", parent)
        self._usual, self._anomalous = (self._outline(class_colour(group)) for group in (_USUAL, _ANOMALOUS))
        self._dress()

    def show_facts(self, facts: AnomalyFacts) -> None:
        """Show how the scores are spread."""
        (anomalous, many), (usual, others) = facts.anomalous, facts.usual
        self._say(
            f"{_entry(_ANOMALOUS, facts.anomalous)} &nbsp;&nbsp;{_entry(_USUAL, facts.usual)}",
            f"Histogram of the scores ({facts.score}) of {many:,} items of {anomalous}, and of {usual}, {others:,}",
        )
        self._usual.setData(facts.edges, 100.0 * facts.usual_shares)
        self._anomalous.setData(facts.edges, 100.0 * facts.anomalous_shares)
        highest = max(float(facts.anomalous_shares.max()), float(facts.usual_shares.max()), 1e-9)
        self._plot.setRange(xRange=(facts.edges[0], facts.edges[-1]), yRange=(0.0, 100.0 * highest), padding=_ROOM)
        self._labels["bottom"] = facts.score
        self._dress()

    def _outline(self, colour: QColor) -> pyqtgraph.PlotDataItem:
        filling = QColor(colour)
        filling.setAlpha(_FAINT)
        pen = pyqtgraph.mkPen(colour, width=1.5)
        return self._plot.plot(stepMode="center", fillLevel=0.0, fillOutline=True, fillBrush=filling, pen=pen)


class RocPlot(_AnomalyPlot):
    """The share of anomalies found over the share of false alarms, with the area under the curve."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("false alarms", "anomalies found", parent)
        self._chance = self._plot.plot([0.0, 1.0], [0.0, 1.0], antialias=True)
        self._curve = self._plot.plot(pen=pyqtgraph.mkPen(class_colour(_ANOMALOUS), width=2), antialias=True)
        self._plot.setRange(xRange=(0.0, 1.0), yRange=(0.0, 1.0), padding=_ROOM)
        for side in self._labels:
            self._plot.getAxis(side).setTicks(_SHARES)
        self._dress()

    def show_facts(self, facts: AnomalyFacts) -> None:
        """Show what a threshold would find."""
        self._say(
            f"AUROC {facts.area:.3f}",
            f"Anomalies found over false alarms; area under the curve {facts.area:.3f}, the probability that an item "
            f"of {facts.anomalous[0]} scores higher than another one; 0.5 is chance",
        )
        self._curve.setData(facts.false_alarms, facts.found)

    def _dress(self) -> None:
        super()._dress()
        self._chance.setPen(pyqtgraph.mkPen(palette_of(self).faint, style=Qt.PenStyle.DashLine))


def _entry(group: int, named: tuple[str, int]) -> str:
    words = escape(f"{named[0]}, {named[1]:,}").replace(" ", "&nbsp;")
    return f'<span style="color: {class_colour(group).name()}">■</span>&nbsp;{words}'
