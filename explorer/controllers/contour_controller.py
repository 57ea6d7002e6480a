"""The contours of prior and points over the map."""

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.decoder import Decoder
from explorer.state.map_contours import MapContours
from explorer.state.session_store import SessionStore
from explorer.views.latent_map import LatentMap
from explorer.views.map_bar import MapBar


class ContourController(QObject):
    """Has the contours found while they are wanted, and takes them away when they are no longer true."""

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        latent_map: LatentMap,
        bar: MapBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._map = latent_map
        bar.contours_toggled.connect(self.set_shown)
        planner.planned.connect(self._apply)
        decoder.contours_found.connect(self._show)

    @Slot(bool)
    def set_shown(self, shown: bool) -> None:
        """Show or hide the contours."""
        self._store.update(map=replace(self._store.state.map, contours_shown=shown))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if old.contours == new.contours:
            return
        self._map.show_contours(None)
        opened, plane = new.opened, new.plane
        if new.contours is not None and opened is not None and plane is not None:
            self._decoder.find_contours(plane, opened.facts, opened.encoded, new.hidden_classes)
        else:
            self._decoder.cancel_contours()

    @Slot(object)
    def _show(self, contours: MapContours) -> None:
        if self._planner.plan.contours is not None:
            self._map.show_contours(contours)
