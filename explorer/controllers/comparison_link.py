"""Keeps two sides at the same code or at the same picture, whichever of them is moved."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.controllers.plan import Code, Plan
from explorer.controllers.planner import Planner
from explorer.services.decoder import DecodedPicture, Decoder
from explorer.services.known_items import KnownItem, known_item
from explorer.services.matching import Matched, MatchWish
from explorer.services.own_pictures import search_refusal
from explorer.state.condition_facts import Condition
from explorer.state.linked_state import led_changes, linked_state, possible_link
from explorer.state.model_facts import ModelFacts
from explorer.state.session_state import Link, SessionState
from explorer.state.session_store import SessionStore

# A search takes seconds, so it waits until the ring has come to rest.
_REST_MS = 300


class Side(NamedTuple):
    """One of the two models: its state, its plan and what decodes it."""

    store: SessionStore
    planner: Planner
    decoder: Decoder

    @property
    def facts(self) -> ModelFacts | None:
        """What is known of the model, None while none is open."""
        return self.planner.opened.facts if self.planner.opened is not None else None


@dataclass(frozen=True, eq=False)
class SidePicture:
    """What one side shows: a picture (height, width, channels) with its values (*shape) and its code.

    condition: what the model was told, empty where it needs nothing.
    """

    code: Code
    picture: NDArray[np.uint8]
    values: NDArray[np.float32] | None
    condition: Condition = ()


class ComparisonLink(QObject):
    """Answers every step of one side with one of the other.

    changed: the pictures, or what is to be said of them, are others.
    """

    changed = Signal()

    def __init__(self, first: Side, second: Side, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._first, self._second = first, second
        self._pictures: list[SidePicture | None] = [None, None]
        self._is_passing_on = False
        self._second_leads = False
        # One gesture of B is one step of A, however many of its answers come, and when.
        self._gesture: SessionState | None = None
        self._is_new_step = False
        self._agreed: tuple[int, int] | None = None
        self._known: KnownItem | None = None
        self._wish: MatchWish | None = None
        self._means = self._problem = ""
        self._progress: tuple[float, str] | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._search)
        first.store.changed.connect(self._follow_first)
        second.store.changed.connect(self._follow_second)
        first.planner.planned.connect(self._see_first_plan)
        second.planner.planned.connect(self._see_second_plan)
        first.decoder.picture_decoded.connect(self._see_first)
        second.decoder.picture_decoded.connect(self._see_second)
        first.decoder.matched.connect(self._take_first)
        second.decoder.matched.connect(self._take_second)
        for side in (first, second):
            side.decoder.match_progressed.connect(self._see_progress)
            side.decoder.match_failed.connect(self._see_failure)

    @property
    def link(self) -> Link | None:
        """How the two are linked; None for not at all, and while one of them is not open."""
        first, second = self._first.facts, self._second.facts
        if first is None or second is None:
            return None
        return possible_link(self._first.store.state.comparison.link, first, second)

    @property
    def pictures(self) -> tuple[SidePicture | None, SidePicture | None]:
        """What A and B show."""
        return self._pictures[0], self._pictures[1]

    @property
    def means(self) -> str:
        """How the code of the side that follows came about; empty where both have the same."""
        return self._means

    @property
    def problem(self) -> str:
        """Why the side that follows stays where it is, as a sentence."""
        return self._problem

    @property
    def progress(self) -> tuple[float, str] | None:
        """How far the search for a code is, None where there is none."""
        return self._progress

    def agree(self) -> None:
        """Another model is open on one of the sides, or another link was chosen: B goes where A is."""
        first, second = self._first.facts, self._second.facts
        if first is None or second is None:
            return
        if self._agreed is not None and self._agreed[0] != first.generation:
            # Of the model before; that of this one is on its way.
            self._pictures[0] = None
        self._agreed = first.generation, second.generation
        self._second_leads = False
        self._pictures[1] = None
        self._forget_wish()
        self._pass_to_second()
        if self.link != "picture" or "encoder" not in second.capabilities:
            plan = self._second.planner.plan
            self._second.decoder.decode(plan.code, plan.told)
        if self.link == "picture":
            self._match_with_second(self._first.planner.plan)
        self.changed.emit()

    def forget_second(self) -> None:
        """B is not there any longer."""
        self._agreed, self._pictures[1] = None, None
        self._forget_wish()
        self.changed.emit()

    def cancel_search(self) -> None:
        """Search no further for a code; the best so far stays."""
        for side in (self._first, self._second):
            side.decoder.cancel_match()
        if self._progress is not None:
            self._progress = None
            self._means = self._means and f"{self._means}, cancelled at the best so far"
        self.changed.emit()

    def show_first(self, picture: DecodedPicture | None) -> None:
        """What A shows already."""
        if picture is not None:
            self._pictures[0] = SidePicture(picture.code, picture.picture, picture.values, picture.condition)

    @Slot(object, object)
    def _follow_first(self, old: SessionState, new: SessionState) -> None:
        if self._is_passing_on or not self._agrees():
            return
        if (new.code, new.condition) != (old.code, old.condition):
            self._second_leads = False
        self._pass_to_second()

    @Slot(object, object)
    def _follow_second(self, old: SessionState, new: SessionState) -> None:
        first, second = self._first.facts, self._second.facts
        if self._is_passing_on or not self._agrees() or first is None or second is None:
            return
        if (new.code, new.condition) != (old.code, old.condition):
            self._second_leads = self.link == "picture"
            self._forget_wish()
            gesture = self._second.store.gesture
            self._is_new_step = self._is_new_step or gesture is None or gesture is not self._gesture
            self._gesture = gesture
        state = self._first.store.state
        changes = led_changes(state, new, first, second)
        self._pass_on(self._first.store, _has_step(state, changes), changes)

    def _pass_to_second(self) -> None:
        first, second = self._first.facts, self._second.facts
        if first is not None and second is not None:
            store = self._second.store
            linked = linked_state(self._first.store.state, store.state, first, second)
            self._pass_on(store, False, vars(linked))

    def _pass_on(self, store: SessionStore, undoable: bool, changes: dict[str, Any]) -> None:
        self._is_passing_on = True
        try:
            store.update(undoable=undoable, **changes)
        finally:
            self._is_passing_on = False

    def _agrees(self) -> bool:
        # While a model is being taken over, its own steps are not those of a person.
        first, second = self._first.facts, self._second.facts
        if first is None or second is None or self._agreed is None:
            return False
        return self._agreed[1] == second.generation

    @Slot(object, object)
    def _see_first_plan(self, old: Plan, new: Plan) -> None:
        if new.picture == old.picture or self._is_passing_on or not self._agrees() or self.link != "picture":
            return
        if new.code != old.code or not self._second_leads:
            self._known = self._known_item(new)
            if self._known is not None:
                self._ask(self._second, self._known.values, new.picture)

    @Slot(object, object)
    def _see_second_plan(self, old: Plan, new: Plan) -> None:
        if new.picture == old.picture or not self._agrees():
            return
        # What is passed on to B at the same picture was decoded when it was matched.
        if self.link != "picture" or not self._is_passing_on:
            self._second.decoder.decode(new.code, new.told)

    @Slot(object)
    def _see_first(self, decoded: DecodedPicture) -> None:
        self.show_first(decoded)
        if self._agrees() and not self._second_leads and self.link == "picture":
            self._match_with_second(self._first.planner.plan)
        self.changed.emit()

    @Slot(object)
    def _see_second(self, decoded: DecodedPicture) -> None:
        self._pictures[1] = SidePicture(decoded.code, decoded.picture, decoded.values, decoded.condition)
        if self._second_leads and decoded.values is not None:
            self._known = None
            self._ask(self._first, decoded.values, decoded.code)
        self.changed.emit()

    def _match_with_second(self, plan: Plan) -> None:
        self._known = self._known_item(plan)
        shown, facts = self._pictures[0], self._first.facts
        if self._known is not None:
            self._ask(self._second, self._known.values, plan.picture)
        elif shown is not None and facts is not None and shown.values is not None:
            if shown.values.shape == facts.image_shape:
                self._ask(self._second, shown.values, (plan.picture, shown.code))

    def _known_item(self, plan: Plan) -> KnownItem | None:
        if plan.opened is None:
            return None
        return known_item(plan.opened, plan.code, plan.told, self._first.store.state.own_picture)

    def _ask(self, follower: Side, values: NDArray[np.float32], key: Hashable) -> None:
        facts, other = follower.facts, self._other(follower).facts
        if facts is None or other is None or (self._wish is not None and self._wish.key == key):
            return
        told = self._other(follower).planner.plan.condition if facts.condition == other.condition else ()
        item = self._known.item if self._known is not None else None
        self._wish = MatchWish(key, values, told, item)
        if "encoder" in facts.capabilities:
            self._means = self._problem = ""
            follower.decoder.match(self._wish)
            return
        follower.decoder.cancel_match()
        self._progress = None
        refusal = search_refusal(facts)
        self._problem = f"{refusal}, so it stays where it is." if refusal else ""
        self._means = "" if refusal else "the code is searched for when the ring rests"
        if not refusal:
            self._rest.start()

    @Slot()
    def _search(self) -> None:
        if self._wish is not None and self._agrees():
            follower = self._first if self._second_leads else self._second
            self._progress = (0.0, "searching for the code")
            follower.decoder.match(self._wish)
            self.changed.emit()

    @Slot(object)
    def _take_first(self, matched: Matched) -> None:
        if self._second_leads and self._agrees():
            self._take_over(matched)
            self._pass_on(self._first.store, self._is_new_step, {"code": matched.code})
            self._is_new_step = False
            self.changed.emit()

    @Slot(object)
    def _take_second(self, matched: Matched) -> None:
        if self._second_leads or not self._agrees() or self.link != "picture":
            return
        self._take_over(matched)
        self._pictures[1] = SidePicture(matched.code, matched.picture, matched.values, matched.condition)
        first, second = self._first.facts, self._second.facts
        changes: dict[str, Any] = {"code": matched.code}
        if first is not None and second is not None and first.condition != second.condition:
            changes["condition"] = matched.condition
        self._pass_on(self._second.store, False, changes)
        self.changed.emit()

    def _take_over(self, matched: Matched) -> None:
        follower, leader = ("A", "B") if self._second_leads else ("B", "A")
        source = self._known.title if self._known is not None else f"what {leader} decodes"
        told = (self._first if self._second_leads else self._second).facts
        condition = told.condition.text(matched.condition) if told is not None and matched.condition else ""
        self._means = f"{follower} stands at {source}: code {matched.means}" + (condition and f", as {condition}")
        self._problem = ""
        if matched.complete:
            self._progress = None

    @Slot(float, str)
    def _see_progress(self, share: float, what: str) -> None:
        self._progress = (share, what)
        self.changed.emit()

    @Slot(str)
    def _see_failure(self, sentence: str) -> None:
        self._progress, self._problem = None, sentence
        self.changed.emit()

    def _forget_wish(self) -> None:
        self._rest.stop()
        if self._wish is not None and self._progress is not None:
            for side in (self._first, self._second):
                side.decoder.cancel_match()
        self._wish = self._progress = self._known = None
        self._means = self._problem = ""

    def _other(self, side: Side) -> Side:
        return self._first if side is self._second else self._second


def _has_step(state: SessionState, changes: dict[str, Any]) -> bool:
    # As with one model: pushing, zooming and turning pages is nothing that anybody would undo.
    return _undoable(replace(state, **changes)) != _undoable(state)


def _undoable(state: SessionState) -> SessionState:
    own, sliders = replace(state.comparison.map, view=None), replace(state.comparison.sliders, page="dimensions")
    return replace(
        state,
        map=replace(state.map, view=None),
        sliders=replace(state.sliders, page="dimensions"),
        comparison=replace(state.comparison, map=own, sliders=sliders),
    )
