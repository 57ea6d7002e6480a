"""What the model is told beside the code, as the person chooses it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.state.session_store import SessionStore
from explorer.views.condition_controls import ConditionControls

if TYPE_CHECKING:
    from explorer.state.condition_facts import Condition


class ConditionController(QObject):
    """Keeps the controls of the condition as the plan says, and makes state of what the person does there.

    told: a sentence where the session has a condition that the open model cannot be told.
    """

    told = Signal(str)

    def __init__(
        self, store: SessionStore, planner: Planner, controls: ConditionControls, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._controls = controls
        self._refused: tuple[int, Condition] | None = None
        planner.planned.connect(self._apply)
        controls.name_chosen.connect(self._choose)
        controls.drag_started.connect(store.begin_gesture)
        controls.attribute_moved.connect(self._move)
        controls.drag_finished.connect(store.end_gesture)
        controls.reset_requested.connect(self._reset)

    @Slot(int)
    def _choose(self, place: int) -> None:
        opened = self._planner.opened
        if opened is not None and 0 <= place < len(opened.facts.condition.names):
            self._store.update(condition=opened.facts.condition.of_name(place))

    @Slot(int, float)
    def _move(self, place: int, value: float) -> None:
        condition = list(self._planner.plan.condition)
        if 0 <= place < len(condition):
            condition[place] = value
            self._store.update(condition=tuple(condition))

    @Slot(int)
    def _reset(self, place: int) -> None:
        opened = self._planner.opened
        if opened is None:
            return
        if place < 0:
            self._store.update(condition=())
        else:
            self._move(place, opened.facts.condition.usual[place])

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        facts = new.opened.facts.condition
        if old.opened is None or old.opened.facts.condition != facts:
            self._controls.show_facts(facts)
            self._controls.show_condition(new.condition)
        elif new.condition != old.condition:
            self._controls.show_condition(new.condition)
        self._see_misfit(new)

    def _see_misfit(self, plan: Plan) -> None:
        wanted = self._store.state.condition
        if plan.opened is None or plan.opened.facts.condition.fits(wanted):
            return
        refused = (plan.opened.opening, wanted)
        if refused != self._refused:
            self._refused = refused
            self.told.emit(misfit_sentence(plan))


def misfit_sentence(plan: Plan) -> str:
    """Why the condition of the session is not used, and what is used instead."""
    if plan.opened is None:
        return ""
    facts, title = plan.opened.facts.condition, plan.opened.facts.title
    if facts.kind == "none":
        return f"The session has a condition and {title} takes none; it is left out."
    what = {"classes": "classes", "identity": "identities", "attributes": "attributes"}.get(facts.kind, "conditions")
    number = f"{len(facts.names)} {what}" if facts.names else what
    return f"The session's condition is none of {title}, which knows {number}; its usual one is used."
