"""The current code under every class, or along every attribute."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from explorer.state.condition_sweep import ConditionSweep
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.image_grid import ImageGrid


class ConditionsPanel(QWidget):
    """A row with a picture for every class, or a row per attribute from its minimum to its maximum.

    item_activated(index): take that condition; seen_changed(bool): the panel comes into sight or goes out of it.
    """

    item_activated = Signal(int)
    seen_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conditions_panel")
        self._grid = ImageGrid()
        self._grid.setAccessibleName("The current code under other conditions; Enter takes one")
        self._grid.item_activated.connect(self.item_activated)
        self._empty = EmptyState()
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._grid)
        self._pages.addWidget(self._empty)
        self.show_empty("One code under every class, or along every attribute, appears here once a model is open.")

    def show_sweep(self, sweep: ConditionSweep, pictures: NDArray[np.uint8]) -> None:
        """Show the pictures (count, height, width, 1 or 3) of a sweep."""
        self._grid.show_pictures(pictures[:, None], sweep.captions, columns=sweep.columns, row_titles=sweep.row_titles)
        self._grid.mark(sweep.current)
        self._pages.setCurrentWidget(self._grid)

    def show_empty(self, text: str) -> None:
        """Say in one line why there is nothing to see."""
        self._empty.show_line(text)
        self._pages.setCurrentWidget(self._empty)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._grid.set_smooth(smooth)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that the panel can be seen."""
        super().showEvent(event)
        self.seen_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it cannot."""
        super().hideEvent(event)
        self.seen_changed.emit(False)
