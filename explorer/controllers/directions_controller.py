"""Sliders along directions through the encoded data: found in a job, moved along by the person."""

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.direction_sliders import direction_group, heading_of, impossible_methods, own_method
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.found_directions import DirectionsJob, FoundDirections
from explorer.services.item_cards import original_items
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.opening import Opened
from explorer.services.selection import groups_here
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.state.slider_choices import GROUP_METHODS, DirectionsChoice, SliderPage, SlidersChoice
from explorer.views.sliders_panel import SlidersPanel

if TYPE_CHECKING:
    from explorer.controllers.plan import Code

_WAITS = "Directions come as soon as the data are encoded."
_GIVEN_UP = "The search was given up; choose a method to begin again."
_OWN, _PRINCIPAL = "Use the decoder's own", "Use principal directions"


class DirectionsController(QObject):
    """Looks for directions while their page is seen, keeps the sliders at the current point, and moves it along them.

    found: `FoundDirections` of what is open now, or None.
    """

    found = Signal(object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        jobs: JobRunner,
        sliders: SlidersPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._jobs = jobs
        self._sliders = sliders
        self._page = sliders.attributes
        self._job: Job | None = None
        self._looked_for: DirectionsJob | None = None
        self._found: FoundDirections | None = None
        self._given_up: Hashable = None
        self._told_about = -1
        self._place: Code = ()
        self._connect()
        sliders.show_page(store.state.sliders.page)

    @property
    def directions(self) -> FoundDirections | None:
        """What is shown."""
        return self._found

    def _connect(self) -> None:
        page, store = self._page, self._store
        self._planner.planned.connect(self._apply)
        store.changed.connect(self._follow_state)
        self._sliders.page_chosen.connect(self._choose_page)
        self._sliders.seen.connect(self._look)
        page.drag_started.connect(store.begin_gesture)
        page.drag_finished.connect(store.end_gesture)
        page.moved.connect(self._move)
        page.reset_requested.connect(self._reset)
        page.method_chosen.connect(self._choose_method)
        page.orthogonal_chosen.connect(lambda names: self._choose(orthogonal_to=names))
        page.pairs_chosen.connect(lambda pairs: self._choose(pairs=pairs))
        page.about_requested.connect(self._tell_about)
        page.again_requested.connect(self._find_here)
        page.cancelled.connect(self._cancel)
        page.empty_action.connect(self._take_offer)

    @property
    def _choice(self) -> DirectionsChoice:
        return self._store.state.sliders.directions

    @Slot(str)
    def _choose_page(self, page: SliderPage) -> None:
        self._store.update(undoable=False, sliders=replace(self._store.state.sliders, page=page))

    def _choose(self, **changes: Any) -> None:
        changed = replace(self._choice, **changes)
        self._given_up = None
        self._store.update(sliders=replace(self._store.state.sliders, directions=changed))
        self._look()

    @Slot(str)
    def _choose_method(self, method: str) -> None:
        # What stands at right angles is the name of a class or attribute, or of a direction of one method.
        stays = method in GROUP_METHODS and self._choice.method in GROUP_METHODS
        self._place = self._planner.plan.code
        self._choose(method=method, orthogonal_to=self._choice.orthogonal_to if stays else ())

    @Slot()
    def _take_offer(self) -> None:
        opened = self._planner.opened
        if opened is not None:
            is_of_groups = self._choice.method in GROUP_METHODS
            self._choose_method(own_method(opened.facts) if is_of_groups else "principal")

    @Slot()
    def _find_here(self) -> None:
        self._place = self._planner.plan.code
        self._given_up = None
        self._look()

    @Slot(int, float)
    def _move(self, place: int, position: float) -> None:
        plan, found = self._planner.plan, self._found
        if found is not None and found.fits(plan.code) and 0 <= place < found.count:
            self._store.update(code=found.placed(plan.code, place, position, plan.locked))

    @Slot(int)
    def _reset(self, place: int) -> None:
        if place >= 0:
            self._move(place, 0.0)
            return
        plan, found = self._planner.plan, self._found
        if found is not None and found.fits(plan.code):
            self._store.update(code=found.centred(plan.code, plan.locked))

    @Slot(int)
    def _tell_about(self, place: int) -> None:
        found = self._found
        self._told_about = -1 if place == self._told_about or found is None or place >= found.count else place
        self._show_about()

    def _show_about(self) -> None:
        found, place = self._found, self._told_about
        is_there = found is not None and 0 <= place < found.count
        self._page.show_about(found.facts()[place] if found is not None and is_there else None)

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if old.sliders.page != new.sliders.page:
            self._sliders.show_page(new.sliders.page)
        if _words(old.sliders) != _words(new.sliders) or old.selection.groups != new.selection.groups:
            self._look()

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        if old.opened is None or old.opened.opening != new.opened.opening:
            self._forget()
        if old.opened is not new.opened:
            self._look()
        found = self._found
        if new.code != old.code and found is not None and found.fits(new.code) and self._is_seen():
            self._page.show_positions(found.positions(new.code))
            self._say()

    def _is_seen(self) -> bool:
        return self._store.state.sliders.page == "attributes" and self._sliders.isVisible()

    def _forget(self) -> None:
        self._stop()
        self._found, self._given_up, self._told_about, self._place = None, None, -1, ()
        self._page.show_empty("")
        self.found.emit(None)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self._looked_for = None
        self._page.end_progress()

    @Slot()
    def _look(self) -> None:
        opened = self._planner.opened
        if opened is None or not self._is_seen():
            return
        self._show_choice(opened)
        encoded = opened.encoded
        if _waits_for_codes(opened):
            if self._found is None:
                self._page.show_empty(_WAITS)
            return
        if not self._place or len(self._place) != opened.facts.latent_size:
            self._place = self._planner.plan.code
        asked = self._asked(opened)
        known = self._looked_for or self._found
        if (known is not None and (known.encoded, known.asked) == (encoded, asked)) or self._given_up == asked:
            self._show()
            return
        self._stop()
        items = None if encoded is None else original_items(encoded, opened.items)
        plan, groups = self._planner.plan, groups_here(self._store.state.selection.groups, opened)
        self._looked_for = DirectionsJob(
            opened.facts.path, asked, self._choice, encoded, items, groups, self._place, plan.told
        )
        self._job = self._jobs.start(self._looked_for, self._take)
        self._job.progressed.connect(self._show_progress)
        self._page.show_progress(0.0, "finding directions")

    def _asked(self, opened: Opened) -> Hashable:
        """All that directions hang on beside the codes."""
        choice = self._choice
        groups = groups_here(self._store.state.selection.groups, opened) if choice.pairs else ()
        items = opened.items is not None and opened.encoded is not None
        local = (self._place, self._planner.plan.told) if choice.method == "jacobian" else ()
        return opened.facts.generation, choice, groups, items, local

    @Slot(object)
    def _take(self, outcome: Outcome[FoundDirections]) -> None:
        if self.sender() is not None and self.sender() is not self._job:
            # It was given up for another one.
            return
        job, found, opened = self._looked_for, outcome.value, self._planner.opened
        if job is None:
            return
        self._job = self._looked_for = None
        self._page.end_progress()
        if found is None:
            self._given_up = job.asked
            self._page.show_note(outcome.error if outcome.error and not outcome.cancelled else _GIVEN_UP)
            if self._found is None:
                self._page.show_empty(_GIVEN_UP)
        elif opened is not None and found.encoded is job.encoded:
            self._found = found
            self._show_choice(opened)
            self._show()
            self.found.emit(found)

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        if self.sender() is self._job:
            self._page.show_progress(share, what or "finding directions")

    def _show_choice(self, opened: Opened) -> None:
        found = self._found
        names = [] if found is None else [(facts.name, facts.title) for facts in found.facts()]
        groups = tuple(group.name for group in groups_here(self._store.state.selection.groups, opened))
        self._page.show_choice(self._choice, names, groups, impossible_methods(opened.facts))

    def _show(self) -> None:
        found, opened, code = self._found, self._planner.opened, self._planner.plan.code
        if found is None or opened is None:
            return
        if not found.fits(code):
            text = found.problem or " ".join(found.notes) or "There are no directions here."
            offers = {"principal": ""} | dict.fromkeys(GROUP_METHODS, _OWN)
            self._page.show_empty(text, offers.get(self._choice.method, _PRINCIPAL))
            self._page.show_note("")
            return
        heading = heading_of(found, opened)
        self._page.show_directions(direction_group(found.facts()), found.positions(code), found.shares, heading)
        self._show_about()
        self._say()

    def _say(self) -> None:
        found = self._found
        if found is None or not found.count:
            return
        is_elsewhere = bool(found.place) and found.place != self._planner.plan.code
        there = "These were found at another point; the arrows find them here." if is_elsewhere else ""
        self._page.show_note(" ".join(part for part in (*found.notes[:2], there) if part))


def _words(choice: SlidersChoice) -> object:
    return choice.page, choice.directions


def _waits_for_codes(opened: Opened) -> bool:
    encoded = opened.encoded
    if encoded is not None:
        # Codes of the snapshot before are shown until those of this one come.
        return not encoded.complete or encoded.generation != opened.facts.generation
    return "encoder" in opened.facts.capabilities and not opened.items_problem
