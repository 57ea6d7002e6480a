"""How much each number of the code was used in the course of a run, as colours."""

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.state.metric_values import UnitHistory
from explorer.views.theme import palette_of
from explorer.views.widgets.controls import came_by_tab, elided_label
from explorer.views.widgets.plots import dress_axis, dress_plot, empty_plot, keep_menu, spare_labels
from explorer.views.widgets.point_colours import palette_colours

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BAR_WIDTH = 12


class UnitHeatMap(QWidget):
    """One row for each unit, one column for each time it was measured, and a bar that says what the colours mean.

    What lies under the cursor, or under the frame that the arrow keys move, is said in a line above.
    unit_activated(index): a row was clicked, or Enter pressed.
    """

    unit_activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unit_heat_map")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._history: UnitHistory | None = None
        self._order: NDArray[np.int64] = np.empty(0, np.int64)
        self._names: tuple[str, ...] = ()
        self._title = ""
        self._cell: tuple[int, int] | None = None
        self._line = elided_label()
        self._line.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._plot = empty_plot(self, "A click takes a unit's slider")
        self._image = pyqtgraph.ImageItem(axisOrder="row-major")
        self._frame = pyqtgraph.PlotCurveItem()
        self._mark = pyqtgraph.InfiniteLine(angle=90)
        colours = pyqtgraph.ColorMap(None, [colour.getRgb() for colour in palette_colours(is_diverging=False)])
        self._bar = pyqtgraph.ColorBarItem(values=(0.0, 1.0), width=_BAR_WIDTH, colorMap=colours, interactive=False)
        self._build()
        self._dress()

    def show_units(
        self, history: UnitHistory, title: str, names: Sequence[str] = (), *, by_activity: bool = False
    ) -> None:
        """Show a run's units.

        title: what the line above says while nothing is pointed at. names: of the units, else they are numbered.
        """
        is_other = self._history is None or self._history.values.shape[1] != history.values.shape[1]
        self._history, self._title = history, title
        self._names = tuple(names)
        self._order = history.order(by_activity=by_activity)
        table = history.values[:, self._order].T
        # A unit that one run uses far more than all others would leave these dark.
        highest = float(np.quantile(table, 0.995)) or float(table.max()) or 1.0
        self._image.setImage(np.ascontiguousarray(table), autoLevels=False)
        self._bar.setLevels((0.0, highest))
        self._label_axes()
        if is_other:
            self._cell = None
            self._plot.setRange(xRange=(0, table.shape[1]), yRange=(0, table.shape[0]), padding=0.0)
        elif not self._view.state["autoRange"][0] or self._view.viewRange()[0][1] >= table.shape[1] - 1:
            self._plot.setXRange(0, table.shape[1], padding=0.0)
        self._point_at(self._cell)

    def mark_epoch(self, epoch: float) -> None:
        """Draw an upright line at an epoch; -1 for none."""
        history = self._history
        is_shown = history is not None and epoch >= 0.0 and len(history.epochs) > 0
        if history is not None and is_shown:
            places = np.arange(len(history.epochs)) + 0.5
            self._mark.setPos(float(np.interp(epoch, history.epochs, places)))
        if self._mark.isVisible() != is_shown:
            self._mark.setVisible(is_shown)

    def marked_column(self) -> float:
        """Between which columns that line stands, -1 for none."""
        return float(self._mark.value()) if self._mark.isVisible() else -1.0

    def shown(self) -> NDArray[np.float64]:
        """The values as they are drawn, (units, times)."""
        return np.asarray(self._image.image, dtype=np.float64)

    def text(self) -> str:
        """What the line above says."""
        return str(self._line.text())

    def pixel_of(self, row: int, column: int) -> QPointF:
        """Where the middle of a cell lies, in pixels of this widget."""
        place = self._view.mapViewToScene(QPointF(column + 0.5, row + 0.5))
        return QPointF(self._plot.mapTo(self, self._plot.mapFromScene(place)))

    def _build(self) -> None:
        item = self._plot.getPlotItem()
        self._view = item.getViewBox()
        self._view.invertY(True)
        self._view.setMouseEnabled(x=False, y=True)
        item.hideButtons()
        self._plot.addItem(self._image)
        self._plot.addItem(self._frame)
        self._frame.setVisible(False)
        # Wherever it stands, the units decide what the plot shows.
        item.addItem(self._mark, ignoreBounds=True)
        self._mark.hide()
        self._bar.setImageItem(self._image, insert_in=item)
        keep_menu(self._bar, self)
        self._bar.axis.enableAutoSIPrefix(False)
        scene = self._plot.scene()
        scene.sigMouseMoved.connect(self._see_mouse)
        scene.sigMouseClicked.connect(self._take_click)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(2)
        layout.addWidget(self._line)
        layout.addWidget(self._plot, stretch=1)

    def _label_axes(self) -> None:
        history = self._history
        assert history is not None
        epochs, rows = history.epochs, self._order
        self._plot.getAxis("bottom").setTicks([_ticks(len(epochs), lambda place: f"{epochs[place]:g}", 12)])
        self._plot.getAxis("left").setTicks([_ticks(len(rows), lambda place: self._name(int(rows[place])), 8)])
        self._dress()

    def _name(self, unit: int) -> str:
        return self._names[unit] if unit < len(self._names) else f"z{unit + 1}"

    def _point_at(self, cell: tuple[int, int] | None) -> None:
        history = self._history
        if cell is None or history is None or not self._holds(cell):
            self._cell = None
            self._frame.setVisible(False)
            said = self._title
        else:
            self._cell = cell
            column, row = cell
            self._frame.setData([column, column + 1, column + 1, column, column], [row, row, row + 1, row + 1, row])
            self._frame.setVisible(True)
            unit = int(self._order[row])
            value = f"{history.quantity} {history.values[column, unit]:.3g} {history.unit}".rstrip()
            said = f"{self._name(unit)} · epoch {history.epochs[column]:.4g} · {value}"
        if said != self._line.text():
            self._line.setText(said)
            self._line.setToolTip(said)
            self.setAccessibleDescription(said)

    def _holds(self, cell: tuple[int, int]) -> bool:
        history = self._history
        return history is not None and 0 <= cell[0] < len(history.epochs) and 0 <= cell[1] < len(self._order)

    def _cell_at(self, place: QPointF) -> tuple[int, int] | None:
        if not self._view.sceneBoundingRect().contains(place):
            return None
        seen = self._view.mapSceneToView(place)
        cell = int(np.floor(seen.x())), int(np.floor(seen.y()))
        return cell if self._holds(cell) else None

    @Slot(object)
    def _see_mouse(self, place: QPointF) -> None:
        self._point_at(self._cell_at(place))

    @Slot(object)
    def _take_click(self, event: "pyqtgraph.GraphicsScene.mouseEvents.MouseClickEvent") -> None:
        cell = self._cell_at(event.scenePos())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton and not event.double():
            self._point_at(cell)
            self.unit_activated.emit(int(self._order[cell[1]]))

    def _dress(self) -> None:
        palette, history = palette_of(self), self._history
        dress_plot(self._plot, self, {"bottom": "epoch", "left": ""})
        unit = history.unit if history is not None else "nats"
        dress_axis(self._bar.axis, self, unit or (history.quantity if history is not None else ""))
        for mark in (self._frame, self._mark):
            mark.setPen(pyqtgraph.mkPen(palette.accent, width=2))
        what = history.quantity if history is not None else "KL"
        self.setAccessibleName(f"{what} of each unit over epochs; the arrow keys point at one, Enter takes its slider")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let the keyboard begin at the last time of the first row."""
        if self._cell is None and self._history is not None and came_by_tab(event):
            self._point_at((len(self._history.epochs) - 1, 0))
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the frame, or take the slider of the unit in it."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._history is not None:
            across, down = _STEPS[key]
            column, row = self._cell or (len(self._history.epochs) - 1 - across, -down)
            cell = column + across, row + down
            if self._holds(cell):
                self._point_at(cell)
        elif key in _ENTER and self._cell is not None:
            self.unit_activated.emit(int(self._order[self._cell[1]]))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the axis counts where rows need its room."""
        super().resizeEvent(event)
        spare_labels(self._plot)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        if not self.hasFocus():
            self._point_at(None)
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._dress()
        super().changeEvent(event)


def _ticks(count: int, text: Callable[[int], str], most: int) -> list[tuple[float, str]]:
    step = max(1, -(-count // most))
    return [(place + 0.5, text(place)) for place in range(0, count, step)]
