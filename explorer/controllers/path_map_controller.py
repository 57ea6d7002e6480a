"""The path on the map."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from explorer.controllers.path_controller import PathController
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.paths import WalkedPath
from explorer.services.planes import MapPlane
from explorer.state.session_store import SessionStore
from explorer.views.latent_map import LatentMap


class PathMapController(QObject):
    """Draws the path that is shown on whatever plane the map shows, while its panel is open and nobody hides it.

    Items of the map, or the ring, are added to it where the person asks for that on the map.
    """

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        paths: PathController,
        latent_map: LatentMap,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._planner, self._paths, self._map = store, planner, paths, latent_map
        self._drawn: tuple[object, ...] = ()
        planner.planned.connect(self._apply)
        paths.walked_changed.connect(self._draw)
        latent_map.key_point_wanted.connect(paths.add_item)
        latent_map.drag_started.connect(paths.player.give_way)

    @Slot(object, object)
    def _apply(self, _old: Plan, _new: Plan) -> None:
        self._draw()

    @Slot()
    def _draw(self) -> None:
        walked, plane, choice = self._paths.walked, self._planner.plan.plane, self._store.state.path
        if walked is None or plane is None or not (choice.on_map and self._paths.is_open):
            wanted: tuple[object, ...] = ()
        else:
            # The code of the point moves the plane along its normal at most, which is nothing to a projection.
            place = plane.neighbours or (plane.choice, plane.plane.axes.tobytes(), plane.plane.spacing, plane.bounds)
            wanted = (walked, self._paths.letters, place)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        if not wanted or walked is None or plane is None:
            self._map.show_path(None)
            return
        positions = path_positions(walked, plane)
        letters = zip(self._paths.letters, walked.asked.places, strict=False)
        keys = tuple((letter, *positions[place].tolist()) for letter, place in letters)
        self._map.show_path(positions, keys)


def path_positions(walked: WalkedPath, plane: MapPlane) -> NDArray[np.float64]:
    """Where the steps of a path lie, (steps, 2), projected onto a plane."""
    return np.array([plane.position(tuple(code)) for code in walked.codes.tolist()])
