"""Curves over training steps."""

from collections.abc import Sequence
from html import escape

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from explorer.views.theme import class_colour, palette_of
from explorer.views.widgets.plots import dress_plot, empty_plot, spare_labels

ON_DARK = (1, 0, 2, 6, 3, 8, 11, 4, 5, 17)
ON_LIGHT = (4, 5, 2, 6, 7, 9, 12, 10, 15, 19)
"""Class colours in the order in which curves get them: far apart from each other and from the ground, for every eye."""

_STYLES = (
    (Qt.PenStyle.SolidLine, "━━"),
    (Qt.PenStyle.DashLine, "╍╍"),
    (Qt.PenStyle.DotLine, "••"),
    (Qt.PenStyle.DashDotLine, "━•"),
)
"""Lines of curves, and how the legend writes them; when the colours are used up, they come again as the next line."""

_UNBROKEN = "\N{NON-BREAKING HYPHEN}"
_HEIGHT = 160
_MOST_LEGEND = 0.4
_SETTLING = 0.1
_FEWEST_TO_SETTLE = 20
_MARGIN = 0.05


class CurvePlot(QWidget):
    """One line for each curve over a common axis, with the names above, which scroll where they would leave it no room.

    The vertical range is that of the run after its first tenth, without the rarest values, so that the steep first
    steps do not flatten all that follow; moving or zooming takes precedence until the next run.

    height: in pixels, None for as high as there is room.
    """

    def __init__(
        self, x_label: str, y_label: str, parent: QWidget | None = None, *, height: int | None = _HEIGHT
    ) -> None:
        super().__init__(parent)
        self._labels = {"bottom": x_label, "left": y_label}
        self._is_logarithmic = False
        self._plot = empty_plot(self, "Drag to move, turn the wheel to zoom, press A in the corner for everything")
        if height is not None:
            self._plot.setFixedHeight(height)
        item = self._plot.getPlotItem()
        item.setClipToView(True)
        item.setDownsampling(auto=True, mode="peak")
        self._view = item.getViewBox()
        self._view.sigRangeChangedManually.connect(self._leave_range)
        self._legend = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._legend.setProperty("role", "muted")
        self._legend.setAccessibleName("Legend of the curves")
        self._mark = pyqtgraph.InfiniteLine(angle=90)
        self._mark.hide()
        # Wherever it stands, the curves decide what the plot shows.
        item.addItem(self._mark, ignoreBounds=True)
        self._names: QScrollArea | None = None
        self._curves: dict[str, pyqtgraph.PlotDataItem] = {}
        self._repeats: dict[str, bool] = {}
        self._dress()
        self._range_freely()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        if height is None:
            self._names = QScrollArea(widgetResizable=True)
            self._names.setWidget(self._legend)
            self._names.setAccessibleName("Legend of the curves; arrow keys scroll")
            self._names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            layout.addWidget(self._names)
        else:
            layout.addWidget(self._legend)
        layout.addWidget(self._plot, stretch=1)

    def show_curves(self, curves: Sequence[tuple[str, Sequence[float], Sequence[float]]]) -> None:
        """Show curves as name, steps, values; those not named are taken away."""
        wanted = {name for name, _, _ in curves}
        for name in [name for name in self._curves if name not in wanted]:
            self._plot.removeItem(self._curves.pop(name))
        for name, steps, values in curves:
            if name not in self._curves:
                self._curves[name] = self._plot.plot(antialias=True)
            self._curves[name].setData(*self._drawable(steps, values))
        if not curves:
            self._range_freely()
        repeats = self._repeating()
        if list(repeats.items()) != list(self._repeats.items()):
            self._repeats = repeats
            self._colour()
        self._fit_range()

    def mark_step(self, step: float) -> None:
        """Draw an upright line at a step, or at an epoch where these are counted; -1 for none."""
        if step >= 0 and step != self._mark.value():
            self._mark.setPos(step)
        if self._mark.isVisible() != (step >= 0):
            self._mark.setVisible(step >= 0)

    def marked_step(self) -> float:
        """Where that line stands, -1 for none."""
        return float(self._mark.value()) if self._mark.isVisible() else -1.0

    def name_values(self, y_label: str) -> None:
        """Say what the vertical axis counts."""
        self._name("left", y_label)

    def name_steps(self, x_label: str) -> None:
        """Say what the horizontal axis counts."""
        self._name("bottom", x_label)

    def set_logarithmic(self, is_logarithmic: bool) -> None:
        """Choose the scale of the values; takes away the curves, and values at or below zero are not drawn on it."""
        if is_logarithmic != self._is_logarithmic:
            self.show_curves(())
            self._is_logarithmic = is_logarithmic
            self._plot.setLogMode(x=False, y=is_logarithmic)
            # Another scale makes the plot choose its range by itself.
            self._range_freely()

    def shown(self) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
        """Steps and values of the curves shown, by name."""
        return {name: (tuple(steps.tolist()), tuple(values.tolist())) for name, (steps, values) in self._data().items()}

    def visible_values(self) -> tuple[float, float]:
        """Lowest and highest value of the vertical axis, of a logarithmic one the exponents of ten."""
        low, high = self._view.viewRange()[1]
        return low, high

    def legend(self) -> str:
        """What the legend says, as rich text."""
        return str(self._legend.text())

    def _name(self, side: str, text: str) -> None:
        if text != self._labels[side]:
            self._labels[side] = text
            self._dress()

    def _drawable(
        self, steps: Sequence[float], values: Sequence[float]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        places, found = np.asarray(steps, dtype=float), np.asarray(values, dtype=float)
        if not self._is_logarithmic:
            return places, found
        return places[found > 0.0], found[found > 0.0]

    def _data(self) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
        return {name: curve.getOriginalDataset() for name, curve in self._curves.items()}

    def _repeating(self) -> dict[str, bool]:
        # A curve that lies on an earlier one is dashed, so that both are seen.
        earlier: list[NDArray[np.float64]] = []
        repeats: dict[str, bool] = {}
        for name, (_, values) in self._data().items():
            repeats[name] = any(np.array_equal(values, other) for other in earlier)
            earlier.append(values)
        return repeats

    def _range_freely(self) -> None:
        self._is_held = False
        self._plot.enableAutoRange(x=True, y=False)

    @Slot()
    def _leave_range(self) -> None:
        self._is_held = True

    def _fit_range(self) -> None:
        if self._is_held or self._view.autoRangeEnabled()[1]:
            return
        settled = [_settled(values) for _, values in self._data().values()]
        settled = [np.log10(values) if self._is_logarithmic else values for values in settled if len(values)]
        if settled:
            low = min(float(np.quantile(values, 0.01)) for values in settled)
            high = max(float(np.quantile(values, 0.99)) for values in settled)
            room = _MARGIN * (high - low) or _MARGIN * abs(high) or 1.0
            self._plot.setYRange(low - room, high + room, padding=0.0)

    def _colour(self) -> None:
        order = ON_DARK if palette_of(self).is_dark else ON_LIGHT
        entries = []
        for name, (colour_place, line) in zip(self._repeats, _looks(tuple(self._repeats.values())), strict=True):
            colour, (style, mark) = class_colour(order[colour_place]), _STYLES[line]
            self._curves[name].setPen(pyqtgraph.mkPen(colour, width=2, style=style))
            words = escape(name.replace("_", " ")).replace(" ", "&nbsp;").replace("-", _UNBROKEN)
            entries.append(f'<span style="color: {colour.name()}">{mark}</span>&nbsp;{words}')
        self._legend.setText(" &nbsp; ".join(entries))
        self._bound_legend()

    def _bound_legend(self) -> None:
        if self._names is not None:
            needed = max(self._legend.heightForWidth(self._names.viewport().width()), 0)
            room = max(round(_MOST_LEGEND * self.height()), self._legend.fontMetrics().lineSpacing())
            self._names.setFixedHeight(min(needed, room))
            self._names.setFocusPolicy(Qt.FocusPolicy.StrongFocus if needed > room else Qt.FocusPolicy.NoFocus)

    def _dress(self) -> None:
        self._mark.setPen(pyqtgraph.mkPen(palette_of(self).accent, width=1))
        self._plot.setAccessibleName(f"{self._labels['left']} over {self._labels['bottom']}")
        dress_plot(self._plot, self, self._labels)
        self._colour()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the axes count where the plot is low."""
        super().resizeEvent(event)
        self._bound_legend()
        spare_labels(self._plot)

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._dress()
        super().changeEvent(event)


def _looks(repeats: Sequence[bool]) -> list[tuple[int, int]]:
    """Places of a colour and of a line for each curve, no two alike as long as there are any left.

    repeats: whether a curve lies on an earlier one, which is seen through the gaps of its line.
    """
    used: set[tuple[int, int]] = set()
    looks = []
    for place, does_repeat in enumerate(repeats):
        turn, colour = divmod(place, len(ON_DARK))
        lines = [(turn + does_repeat + more) % len(_STYLES) for more in range(len(_STYLES))]
        line = next((line for line in lines if (colour, line) not in used), lines[0])
        used.add((colour, line))
        looks.append((colour, line))
    return looks


def _settled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    finite = values[np.isfinite(values)]
    return finite[int(_SETTLING * len(finite)) :] if len(finite) >= _FEWEST_TO_SETTLE else finite
