"""Which plane the map shows: the person's choices, and the sentence where one cannot be shown."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.found_planes import (
    FOUND_KINDS,
    FoundPlane,
    PlaneJob,
    asked,
    method_of,
    missing_kinds,
    named_groups,
    placing_text,
)
from explorer.services.image_planes import CORNER_NAMES, with_corner
from explorer.services.item_cards import original_items
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.opening import Opened
from explorer.services.planes import map_plane
from explorer.services.selection import groups_here
from explorer.state.item_groups import ItemGroup
from explorer.state.session_state import NEIGHBOUR_KINDS, PlaneChoice
from explorer.state.session_store import SessionStore
from explorer.state.wording import attribute_title
from explorer.views.latent_map import LatentMap
from explorer.views.map_bar import MapBar

# A person goes back and forth between a few maps of neighbours, each of which took a while.
_REMEMBERED = 4
# Snapshots of a run follow each other faster than such a map is made.
_SNAPSHOTS_OVER_MS = 3_000


class PlaneController(QObject):
    """Takes over a plane where there is one; else the last one stays and the bar says what is the matter."""

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        jobs: JobRunner,
        latent_map: LatentMap,
        bar: MapBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._jobs = jobs
        self._map = latent_map
        self._bar = bar
        self._chosen: PlaneChoice | None = None
        self._job: Job | None = None
        self._looked_for: PlaneJob | None = None
        self._shown_groups: tuple[ItemGroup, ...] = ()
        self._placed: tuple[FoundPlane, ...] = ()
        self._opening = -1
        self._rest = QTimer(self, singleShot=True, interval=_SNAPSHOTS_OVER_MS)
        self._rest.timeout.connect(self._look_again)
        bar.show_missing(missing_kinds())
        bar.plane_chosen.connect(self._choose)
        bar.corner_wanted.connect(self._take_ring)
        bar.work_cancelled.connect(self._cancel)
        latent_map.corner_wanted.connect(self._take_corner)
        planner.planned.connect(self._apply)

    @Slot(object)
    def _choose(self, plane: PlaneChoice) -> None:
        opened = self._planner.opened
        if plane.kind in FOUND_KINDS and opened is not None:
            self._chosen = plane
            self._look_for(plane, opened)
        else:
            self._give_up()
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
        if plan.plane.choice.kind in ("dimensions", "principal"):
            choice = replace(choice, before=plan.plane.choice.kind)
        tried = replace(state, plane=choice, view=None)
        plane = map_plane(tried, plan.code, opened.facts, opened.encoded, plan.told)
        if plane.problem and all(choice.corners):
            self._bar.show_note(f"{plane.problem} {name} stays as it was.")
        else:
            view = None if plane.choice != plan.plane.choice else state.view
            self._give_up()
            self._store.update(map=replace(tried, view=view))

    def _look_for(self, choice: PlaneChoice, opened: Opened) -> None:
        encoded = opened.encoded
        if encoded is None or not encoded.complete:
            return
        is_placed = choice.kind in NEIGHBOUR_KINDS
        names, attributes = ((), None) if is_placed else attribute_table(opened)
        groups = named_groups(choice, self._groups(opened))
        job = self._looked_for
        is_under_way = job is not None and (job.encoded, asked(job.choice), job.groups) == (
            encoded,
            asked(choice),
            groups,
        )
        if not is_under_way or job is None or (job.attributes is None) != (attributes is None):
            if self._job is not None:
                self._job.cancel()
                self._end_looking()
            known = next((found for found in self._placed if found.is_of(choice, encoded)), None)
            if is_placed and known is None and self._chosen is None and opened.opening == self._opening:
                self._rest.start()
                return
            self._rest.stop()
            self._opening = opened.opening
            self._looked_for = PlaneJob(choice, encoded, attributes, names, groups, known)
            self._job = self._jobs.start(self._looked_for, self._take_found)
            self._job.progressed.connect(self._show_progress)
            is_long = is_placed and known is None
            self._bar.show_making(choice if is_long else None)
            if is_long:
                self._bar.show_progress(0.0, method_of(choice))
            else:
                self._bar.end_progress()
            self._say(self._planner.plan)

    @Slot()
    def _look_again(self) -> None:
        plan = self._planner.plan
        self._opening = -1
        if plan.plane is not None and plan.opened is not None and plan.plane.wanted.kind in NEIGHBOUR_KINDS:
            self._look_for(plan.plane.wanted, plan.opened)

    @Slot(object)
    def _take_found(self, outcome: Outcome[FoundPlane]) -> None:
        found, job, opened = outcome.value, self._looked_for, self._planner.opened
        if self.sender() is not None and self.sender() is not self._job:
            # It was given up for another one.
            return
        if outcome.error and job is not None:
            found = job.without(_given_up(job) if outcome.cancelled else outcome.error)
        if found is None or job is None or (found.encoded, found.asked) != (job.encoded, asked(job.choice)):
            return
        self._end_looking()
        if found.neighbours is not None:
            others = tuple(other for other in self._placed if other.asked != found.asked)
            self._placed = (*others, found)[-_REMEMBERED:]
        if opened is None or opened.encoded is not found.encoded:
            return
        chosen, self._chosen = self._chosen, None
        if chosen is None or asked(chosen) != found.asked:
            self._planner.set_opened(replace(opened, found=found))
        elif found.problem:
            self._refuse(found.problem)
        else:
            changed = replace(self._store.state.map, plane=chosen, view=None)
            self._planner.set_opened(replace(opened, found=found), map=changed)

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        if self.sender() is self._job:
            self._bar.show_progress(share, what)

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._bar.show_progress(0.0, "ending")
            self._job.cancel()

    def _give_up(self) -> None:
        self._chosen = None
        self._rest.stop()
        if self._job is not None:
            self._job.cancel()
            self._end_looking()

    def _end_looking(self) -> None:
        self._looked_for = self._job = None
        self._bar.end_progress()
        self._bar.show_making(None)
        self._say(self._planner.plan)

    def _say(self, plan: Plan) -> None:
        """What is being made and what is shown until then, else why the plane that was chosen is not shown."""
        if plan.plane is None:
            return
        job, shown = self._looked_for, plan.plane.caption.split(", ")[0].split("; ")[0]
        if job is None or job.known is not None or job.choice.kind not in NEIGHBOUR_KINDS:
            self._bar.show_note(plan.plane.problem)
        else:
            what = placing_text(job.choice, len(job.encoded.codes))
            self._bar.show_note(f"{what} is being made; until then the map shows: {shown}.")

    def _leave_out_of_date(self, opened: Opened | None) -> None:
        """Nothing is made of data or for a model that are no longer there; a choice stays one for the next."""
        encoded = opened.encoded if opened is not None else None
        self._placed = tuple(found for found in self._placed if found.encoded is encoded)
        if opened is None:
            self._give_up()
        elif self._looked_for is not None and self._job is not None and self._looked_for.encoded is not encoded:
            self._job.cancel()
            self._end_looking()

    def _groups(self, opened: Opened) -> tuple[ItemGroup, ...]:
        return groups_here(self._store.state.selection.groups, opened)

    def _refuse(self, problem: str) -> None:
        plane = self._planner.plan.plane
        if plane is not None:
            self._bar.show_plane(plane.wanted)
            self._bar.show_note(f"{problem} The plane stays as it was.")

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if old.opened is not new.opened:
            self._leave_out_of_date(new.opened)
        if new.plane is None or new.opened is None:
            return
        if old.plane is None or old.plane.marks != new.plane.marks:
            self._map.show_letters(new.plane.marks)
        # What was refused is forgotten at the next step, wherever it leads.
        if old.plane is None or _said_key(old) != _said_key(new):
            self._say(new)
        groups = self._groups(new.opened)
        if old.opened is not new.opened or groups != self._shown_groups:
            self._shown_groups = groups
            self._bar.show_features(*features(new.opened), tuple(group.name for group in groups))
            self._bar.show_point_count(0 if new.opened.encoded is None else len(new.opened.encoded.codes))
        choice, found = self._chosen or new.plane.wanted, new.opened.found
        if choice.kind not in FOUND_KINDS:
            return
        has_attributes = bool(attribute_table(new.opened)[0])
        if found is None or not found.answers(choice, new.opened.encoded, has_attributes, groups):
            self._look_for(choice, new.opened)


def features(opened: Opened) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The classes between which, and the attributes along which, encoded items may have directions."""
    encoded = opened.encoded
    has_classes = encoded is not None and encoded.labels is not None
    return encoded.class_names if encoded is not None and has_classes else (), attribute_table(opened)[0]


def attribute_table(opened: Opened) -> tuple[tuple[str, ...], NDArray[np.float32] | None]:
    """Names and columns (count, attributes) of what is known of the encoded items besides their classes."""
    items = original_items(opened.encoded, opened.items) if opened.encoded is not None else None
    if opened.encoded is None or items is None or items.attributes is None:
        return (), None
    names = tuple(attribute_title(name) for name in items.spec.attribute_names)
    return names, items.attributes[: len(opened.encoded.codes)]


def _said_key(plan: Plan) -> object:
    return (plan.code, plan.plane.wanted, plan.plane.problem) if plan.plane is not None else None


def _given_up(job: PlaneJob) -> str:
    if job.choice.kind not in NEIGHBOUR_KINDS:
        return "The search was given up; choose the plane again to look for it."
    return f"{placing_text(job.choice, len(job.encoded.codes))} was given up; choose it again under Plane to make it."
