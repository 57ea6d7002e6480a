"""The choice of what the colours of the map's points mean."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from explorer.state.point_colour import ColourOption, PointColour
from explorer.views.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from PySide6.QtGui import QStandardItemModel

COLOUR_TIP = "What the colours of the points mean"
_START = (ColourOption(PointColour("class"), "By class"), ColourOption(PointColour("none"), "One colour"))


class ColourBox(ChoiceBox):
    """A drop-down list in which what is not possible says why. chosen(PointColour): the person chose."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Colour of the points", COLOUR_TIP, parent=parent)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToContents)
        self._options: tuple[ColourOption, ...] = ()
        self.activated.connect(lambda place: self.chosen.emit(self._options[place].colour))
        self.show_options(_START, PointColour())

    def show_options(self, options: Sequence[ColourOption], chosen: PointColour) -> None:
        """Show what can be chosen, what cannot and why, and what is chosen; announces nothing."""
        if tuple(options) != self._options:
            self._options = tuple(options)
            self.set_choices(option.text for option in options)
            for row, option in enumerate(options):
                item = cast("QStandardItemModel", self.model()).item(row)
                item.setEnabled(not option.reason)
                item.setToolTip(option.reason)
                item.setData(option.reason, Qt.ItemDataRole.AccessibleDescriptionRole)
        self.setCurrentIndex([option.colour for option in options].index(chosen))
