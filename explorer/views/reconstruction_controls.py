"""Which items are shown beside their reconstructions, and how."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from explorer.state.reconstruction_choices import (
    CorruptionChoice,
    ItemOrder,
    PictureMeasure,
    ReconstructionsChoice,
)
from explorer.state.reconstruction_values import StrengthRange
from explorer.views.corruption_controls import CorruptionControls
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import NO_LIMIT, enable, icon_button
from explorer.views.widgets.flow_layout import FlowLayout, side_by_side
from explorer.views.widgets.number_boxes import WholeNumberBox

_MOST_ITEMS = 512
_WIDE, _NARROW_ORDER, _NARROW_MEASURE = 620, 76, 104
_ORDERS: dict[ItemOrder, str] = {
    "first": "First",
    "random": "Random",
    "best": "Best",
    "worst": "Worst",
    "selected": "Selected",
}
_MEASURES: dict[PictureMeasure, str] = {"error": "Squared error", "psnr": "PSNR", "ssim": "SSIM"}
_ORDER = (
    "Which items are shown; the best and the worst by their squared error among all that are encoded, or those that "
    "are selected on the map"
)
_MEASURE = (
    "What stands under each item: the mean squared error, the peak signal-to-noise ratio in dB, or the structural "
    "similarity, which is 1 for the same picture"
)
_DIFFERENCES = "Show below each item how its reconstruction differs"


class ReconstructionControls(QWidget):
    """Controls in as many rows as they need.

    changed(ReconstructionsChoice): the person chose.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = ReconstructionsChoice()
        self._is_brief = False
        self._order = ChoiceBox("Order", _ORDER, _ORDERS.values())
        self._shuffle = icon_button("randomise", "Show other random items")
        self._shuffle.setAccessibleName("Shuffle")
        self._count = WholeNumberBox(1, _MOST_ITEMS)
        self._count.setToolTip(f"How many items are shown, from 1 to {_MOST_ITEMS}")
        self._count.setAccessibleName("Count")
        self._count.setFixedWidth(48)
        self._measure = ChoiceBox("Measure", _MEASURE, _MEASURES.values())
        self._differences = icon_button("difference", _DIFFERENCES, checkable=True)
        self._differences.setAccessibleName("Differences")
        self._corruption = CorruptionControls()
        flow = FlowLayout(self, spacing=8)
        self._words = [QLabel("Show"), QLabel("with")]
        show, under = self._words
        flow.addWidget(side_by_side(show, self._order, self._shuffle, self._count))
        self._pictures = side_by_side(under, self._measure, self._differences)
        flow.addWidget(self._pictures)
        flow.addWidget(self._corruption)
        self._connect()
        self.show_choice(self._choice)

    def show_choice(self, choice: ReconstructionsChoice) -> None:
        """Show what is chosen; announces nothing."""
        self._choice = choice
        blocked = self._count.blockSignals(True)
        self._count.setValue(choice.count)
        self._count.blockSignals(blocked)
        self._order.setCurrentIndex(list(_ORDERS).index(choice.order))
        self._measure.setCurrentIndex(list(_MEASURES).index(choice.measure))
        self._differences.setChecked(choice.differences)
        self._show_shuffle()

    def show_corruption(
        self, fitting: CorruptionChoice, bounds: StrengthRange | None, trained: str, is_possible: bool
    ) -> None:
        """Show what is done to the items, in full; announces nothing. is_possible: False for points."""
        self._corruption.show_choice(self._choice.corruption, fitting, bounds, trained)
        for part in (self._pictures, self._corruption):
            part.setVisible(is_possible)
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop words whose boxes can do without, and what another control does as well, where there is little room."""
        super().resizeEvent(event)
        is_brief = self.width() < _WIDE
        if is_brief != self._is_brief:
            self._is_brief = is_brief
            for word in self._words:
                word.setVisible(not is_brief)
            for box, narrow in ((self._order, _NARROW_ORDER), (self._measure, _NARROW_MEASURE)):
                box.setMaximumWidth(narrow if is_brief else NO_LIMIT)
            self._corruption.set_brief(is_brief)
            self._show_shuffle()
            self.updateGeometry()

    def _show_shuffle(self) -> None:
        is_random = self._choice.order == "random"
        self._shuffle.setVisible(is_random or not self._is_brief)
        enable(self._shuffle, "Show other random items", "" if is_random else "Choose the order Random to shuffle")

    def _connect(self) -> None:
        self._order.activated.connect(lambda place: self._choose(order=list(_ORDERS)[place]))
        self._count.valueChanged.connect(lambda count: self._choose(count=count))
        self._shuffle.clicked.connect(lambda: self._choose(seed=self._choice.seed + 1))
        self._measure.activated.connect(lambda place: self._choose(measure=list(_MEASURES)[place]))
        self._differences.clicked.connect(lambda shown: self._choose(differences=shown))
        self._corruption.changed.connect(lambda corruption: self._choose(corruption=corruption))

    def _choose(self, **changes: object) -> None:
        choice = replace(self._choice, **changes)  # type: ignore[arg-type]
        if choice != self._choice:
            self.show_choice(choice)
            self.changed.emit(choice)
