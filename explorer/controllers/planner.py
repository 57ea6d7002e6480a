"""Makes a new plan whenever the session or what is open changes."""

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import Plan, session_plan
from explorer.services.opening import Opened
from explorer.state.map_values import MapView
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore


class Planner(QObject):
    """Holds the plan that the window follows.

    planned: the plan before and the plan now; the controllers do what differs.
    """

    planned = Signal(object, object)

    def __init__(self, store: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._opened: Opened | None = None
        self._seen: MapView | None = None
        self._plan = Plan()
        store.changed.connect(self._follow_state)

    @property
    def plan(self) -> Plan:
        """What the window shows, or is about to."""
        return self._plan

    @property
    def opened(self) -> Opened | None:
        """What is open."""
        return self._opened

    @property
    def seen(self) -> MapView | None:
        """The part of the plane that the map shows."""
        return self._seen

    def set_opened(self, opened: Opened | None, **changes: Any) -> None:
        """Something was opened or became known; `changes` of the state belong to it and make no plan of their own."""
        self._opened = opened
        before = self._store.state
        if changes:
            self._store.update(**changes)
        if self._store.state == before:
            self._make()

    def set_seen(self, seen: MapView) -> None:
        """The map shows another part of the plane."""
        if seen != self._seen:
            self._seen = seen
            self._make()

    @Slot(object, object)
    def _follow_state(self, _old: SessionState, _new: SessionState) -> None:
        self._make()

    def _make(self) -> None:
        old, self._plan = self._plan, session_plan(self._store.state, self._opened, self._seen)
        self.planned.emit(old, self._plan)
