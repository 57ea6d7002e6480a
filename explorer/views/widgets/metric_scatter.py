"""One metric against another over the runs."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.state.metric_values import MetricCell, MetricColumn, MetricTable
from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.controls import came_by_tab
from explorer.views.widgets.plots import dress_plot, empty_plot, spare_labels

_SIZE_PX = 10
_REACH_PX = 14.0
_ROOM = 0.12
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TURNS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True)
class _Point:
    path: str
    title: str
    across: MetricCell
    upwards: MetricCell

    @property
    def place(self) -> tuple[float, float]:
        assert self.across.value is not None
        assert self.upwards.value is not None
        return self.across.value, self.upwards.value


class MetricScatter(QWidget):
    """A labelled point for each run of which both metrics are known, with the standard errors as bars.

    run_activated(path): a point was clicked, or Enter pressed at the one that the arrow keys reached.
    """

    run_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("metric_scatter")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._points: tuple[_Point, ...] = ()
        self._axes = (MetricColumn("", ""), MetricColumn("", ""))
        self._marked = -1
        self._labels: list[pyqtgraph.TextItem] = []
        self._plot = empty_plot(self, "")
        self._plot.getPlotItem().hideButtons()
        for side in ("bottom", "left"):
            self._plot.getAxis(side).enableAutoSIPrefix(False)
        self._view = self._plot.getPlotItem().getViewBox()
        self._bars = pyqtgraph.ErrorBarItem()
        self._dots = pyqtgraph.ScatterPlotItem(size=_SIZE_PX)
        self._plot.addItem(self._bars)
        self._plot.addItem(self._dots)
        self._plot.scene().sigMouseMoved.connect(self._see_mouse)
        self._plot.scene().sigMouseClicked.connect(self._take_click)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(self._plot)

    def show_runs(self, table: MetricTable, across: MetricColumn, upwards: MetricColumn) -> int:
        """Show the runs of a table by two of its columns; says how many have both."""
        self._axes = (across, upwards)
        found = (
            _Point(row.path, row.title, table.cell(row.path, across.name), table.cell(row.path, upwards.name))
            for row in table.rows
        )
        points = tuple(point for point in found if _is_known(point.across) and _is_known(point.upwards))
        is_other = [point.place for point in points] != [point.place for point in self._points]
        # The table is read again and again while something is measured; what is pointed at stays.
        pointed = self._points[self._marked].path if self._marked >= 0 else ""
        self._points = points
        self._marked = next((place for place, point in enumerate(points) if point.path == pointed), -1)
        if is_other:
            self._fit()
        self._draw()
        return len(points)

    def titles(self) -> tuple[str, ...]:
        """The runs that are shown."""
        return tuple(point.title for point in self._points)

    def pixel_of(self, place: int) -> QPointF:
        """Where the point of a run lies, in pixels of this widget."""
        scene = self._view.mapViewToScene(QPointF(*self._points[place].place))
        return QPointF(self._plot.mapTo(self, self._plot.mapFromScene(scene)))

    def text(self) -> str:
        """What is said of the run pointed at, empty without one."""
        if self._marked < 0:
            return ""
        point = self._points[self._marked]
        parts = (
            f"{axis.title} {cell.text}" for axis, cell in zip(self._axes, (point.across, point.upwards), strict=True)
        )
        return f"{point.title}: {', '.join(parts)}"

    def _fit(self) -> None:
        if not self._points:
            return
        places = self._places()
        low, high = places.min(axis=0), places.max(axis=0)
        room = np.where(high > low, _ROOM * (high - low), np.maximum(_ROOM * np.abs(high), 1e-6))
        self._plot.setRange(
            xRange=(low[0] - room[0], high[0] + 2 * room[0]), yRange=(low[1] - room[1], high[1] + room[1]), padding=0.0
        )

    def _draw(self) -> None:
        dress_plot(self._plot, self, {"bottom": _axis_text(self._axes[0]), "left": _axis_text(self._axes[1])})
        self.setAccessibleName(
            f"{self._axes[1].title} over {self._axes[0].title}; the arrow keys go from run to run, Enter opens one"
        )
        self._show_marked()
        palette, places = palette_of(self), self._places()
        errors = np.array([[_error(point.across), _error(point.upwards)] for point in self._points]).reshape(-1, 2)
        self._bars.setData(
            x=places[:, 0],
            y=places[:, 1],
            width=2 * errors[:, 0],
            height=2 * errors[:, 1],
            pen=pyqtgraph.mkPen(palette.faint),
        )
        for label in self._labels:
            self._plot.removeItem(label)
        self._labels = [self._label(point, palette.text) for point in self._points]

    def _show_marked(self) -> None:
        palette, places = palette_of(self), self._places()
        self._plot.setToolTip(self.text() or "A click on a point opens its run")
        self.setAccessibleDescription(self.text())
        accent, plain = pyqtgraph.mkBrush(palette.accent), pyqtgraph.mkBrush(palette.muted)
        brushes = [accent if place == self._marked else plain for place in range(len(self._points))]
        self._dots.setData(x=places[:, 0], y=places[:, 1], brush=brushes, pen=pyqtgraph.mkPen(palette.window))

    def _places(self) -> NDArray[np.float64]:
        return np.array([point.place for point in self._points], dtype=float).reshape(-1, 2)

    def _label(self, point: _Point, colour: str) -> pyqtgraph.TextItem:
        label = pyqtgraph.TextItem(point.title, color=QColor(colour), anchor=(-0.05, 0.5))
        label.setFont(small_font(self))
        label.setPos(*point.place)
        self._plot.addItem(label, ignoreBounds=True)
        return label

    def _nearest(self, place: QPointF) -> int:
        distances = [
            (QPointF(self._view.mapViewToScene(QPointF(*point.place))) - place).manhattanLength()
            for point in self._points
        ]
        nearest = int(np.argmin(distances)) if distances else -1
        return nearest if nearest >= 0 and distances[nearest] <= _REACH_PX else -1

    def _mark(self, place: int) -> None:
        if place != self._marked:
            self._marked = place
            self._show_marked()

    @Slot(object)
    def _see_mouse(self, place: QPointF) -> None:
        self._mark(self._nearest(place))

    @Slot(object)
    def _take_click(self, event: "pyqtgraph.GraphicsScene.mouseEvents.MouseClickEvent") -> None:
        place = self._nearest(event.scenePos())
        # The second half of a double click would open the run once more.
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton and not event.double():
            self.run_activated.emit(self._points[place].path)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let the keyboard begin at the first run."""
        if self._marked < 0 and self._points and came_by_tab(event):
            self._mark(0)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from run to run, or open the one reached."""
        key = Qt.Key(event.key())
        if key in _TURNS and self._points:
            self._mark((self._marked + _TURNS[key]) % len(self._points) if self._marked >= 0 else 0)
        elif key in _ENTER and self._marked >= 0:
            self.run_activated.emit(self._points[self._marked].path)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the axes count where the plot is low."""
        super().resizeEvent(event)
        spare_labels(self._plot)

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw()
        super().changeEvent(event)


def _is_known(cell: MetricCell) -> bool:
    return cell.value is not None and bool(np.isfinite(cell.value))


def _error(cell: MetricCell) -> float:
    return cell.error if cell.error is not None and np.isfinite(cell.error) else 0.0


def _axis_text(axis: MetricColumn) -> str:
    return f"{axis.title} ({axis.unit})" if axis.unit else axis.title
