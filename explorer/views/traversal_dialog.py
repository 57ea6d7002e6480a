"""A sheet of traversals: what every dimension does to the picture at the current point."""

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.slider_choices import LONGEST_REACH, MOST_ROWS, MOST_STEPS, TraversalChoice
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import enable, icon_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.flow_layout import FlowLayout, side_by_side
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.number_boxes import NumberBox, WholeNumberBox

_SPACINGS: tuple[Literal["deviations", "quantiles"], ...] = ("deviations", "quantiles")
_SPACING_TIP = "Columns at deviations of the prior, or where shares of the encoded data lie below"
_COPY, _EXPORT = "Copy the sheet to the clipboard", "Export the sheet"


class TraversalDialog(QDialog):
    """Rows are the most active dimensions, columns steps along them; it does not stop the window behind it.

    choice_changed(TraversalChoice); item_activated(index): go to a code of the sheet; export_requested(),
    copy_requested(); seen(bool): it was opened or closed.
    """

    choice_changed = Signal(object)
    item_activated = Signal(int)
    export_requested = Signal()
    copy_requested = Signal()
    seen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("traversal_dialog")
        self.setWindowTitle("Traversals through the current point")
        self._choice = TraversalChoice()
        self._waits = False
        self._rows = WholeNumberBox(1, MOST_ROWS)
        self._steps = WholeNumberBox(2, MOST_STEPS)
        self._spacing = ChoiceBox("Columns", _SPACING_TIP, ("in deviations", "by quantile of the data"))
        self._reach = NumberBox(0.01, LONGEST_REACH)
        self._copy, self._export = icon_button("copy", _COPY), icon_button("export", _EXPORT)
        self._grid, self._empty = ImageGrid(), EmptyState()
        self._describe()
        self._lay_out()
        self._connect()
        self.show_choice(self._choice, "")
        self.show_empty("What every dimension does appears here once a model is open.")
        self.resize(760, 680)

    def show_choice(self, choice: TraversalChoice, no_quantiles: str) -> None:
        """Show what is chosen; announces nothing. no_quantiles: why the data have none, empty where they do."""
        self._choice = choice
        with QSignalBlocker(self._rows), QSignalBlocker(self._steps), QSignalBlocker(self._reach):
            self._rows.setValue(choice.rows)
            self._steps.setValue(choice.steps)
            self._reach.setValue(choice.reach)
        self._spacing.setCurrentIndex(_SPACINGS.index("deviations" if no_quantiles else choice.spacing))
        enable(self._spacing, _SPACING_TIP, no_quantiles)
        by_quantile = choice.spacing == "quantiles" and not no_quantiles
        enable(
            self._reach, "Deviations on either side of the mean", "Quantiles have their own ends" if by_quantile else ""
        )

    def show_sheet(
        self, pictures: NDArray[np.uint8], row_titles: tuple[str, ...], column_titles: tuple[str, ...]
    ) -> None:
        """Show pictures (rows × columns, height, width, 1 or 3), row by row."""
        self._grid.show_pictures(
            pictures[:, None], columns=len(column_titles), row_titles=row_titles, column_titles=column_titles
        )
        self._waits = False
        self._grid.set_faded(False)
        self._show_page(self._grid)

    def set_waiting(self) -> None:
        """Another sheet is on its way; the one in sight stands back."""
        # Hundreds of pictures are not painted again at every step of a drag.
        if not self._waits:
            self._waits = True
            self._grid.set_faded(True)

    def show_empty(self, text: str) -> None:
        """Say in one line why there is no sheet."""
        self._empty.show_line(text)
        self._show_page(self._empty)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._grid.set_smooth(smooth)

    def showEvent(self, event: QShowEvent) -> None:
        """Announce that the sheet is seen."""
        super().showEvent(event)
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Announce that nobody sees it any longer."""
        super().hideEvent(event)
        self.seen.emit(False)

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        reason = "There is no sheet yet" if page is self._empty else ""
        enable(self._copy, _COPY, reason)
        enable(self._export, _EXPORT, reason)

    def _describe(self) -> None:
        self._grid.setAccessibleName("Traversals; Enter goes to the code of a picture")
        self._rows.setToolTip(f"How many of the most active dimensions, from 1 to {MOST_ROWS}")
        self._steps.setToolTip(f"Pictures in a row, from 2 to {MOST_STEPS}")
        for box, name in ((self._rows, "Rows"), (self._steps, "Steps"), (self._reach, "Reach")):
            box.setAccessibleName(name)
            box.setFixedWidth(56)

    def _lay_out(self) -> None:
        controls = QWidget()
        flow = FlowLayout(controls, spacing=8)
        for word, box in (("Rows", self._rows), ("Steps", self._steps)):
            flow.addWidget(side_by_side(QLabel(word), box))
        flow.addWidget(self._spacing)
        flow.addWidget(side_by_side(QLabel("up to ±"), self._reach))
        bar = QHBoxLayout()
        bar.setSpacing(4)
        bar.addWidget(controls, stretch=1)
        bar.addWidget(self._copy)
        bar.addWidget(self._export)
        self._pages = QStackedLayout()
        for page in (self._grid, self._empty):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addLayout(bar)
        layout.addLayout(self._pages, stretch=1)

    def _connect(self) -> None:
        self._rows.valueChanged.connect(lambda rows: self._choose(replace(self._choice, rows=rows)))
        self._steps.valueChanged.connect(lambda steps: self._choose(replace(self._choice, steps=steps)))
        self._reach.valueChanged.connect(lambda reach: self._choose(replace(self._choice, reach=reach)))
        self._spacing.activated.connect(lambda place: self._choose(replace(self._choice, spacing=_SPACINGS[place])))
        self._grid.item_activated.connect(self.item_activated)
        self._copy.clicked.connect(self.copy_requested)
        self._export.clicked.connect(self.export_requested)

    def _choose(self, choice: TraversalChoice) -> None:
        self._choice = choice
        self.choice_changed.emit(choice)
