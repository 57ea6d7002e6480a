"""Controls for the numbers of the code and for directions, and for what the model is told beside it."""

from collections.abc import Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QTabBar, QVBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.state.slider_choices import SliderPage
from explorer.state.slider_values import SliderGroup, SliderSpec
from explorer.views.attributes_page import AttributesPage
from explorer.views.condition_controls import ConditionControls
from explorer.views.in_turn import InTurn
from explorer.views.widgets.controls import enable, icon_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.slider_list import SliderList
from explorer.views.widgets.slider_row import SliderRow

_ALL = -1
_PAGES: tuple[SliderPage, ...] = get_args(SliderPage)
_TRAVERSALS = "Sheet of traversals: what every dimension does at the current point"
_RANDOMISE = "Draw a random code from the prior; locked dimensions stay"
_RESET = "Every dimension back to the mean of its prior; locked ones stay"


class SlidersPanel(QWidget):
    """The condition over two pages: sliders of dimensions with what is usual drawn behind, and those of attributes.

    drag_started(), dimension_moved(dimension, value), drag_finished(); category_chosen(CategorySpec, place);
    reset_requested(dimension), -1 for all; lock_requested(dimension, locked); randomise_requested();
    turns: has room for the sliders of a second model in the place of these.
    traversals_requested(); page_chosen(page): the person chose "dimensions" or "attributes"; seen(): it is in sight.
    """

    drag_started = Signal()
    dimension_moved = Signal(int, float)
    drag_finished = Signal()
    category_chosen = Signal(object, int)
    reset_requested = Signal(int)
    lock_requested = Signal(int, bool)
    randomise_requested = Signal()
    traversals_requested = Signal()
    page_chosen = Signal(str)
    seen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sliders_panel")
        self._groups: tuple[SliderGroup, ...] = ()
        self.condition = ConditionControls()
        self.attributes = AttributesPage()
        self._tabs = QTabBar(drawBase=False)
        self._tabs.setAccessibleName("Pages of sliders")
        for title in ("Dimensions", "Attributes"):
            self._tabs.addTab(title)
        self._traversals = icon_button("traversal", _TRAVERSALS)
        self._heading = QElidingLabel("")
        self._heading.setProperty("role", "muted")
        self._randomise = icon_button("randomise", _RANDOMISE)
        self._reset = icon_button("reset", _RESET)
        self._list = SliderList()
        self._list.setObjectName("dimension_list")
        self._empty = EmptyState()
        self._lay_out()
        self._connect()
        self.show_empty("One slider per dimension appears here once a model is open.")

    def show_groups(self, groups: tuple[SliderGroup, ...], code: Sequence[float]) -> None:
        """Show controls in this order, for a code."""
        self._groups = groups
        self._list.show_groups(groups, code)
        sliders = [spec for group in groups for spec in group.controls if isinstance(spec, SliderSpec)]
        unit = next((spec.activity_unit for spec in sliders if spec.activity is not None), "")
        count = f"{len(code)} dimension" + ("" if len(code) == 1 else "s")
        self._heading.setText(f"{count} · activity in {unit}" if unit else count)
        self._pages.setCurrentWidget(self._list)
        self._enable()

    def show_values(self, values: Sequence[float]) -> None:
        """Show a code: one value for each number of it, in the order of the flat code; announces nothing."""
        self._list.show_code(values)

    def show_histograms(self, shares: NDArray[np.floating] | None) -> None:
        """Draw how data are spread: shares (latent_size, bins) of the highest bin of each dimension, or None."""
        self._list.show_histograms(shares)

    def show_mark(self, mark: tuple[Sequence[float], Sequence[float]] | None) -> None:
        """Mark the means and deviations (latent_size,) of one item's posterior, or None for nothing."""
        self._list.show_mark(mark)

    def show_empty(self, text: str) -> None:
        """Say in one line why there are no sliders."""
        self._groups = ()
        self._heading.setText("")
        self._empty.show_line(text)
        self._pages.setCurrentWidget(self._empty)
        self._enable()

    def show_page(self, page: SliderPage) -> None:
        """Bring a page to the front; announces nothing."""
        blocked = self._tabs.blockSignals(True)
        self._tabs.setCurrentIndex(_PAGES.index(page))
        self._tabs.blockSignals(blocked)
        self._sides.setCurrentIndex(_PAGES.index(page))

    def rows(self) -> tuple[SliderRow, ...]:
        """The sliders that are on screen."""
        return self._list.rows()

    def scroll_to(self, first: int) -> None:
        """Show the row at this place of the order first, as far as the list allows."""
        self._list.scroll_to(first)

    def show_dimension(self, dimension: int) -> None:
        """Bring the slider of a number of the code into sight, and give it the keyboard."""
        self._tabs.setCurrentIndex(_PAGES.index("dimensions"))
        self._list.show_dimension(dimension)

    def keep_sliders_alone(self) -> None:
        """Take away what is about one model and has its own window; for the second of two."""
        self._traversals.hide()
        self.attributes.keep_sliders_alone()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(4)
        bar.addWidget(self._heading, stretch=1)
        bar.addWidget(self._traversals)
        bar.addWidget(self._randomise)
        bar.addWidget(self._reset)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._empty)
        dimensions = QWidget()
        column = QVBoxLayout(dimensions)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addLayout(self._pages, stretch=1)
        self._sides = QStackedLayout()
        for side in (dimensions, self.attributes):
            self._sides.addWidget(side)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.condition)
        layout.addWidget(self._tabs)
        layout.addLayout(self._sides, stretch=1)
        self.turns = InTurn(content, "Sliders")
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.turns)
        self._list.follow(self._reset)

    def _connect(self) -> None:
        self._list.drag_started.connect(self.drag_started)
        self._list.moved.connect(self.dimension_moved)
        self._list.drag_finished.connect(self.drag_finished)
        self._list.chosen.connect(self.category_chosen)
        self._list.reset_requested.connect(self.reset_requested)
        self._list.lock_requested.connect(self.lock_requested)
        self._randomise.clicked.connect(self.randomise_requested)
        self._traversals.clicked.connect(self.traversals_requested)
        self._tabs.currentChanged.connect(self._choose_page)
        self._reset.clicked.connect(self._request_reset)

    def showEvent(self, event: QShowEvent) -> None:
        """Announce that the sliders are seen."""
        super().showEvent(event)
        self.seen.emit()

    def _choose_page(self, place: int) -> None:
        self._sides.setCurrentIndex(place)
        self.page_chosen.emit(_PAGES[place])

    def _request_reset(self) -> None:
        self.reset_requested.emit(_ALL)

    def _enable(self) -> None:
        missing = "" if self._groups else "Open a model first"
        enable(self._traversals, _TRAVERSALS, missing)
        enable(self._randomise, _RANDOMISE, missing)
        enable(self._reset, _RESET, missing)
