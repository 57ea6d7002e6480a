"""Which plane the map shows: the person's choices, and the sentence where one cannot be shown."""

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.image_planes import CORNER_NAMES, with_corner
from explorer.services.planes import map_plane
from explorer.state.session_state import PlaneChoice
from explorer.state.session_store import SessionStore
from explorer.views.latent_map import LatentMap
from explorer.views.map_bar import MapBar


class PlaneController(QObject):
    """Takes over a plane where there is one; else the last one stays and the bar says what is the matter."""

    def __init__(
        self, store: SessionStore, planner: Planner, latent_map: LatentMap, bar: MapBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._map = latent_map
        self._bar = bar
        bar.plane_chosen.connect(self._choose)
        bar.corner_wanted.connect(self._take_ring)
        latent_map.corner_wanted.connect(self._take_corner)
        planner.planned.connect(self._apply)

    @Slot(object)
    def _choose(self, plane: PlaneChoice) -> None:
        self._store.update(map=replace(self._store.state.map, plane=plane, view=None))

    @Slot(int)
    def _take_ring(self, corner: int) -> None:
        self._take_corner(corner, -1)

    @Slot(int, int)
    def _take_corner(self, corner: int, index: int) -> None:
        plan = self._planner.plan
        if plan.opened is None or plan.plane is None or plan.opened.facts.latent_size <= 2:
            return
        encoded = plan.opened.encoded
        has_point = encoded is not None and 0 <= index < len(encoded.codes)
        code = tuple(encoded.codes[index].tolist()) if encoded is not None and has_point else plan.code
        self._try_corners(plan, with_corner(plan.plane.wanted, corner, code), CORNER_NAMES[corner])

    def _try_corners(self, plan: Plan, choice: PlaneChoice, name: str) -> None:
        state, opened = self._store.state.map, plan.opened
        if opened is None or plan.plane is None:
            return
        if plan.plane.wanted.kind != "images":
            choice = replace(choice, before="principal" if plan.plane.choice.kind == "principal" else "dimensions")
        tried = replace(state, plane=choice, view=None)
        plane = map_plane(tried, plan.code, opened.facts, opened.encoded, plan.told)
        if plane.problem and all(choice.corners):
            self._bar.show_note(f"{plane.problem} {name} stays as it was.")
        else:
            view = None if plane.choice != plan.plane.choice else state.view
            self._store.update(map=replace(tried, view=view))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.plane is None:
            return
        if old.plane is None or old.plane.marks != new.plane.marks:
            self._map.show_letters(new.plane.marks)
        # What was refused is forgotten at the next step, wherever it leads.
        if old.plane is None or _said_key(old) != _said_key(new):
            self._bar.show_note(new.plane.problem)


def _said_key(plan: Plan) -> object:
    return (plan.code, plan.plane.wanted, plan.plane.problem) if plan.plane is not None else None
