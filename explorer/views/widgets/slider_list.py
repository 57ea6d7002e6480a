"""A list of any number of sliders and choices with only as many rows of widgets as can be seen."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QVBoxLayout, QWidget

from explorer.state.slider_values import SliderGroup, SliderSpec
from explorer.views.widgets.slider_entries import Entry, slider_entries
from explorer.views.widgets.slider_place import SliderPlace
from explorer.views.widgets.slider_row import ROW_HEIGHT, SliderRow

_WIDEST_NAME = 100


class SliderList(QWidget):
    """Groups of controls in the order given; scrolling moves by whole rows.

    drag_started(), moved(dimension, value), drag_finished(), reset_requested(dimension); chosen(CategorySpec, place).
    lock_requested(dimension, locked); about_requested(dimension).
    entries_changed(): there are more or fewer rows, because something was shown, folded or unfolded.
    """

    drag_started = Signal()
    moved = Signal(int, float)
    drag_finished = Signal()
    reset_requested = Signal(int)
    lock_requested = Signal(int, bool)
    about_requested = Signal(int)
    chosen = Signal(object, int)
    entries_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[SliderGroup, ...] = ()
        self._entries: tuple[Entry, ...] = ()
        self._folded: set[str] = set()
        self._complete: set[str] = set()
        self._code: list[float] = []
        self._histograms: NDArray[np.floating] | None = None
        self._mark: tuple[Sequence[float], Sequence[float]] | None = None
        self._places: list[SliderPlace] = []
        self._before: QWidget | None = None
        self._has_activity = False
        self._name_width = 40
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch()
        self._bar = QScrollBar()
        self._bar.valueChanged.connect(self._show_entries)
        self._around = QHBoxLayout(self)
        self._around.setContentsMargins(0, 0, 0, 0)
        self._around.setSpacing(0)
        self._around.addLayout(self._column, stretch=1)
        self._around.addWidget(self._bar)
        self.setMinimumHeight(2 * ROW_HEIGHT)

    def show_groups(self, groups: tuple[SliderGroup, ...], code: Sequence[float]) -> None:
        """Show groups with the numbers of a code, or of a condition; what was folded away stays so."""
        self._groups, self._code = groups, list(code)
        names = [spec.name for group in groups for spec in group.controls]
        sliders = [spec for group in groups for spec in group.controls if isinstance(spec, SliderSpec)]
        self._has_activity = any(spec.activity is not None or spec.note for spec in sliders)
        widest = QFontMetrics(self.font()).horizontalAdvance(max(names, key=len, default=""))
        self._name_width = min(max(24, widest + 4), _WIDEST_NAME)
        self._build()

    def follow(self, before: QWidget) -> None:
        """Come after another control in the tab order."""
        self._before = before
        self._order_controls()

    def show_code(self, code: Sequence[float]) -> None:
        """Show the numbers of a code, in the order of the flat code; announces nothing."""
        self._code = list(code)
        for place in self._used():
            place.show_code(self._code)

    def show_histograms(self, shares: NDArray[np.floating] | None) -> None:
        """Draw how data are spread: shares (numbers, bins) of the highest bin of each number, or None for nothing."""
        self._histograms = shares
        self._show_data()

    def show_mark(self, mark: tuple[Sequence[float], Sequence[float]] | None) -> None:
        """Mark the means and deviations (numbers,) of one item's posterior, or None for nothing."""
        self._mark = mark
        self._show_data()

    def rows(self) -> tuple[SliderRow, ...]:
        """The sliders that are on screen."""
        return tuple(place.slider_row for place in self._used() if place.slider_row is not None)

    def entries(self) -> tuple[Entry, ...]:
        """All rows, on screen and beyond."""
        return self._entries

    def scroll_to(self, first: int) -> None:
        """Show the row at this place of the order first, as far as the list allows."""
        self._bar.setValue(first)

    def show_dimension(self, dimension: int) -> bool:
        """Bring a slider into sight, whatever is folded away, and give it the keyboard; says whether there is one."""
        group = next((group for group in self._groups if any(_is_of(spec, dimension) for spec in group.controls)), None)
        if group is None:
            return False
        self._folded -= {group.name}
        if not any(_is_of(entry, dimension) for entry in slider_entries((group,), (), self._complete)):
            self._complete |= {group.name}
        self._build()
        first = next(place for place, entry in enumerate(self._entries) if _is_of(entry, dimension))
        self.scroll_to(first)
        place = self._used()[first - self._bar.value()].slider_row
        if place is not None:
            place.slider.setFocus()
        return True

    def _room(self) -> int:
        return max(1, self.height() // ROW_HEIGHT)

    def _used(self) -> list[SliderPlace]:
        return self._places[: min(self._room(), len(self._entries))]

    def _build(self) -> None:
        before, self._entries = len(self._entries), slider_entries(self._groups, self._folded, self._complete)
        self._fit_places()
        if len(self._entries) != before:
            self.entries_changed.emit()

    def _fit_places(self) -> None:
        room = self._room()
        while len(self._places) < min(room, len(self._entries)):
            self._add_place()
        self._bar.setRange(0, max(0, len(self._entries) - room))
        self._bar.setPageStep(room)
        self._bar.setVisible(len(self._entries) > room)
        self._show_entries()

    def _add_place(self) -> None:
        place = SliderPlace(self)
        place.drag_started.connect(self.drag_started)
        place.moved.connect(self._tell_moved)
        place.drag_finished.connect(self.drag_finished)
        place.reset_requested.connect(self.reset_requested)
        place.lock_requested.connect(self.lock_requested)
        place.about_requested.connect(self.about_requested)
        place.chosen.connect(self.chosen)
        place.folded.connect(self._fold)
        place.more_wanted.connect(self._show_more)
        place.left.connect(lambda step: self._go_from(place, step))
        self._column.insertWidget(len(self._places), place)
        self._places.append(place)

    def _show_entries(self) -> None:
        # Each widget that is shown or hidden would have the whole window laid out anew, at once.
        self._around.setEnabled(False)
        self._fill_places()
        self._around.setEnabled(True)
        self._show_data()
        self._order_controls()

    def _fill_places(self) -> None:
        room, first = self._room(), self._bar.value()
        for number, place in enumerate(self._places):
            is_used = number < min(room, len(self._entries) - first)
            if is_used:
                entry = self._entries[first + number]
                place.show_entry(entry, self._code, has_activity=self._has_activity, name_width=self._name_width)
            else:
                place.show_nothing()
            place.setVisible(is_used)

    def _show_data(self) -> None:
        # They may come before the sliders that they are of, or stay after them.
        count = len(self._code)
        histograms = self._histograms if self._histograms is not None and len(self._histograms) == count else None
        mark = self._mark if self._mark is not None and len(self._mark[0]) == count else None
        for entry, row in zip(self._entries[self._bar.value() :], self._used(), strict=False):
            if isinstance(entry, SliderSpec) and row.slider_row is not None:
                number = entry.dimension
                shares = None if histograms is None else histograms[number]
                row.slider_row.show_data(shares, None if mark is None else (mark[0][number], mark[1][number]))

    def _order_controls(self) -> None:
        before = self._before
        for control in self._controls():
            if before is not None:
                QWidget.setTabOrder(before, control)
            before = control

    def _controls(self) -> Iterator[QWidget]:
        for place in self._used():
            yield from place.controls()

    def _tell_moved(self, dimension: int, value: float) -> None:
        self._code[dimension] = value
        self.moved.emit(dimension, value)

    def _fold(self, name: str) -> None:
        self._folded ^= {name}
        self._build()

    def _show_more(self, name: str) -> None:
        self._complete ^= {name}
        self._build()

    def _go_from(self, place: SliderPlace, step: int) -> None:
        used, target = self._used(), self._places.index(place) + step
        while 0 <= target < len(used) and used[target].slider_row is None:
            target += step
        if not 0 <= target < len(used):
            before = self._bar.value()
            self._bar.setValue(before + step)
            target = self._places.index(place)
            if self._bar.value() == before or used[target].slider_row is not None:
                return
            # A heading has come here; the slider that was left has moved on by one.
            target -= step
        row = used[target].slider_row if 0 <= target < len(used) else None
        if row is not None:
            row.slider.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep as many rows as fit."""
        self._fit_places()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, except while a slider is held."""
        if not any(row.slider.is_held for row in self.rows()):
            steps = -event.angleDelta().y() / 120 * 3
            self._bar.setValue(self._bar.value() + round(steps or 0))
        event.accept()


def _is_of(entry: object, dimension: int) -> bool:
    return isinstance(entry, SliderSpec) and entry.dimension == dimension
