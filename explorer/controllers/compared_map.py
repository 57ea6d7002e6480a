"""The map of the second model, beside that of the first."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from explorer.controllers.compared_side import ComparedSide
from explorer.controllers.comparison_link import Side
from explorer.controllers.contour_controller import ContourController
from explorer.controllers.hover_controller import HoverController
from explorer.controllers.map_controller import MapController
from explorer.controllers.plan import Plan
from explorer.controllers.plane_controller import PlaneController
from explorer.controllers.point_colour_controller import PointColourController
from explorer.services.opening import Opened
from explorer.services.selection import selection_mask, source_of
from explorer.state.linked_state import code_refusal
from explorer.views.latent_map import LatentMap
from explorer.views.main_window import MainWindow
from explorer.views.map_bar import MapBar

_NAME = "Latent map of B: arrow keys move the ring"
_WAITS = "The map of B appears here when it is open."


class ComparedMap(QObject):
    """Shows B on a map of its own, with the planes to choose from where it cannot show that of A.

    Items that are selected on it are selected on both, as long as the points of both are the same items.
    """

    def __init__(
        self,
        first: Side,
        first_map: LatentMap,
        second: ComparedSide,
        window: MainWindow,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._first, self._first_map, self._second = first, first_map, second
        self._window = window
        self._selected: object = None
        self._shown: object = None
        self._views: tuple[LatentMap | MapBar, ...] = ()

    def add(self) -> None:
        """Build the map and put it there."""
        self.map, self.bar = LatentMap(), MapBar()
        self._views = (self.map, self.bar)
        self.map.setObjectName("latent_map_of_b")
        self.map.setAccessibleName(_NAME)
        self.bar.setObjectName("map_bar_of_b")
        self.bar.keep_planes_alone("B")
        self.bar.hide()
        self._window.put_above(self.bar)
        self._window.put_beside_map(self.map)
        self._build()
        self.map.show_empty(_WAITS)
        self.map.drag_started.connect(self._first.store.begin_gesture)
        self.map.drag_finished.connect(self._first.store.end_gesture)
        self.map.points_chosen.connect(self._choose)
        self.map.selection_cleared.connect(self._first_map.selection_cleared)
        for side in (self._first, self._second):
            side.planner.planned.connect(self._apply)

    def say(self, sentence: str) -> None:
        """Say why there is no map, where there is none."""
        if self._second.planner.opened is None:
            self.map.show_empty(sentence or _WAITS)
            self.bar.hide()
            self._first_map.set_legend_shown(True)

    def clear_away(self) -> None:
        """Take the map away."""
        self._first_map.set_legend_shown(True)
        for view in self._views:
            view.hide()
            view.setParent(None)
            view.deleteLater()
        # The plans of A go on until this is deleted.
        self._views = ()

    def _build(self) -> None:
        store, planner, decoder = self._second.side()
        MapController(store, planner, decoder, self.map, self.bar, self)
        HoverController(planner, decoder, self.map, self)
        PlaneController(store, planner, self._second.jobs, self.map, self.bar, self)
        PointColourController(store, planner, decoder, self.bar, self)
        ContourController(store, planner, decoder, self.map, self.bar, self)

    @Slot(object, object)
    def _apply(self, _old: Plan, _new: Plan) -> None:
        if not self._views:
            return
        first, second = self._first.planner.opened, self._second.planner.opened
        shown = first, second, self._first.planner.plan.colour
        if shown != self._shown:
            self._shown = shown
            self._show_what_is_shared(first, second)
        selection = self._first.store.state.selection
        if (second, selection) != self._selected:
            self._selected = second, selection
            mask = selection_mask(selection, second)
            self.map.show_selection(mask if mask.any() else None)

    def _show_what_is_shared(self, first: Opened | None, second: Opened | None) -> None:
        if first is None or second is None:
            return
        self.bar.setVisible(bool(code_refusal(first.facts, second.facts)) and second.facts.latent_size > 2)
        has_names = first.encoded is not None and second.encoded is not None
        names = [opened.encoded.class_names if opened.encoded is not None else () for opened in (first, second)]
        is_same = has_names and names[0] == names[1] and self._first.planner.plan.colour.kind == "class"
        # One legend is enough for both, and the one on the right lies beside neither of them more than the other.
        self._first_map.set_legend_shown(not is_same)
        self._window.widen_map(round((self.map.viewport.width - self._first_map.viewport.width) / 2))

    @Slot(object, str)
    def _choose(self, indices: NDArray[np.int64], mode: str) -> None:
        sources = [_source(side.planner.opened) for side in (self._first, self._second)]
        if sources[0] and sources[0] == sources[1]:
            self._first_map.points_chosen.emit(indices, mode)


def _source(opened: Opened | None) -> str:
    return "" if opened is None or opened.encoded is None else source_of(opened, opened.encoded)
