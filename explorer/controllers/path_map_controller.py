"""The path on the map."""

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Slot

from explorer.controllers.path_controller import PathController
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.paths import WalkedPath
from explorer.state.session_store import SessionStore
from explorer.views.latent_map import LatentMap

_PART_OF_FRAME_S = 6e-3


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
        self._placed: list[tuple[float, float]] = []
        self._some = QTimer(self, interval=0)
        self._some.timeout.connect(self._place_some)
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
        self._some.stop()
        if not wanted or walked is None or plane is None:
            self._map.show_path(None)
        elif plane.neighbours is None:
            self._show(walked, plane.plane.positions(walked.codes))
        else:
            self._placed = []
            self._some.start()

    @Slot()
    def _place_some(self) -> None:
        """Look up places on a map of neighbours, each of which takes a while, for a part of a frame."""
        walked, plane = self._paths.walked, self._planner.plan.plane
        if walked is None or plane is None:
            self._some.stop()
            return
        end = time.perf_counter() + _PART_OF_FRAME_S
        while len(self._placed) < len(walked.codes) and time.perf_counter() < end:
            self._placed.append(plane.position(tuple(walked.codes[len(self._placed)].tolist())))
        if len(self._placed) == len(walked.codes):
            self._some.stop()
            self._show(walked, np.array(self._placed))

    def _show(self, walked: WalkedPath, positions: NDArray[np.float64]) -> None:
        letters = zip(self._paths.letters, walked.asked.places, strict=False)
        keys = tuple((letter, *positions[place].tolist()) for letter, place in letters)
        self._map.show_path(positions, keys)
