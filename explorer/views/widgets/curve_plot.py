"""Curves over training steps."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.views.theme import class_colour, palette_of, small_font

_FIRST_COLOURS = (1, 0, 6, 2, 5, 4, 3, 7, 8, 9)
"""Sky blue and orange first: two curves are the common case and these two are far apart on both grounds."""

_HEIGHT = 168


class CurvePlot(QWidget):
    """One line for each curve over a common axis, with a legend above."""

    def __init__(self, x_label: str, y_label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = {"bottom": x_label, "left": y_label}
        self._plot = pyqtgraph.PlotWidget(enableMenu=False)
        self._plot.setAccessibleName(f"{y_label} over {x_label}")
        self._plot.setToolTip("Drag to move, turn the wheel to zoom, press A in the corner for everything")
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self._plot.getPlotItem()
        # The plot makes its menu even where none is wanted, as a window of its own that would outlive the panel.
        item.ctrlMenu.setParent(self)
        item.setClipToView(True)
        item.setDownsampling(auto=True, mode="peak")
        self._legend = item.addLegend(offset=(-4, 2), verSpacing=-6, labelTextSize="11px")
        self._curves: dict[str, pyqtgraph.PlotDataItem] = {}
        self._dress()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self.setFixedHeight(_HEIGHT)

    def show_curves(self, curves: Sequence[tuple[str, Sequence[float], Sequence[float]]]) -> None:
        """Show curves as name, steps, values; those not named are taken away."""
        wanted = {name for name, _, _ in curves}
        for name in [name for name in self._curves if name not in wanted]:
            self._plot.removeItem(self._curves.pop(name))
        for name, steps, values in curves:
            if name not in self._curves:
                self._curves[name] = self._plot.plot(name=name, pen=self._pen(len(self._curves)), antialias=True)
            self._curves[name].setData(np.asarray(steps, dtype=float), np.asarray(values, dtype=float))

    def shown(self) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
        """Steps and values of the curves shown, by name."""
        pairs = {name: curve.getOriginalDataset() for name, curve in self._curves.items()}
        return {name: (tuple(steps.tolist()), tuple(values.tolist())) for name, (steps, values) in pairs.items()}

    def _pen(self, index: int) -> object:
        return pyqtgraph.mkPen(class_colour(_FIRST_COLOURS[index % len(_FIRST_COLOURS)]), width=2)

    def _dress(self) -> None:
        palette = palette_of(self)
        self._plot.setBackground(QColor(palette.window))
        size = f"{QFontInfo(small_font(self)).pixelSize()}px"
        for side, text in self._labels.items():
            axis = self._plot.getAxis(side)
            axis.setPen(pyqtgraph.mkPen(palette.hairline))
            axis.setTextPen(pyqtgraph.mkPen(palette.muted))
            axis.setTickFont(small_font(self))
            axis.setLabel(text, **{"color": palette.muted, "font-size": size})
        self._legend.setLabelTextColor(QColor(palette.text))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._dress()
        super().changeEvent(event)
