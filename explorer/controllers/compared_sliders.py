"""The sliders of the second model, in the place of those of the first where somebody wants them."""

from PySide6.QtCore import QObject

from explorer.controllers.compared_map import ComparedMap
from explorer.controllers.compared_side import ComparedSide
from explorer.controllers.comparison_link import Side
from explorer.controllers.condition_controller import ConditionController
from explorer.controllers.directions_controller import DirectionsController
from explorer.controllers.slider_data_controller import SliderDataController
from explorer.controllers.sliders_controller import SlidersController
from explorer.views.in_turn import InTurn
from explorer.views.sliders_panel import SlidersPanel

_WAITS = "The sliders of B appear here when it is open."


class ComparedSliders(QObject):
    """Moves B by sliders of its own, along its dimensions, its attributes, and what it is told."""

    def __init__(
        self, first: Side, second: ComparedSide, turns: InTurn, shown_map: ComparedMap, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._first, self._second, self._turns, self._map = first, second, turns, shown_map

    def add(self) -> None:
        """Build the sliders, and offer them; the map is there already."""
        store, planner, decoder = self._second.side()
        self.panel = SlidersPanel()
        self.panel.setObjectName("sliders_panel_of_b")
        self.panel.keep_sliders_alone()
        SlidersController(store, planner, decoder, self.panel, self)
        DirectionsController(store, planner, self._second.jobs, self.panel, self)
        SliderDataController(planner, decoder, self.panel, self._map.map, self)
        ConditionController(store, planner, self.panel.condition, self)
        for part in (self.panel, self.panel.attributes, self.panel.condition):
            part.drag_started.connect(self._first.store.begin_gesture)
            part.drag_finished.connect(self._first.store.end_gesture)
        self._turns.put(self.panel)

    def show_titles(self, titles: tuple[str, str]) -> None:
        """Say which models A and B are."""
        self._turns.show_titles(titles)

    def say(self, sentence: str) -> None:
        """Say why there are no sliders, where there are none."""
        if self._second.planner.opened is None:
            self.panel.show_empty(sentence or _WAITS)
            self.panel.attributes.show_empty(sentence or _WAITS)

    def clear_away(self) -> None:
        """Leave the sliders of A alone."""
        self._turns.leave_alone()
