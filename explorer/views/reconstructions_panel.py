"""Test pictures over what the model makes of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.scatter_values import Scatter
from explorer.state.session_state import ReconstructionsChoice
from explorer.state.wording import error_text, error_unit
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import elided_label, push_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.number_boxes import WholeNumberBox
from explorer.views.widgets.scatter_view import ScatterView
from explorer.views.widgets.work_progress import WorkProgress

_MOST_ITEMS = 512
_ORDERS: tuple[tuple[Literal["first", "random"], str], ...] = (("first", "First"), ("random", "Random"))


class ReconstructionsPanel(QWidget):
    """A grid of pairs, original over reconstruction, with the error of each under it.

    choice_changed(ReconstructionsChoice); item_activated(index): take an item to the ring;
    search_cancelled(): look no further for codes; empty_action(): the button of the empty state.
    """

    choice_changed = Signal(object)
    item_activated = Signal(int)
    search_cancelled = Signal()
    empty_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reconstructions_panel")
        self._choice = ReconstructionsChoice()
        self._order = ChoiceBox("Order", "Which test items are shown", [text for _, text in _ORDERS])
        self._count = WholeNumberBox(1, _MOST_ITEMS)
        self._shuffle = push_button("Shuffle", "Show other random items", icon_name="randomise")
        self._mean = elided_label()
        self._grid = ImageGrid()
        self._grid.setAccessibleName("Originals over reconstructions; Enter takes one to the ring")
        self._scatter = ScatterView()
        self._scatter.setAccessibleName("Reconstructed points, a line to each from its original; a click takes one")
        self._search = WorkProgress("Look no further for codes, and keep the best so far")
        self._empty = EmptyState()
        self._count.setToolTip(f"How many items are shown, from 1 to {_MOST_ITEMS}")
        self._count.setAccessibleName("Count")
        self._lay_out()
        self._connect()
        self.show_choice(self._choice)
        self.show_empty("Test pictures and their reconstructions appear here once a model is open.")

    def show_pairs(
        self,
        originals: NDArray[np.uint8],
        reconstructions: NDArray[np.uint8],
        errors: Sequence[float],
        class_names: Sequence[str],
        mean_error: float,
        note: str = "",
    ) -> None:
        """Show originals and reconstructions (count, height, width, 1 or 3) and their mean squared errors.

        class_names: one per item, or empty; mean_error: over the items shown; note: how their codes were found.
        """
        named = class_names or [""] * len(errors)
        captions = tuple(
            f"{name}  {error_text(error) if error else 'exact'}".strip()
            for name, error in zip(named, errors, strict=True)
        )
        self._grid.show_pictures(np.stack([originals, reconstructions], axis=1), captions)
        unit = error_unit((originals.shape[3], *originals.shape[1:3]))
        self._say(f"mean squared error {unit} {error_text(mean_error)}", note)
        self._pages.setCurrentWidget(self._grid)

    def show_points(self, scatter: Scatter, mean_error: float, note: str = "") -> None:
        """Show reconstructed points with lines from their originals, and the mean squared error per coordinate."""
        self._scatter.show_scatter(scatter)
        self._say(f"mean squared error {error_unit((2,))} {error_text(mean_error)}", note)
        self._pages.setCurrentWidget(self._scatter)

    def show_search(self, share: float, what: str) -> None:
        """Show how far the search for codes is, from 0 to 1."""
        self._search.show_progress(share, what)

    def end_search(self) -> None:
        """No codes are being searched for."""
        self._search.end()

    def show_choice(self, choice: ReconstructionsChoice) -> None:
        """Show which items are chosen; announces nothing."""
        self._choice = choice
        blocked = self._count.blockSignals(True)
        self._count.setValue(choice.count)
        self._count.blockSignals(blocked)
        self._order.setCurrentIndex([order for order, _ in _ORDERS].index(choice.order))
        is_random = choice.order == "random"
        self._shuffle.setEnabled(is_random)
        self._shuffle.setToolTip("Show other random items" if is_random else "Choose the order Random to shuffle")

    def show_empty(self, text: str, button: str = "") -> None:
        """Say in one line why there are no reconstructions, and offer a button."""
        self._empty.show_line(text, button)
        self._mean.clear()
        self._search.end()
        self._pages.setCurrentWidget(self._empty)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._grid.set_smooth(smooth)

    def _say(self, error: str, note: str) -> None:
        self._mean.setText(f"{error}; {note}" if note else error)
        self._mean.setToolTip(self._mean.text())

    def _lay_out(self) -> None:
        self._count.setFixedWidth(56)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(4)
        bar.addWidget(QLabel("Show"))
        bar.addWidget(self._order)
        bar.addWidget(self._shuffle)
        bar.addSpacing(8)
        bar.addWidget(QLabel("Count"))
        bar.addWidget(self._count)
        bar.addWidget(self._mean, stretch=1)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._grid)
        self._pages.addWidget(self._scatter)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self._search)
        layout.addLayout(self._pages, stretch=1)

    def _connect(self) -> None:
        self._order.activated.connect(lambda place: self._choose(replace(self._choice, order=_ORDERS[place][0])))
        self._count.valueChanged.connect(lambda count: self._choose(replace(self._choice, count=count)))
        self._shuffle.clicked.connect(lambda: self._choose(replace(self._choice, seed=self._choice.seed + 1)))
        self._grid.item_activated.connect(self.item_activated)
        self._scatter.item_activated.connect(self.item_activated)
        self._search.cancelled.connect(self.search_cancelled)
        self._empty.action.connect(self.empty_action)

    def _choose(self, choice: ReconstructionsChoice) -> None:
        if choice != self._choice:
            self.show_choice(choice)
            self.choice_changed.emit(choice)
