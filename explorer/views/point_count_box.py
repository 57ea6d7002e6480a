"""How many points a map of neighbours is made of."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from explorer.views.widgets.choice_box import ChoiceBox

_COUNTS = (2_000, 5_000, 10_000, 20_000)
_TIP = "How many of the encoded data have a place on this map; twice as many take about twice as long"


class PointCountBox(ChoiceBox):
    """Some round numbers, and all that there are.

    count_chosen(int): the person chose.
    """

    count_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Points with a place", _TIP, parent=parent)
        self._offered: tuple[int, ...] = ()
        self.activated.connect(self._choose)

    @property
    def is_offered(self) -> bool:
        """Whether there is anything to choose."""
        return len(self._offered) > 1

    def show_count(self, chosen: int, available: int) -> None:
        """Show how many are chosen of those that there are; announces nothing."""
        chosen = min(max(chosen, 0), available)
        self._offered = tuple(sorted({*(count for count in _COUNTS if count < available), chosen, available}))
        texts = [f"{count:,} points" for count in self._offered]
        self.set_choices([*texts[:-1], f"All {texts[-1]}"])
        self.setCurrentIndex(self._offered.index(chosen))

    @Slot(int)
    def _choose(self, place: int) -> None:
        self.count_chosen.emit(self._offered[place])
