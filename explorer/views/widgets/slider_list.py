"""A list of any number of sliders with only as many rows of widgets as can be seen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QVBoxLayout, QWidget

from explorer.state.slider_values import SliderSpec
from explorer.views.widgets.slider_row import ROW_HEIGHT, SliderRow


class SliderList(QWidget):
    """Sliders in the order given; scrolling moves by whole rows.

    drag_started(), moved(dimension, value), drag_finished(), reset_requested(dimension).
    """

    drag_started = Signal()
    moved = Signal(int, float)
    drag_finished = Signal()
    reset_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs: tuple[SliderSpec, ...] = ()
        self._values: list[float] = []
        self._rows: list[SliderRow] = []
        self._before: QWidget | None = None
        self._has_activity = False
        self._name_width = 40
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch()
        self._bar = QScrollBar()
        self._bar.valueChanged.connect(self._show_rows)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._column, stretch=1)
        layout.addWidget(self._bar)
        self.setMinimumHeight(2 * ROW_HEIGHT)

    def show_sliders(self, specs: tuple[SliderSpec, ...]) -> None:
        """Show sliders at the means of their priors."""
        self._specs = specs
        self._values = [spec.mean for spec in specs]
        self._has_activity = any(spec.activity is not None for spec in specs)
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(spec.name) for spec in specs), default=0)
        self._name_width = min(max(24, widest + 4), 88)
        self._fit_rows()

    def follow(self, before: QWidget) -> None:
        """Come after another control in the tab order, whenever rows are built."""
        self._before = before

    def show_values(self, values: Sequence[float]) -> None:
        """Show values in the order of the sliders; announces nothing."""
        self._values = list(values)
        for place, row in enumerate(self.rows(), start=self._bar.value()):
            row.show_value(self._values[place])

    def values(self) -> tuple[float, ...]:
        """The values shown, in the order of the sliders."""
        return tuple(self._values)

    def rows(self) -> tuple[SliderRow, ...]:
        """The rows that are on screen."""
        return tuple(self._rows[: min(self._room(), len(self._specs))])

    def scroll_to(self, first: int) -> None:
        """Show the slider at this place of the order first, as far as the list allows."""
        self._bar.setValue(first)

    def _room(self) -> int:
        return max(1, self.height() // ROW_HEIGHT)

    def _fit_rows(self) -> None:
        room = self._room()
        while len(self._rows) < min(room, len(self._specs)):
            self._add_row()
        self._bar.setRange(0, max(0, len(self._specs) - room))
        self._bar.setPageStep(room)
        self._bar.setVisible(len(self._specs) > room)
        self._show_rows()

    def _add_row(self) -> None:
        row = SliderRow(self)
        row.drag_started.connect(self.drag_started)
        row.moved.connect(self._tell_moved)
        row.drag_finished.connect(self.drag_finished)
        row.reset_requested.connect(self.reset_requested)
        row.slider.left.connect(lambda step: self._go_from(row, step))
        self._column.insertWidget(len(self._rows), row)
        if self._rows:
            row.follow(self._rows[-1].reset_button)
        elif self._before is not None:
            row.follow(self._before)
        self._rows.append(row)

    def _show_rows(self) -> None:
        room, first = self._room(), self._bar.value()
        for place, row in enumerate(self._rows):
            is_used = place < min(room, len(self._specs) - first)
            if is_used:
                spec, value = self._specs[first + place], self._values[first + place]
                row.show_slider(spec, value, has_activity=self._has_activity, name_width=self._name_width)
            else:
                # Before it is hidden: a box that loses the keyboard says what was typed into it.
                row.show_nothing()
            row.setVisible(is_used)

    def _tell_moved(self, dimension: int, value: float) -> None:
        place = next(place for place, spec in enumerate(self._specs) if spec.dimension == dimension)
        self._values[place] = value
        self.moved.emit(dimension, value)

    def _go_from(self, row: SliderRow, step: int) -> None:
        target = self._rows.index(row) + step
        if 0 <= target < len(self.rows()) and self._rows[target].isVisible():
            self._rows[target].slider.setFocus()
        else:
            self._bar.setValue(self._bar.value() + step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep as many rows as fit."""
        self._fit_rows()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, except while a slider is held."""
        if not any(row.slider.is_held for row in self._rows):
            steps = -event.angleDelta().y() / 120 * 3
            self._bar.setValue(self._bar.value() + round(steps or 0))
        event.accept()
