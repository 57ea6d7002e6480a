"""The one place where the state of the session changes, and its undo and redo."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.state.session_state import SessionState

_STATES_REMEMBERED = 200


class SessionStore(QObject):
    """Holds one frozen state, announces every change once, and can go back.

    changed: old and new state, after a change; never emitted for an update that changes nothing.
    can_undo, can_redo: emitted when their answer changes.
    """

    changed = Signal(object, object)
    can_undo = Signal(bool)
    can_redo = Signal(bool)

    def __init__(self, state: SessionState | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state or SessionState()
        self._earlier: list[SessionState] = []
        self._later: list[SessionState] = []
        self._gesture_start: SessionState | None = None
        self._possible = (False, False)

    @property
    def state(self) -> SessionState:
        """The state as it is now."""
        return self._state

    @property
    def gesture(self) -> SessionState | None:
        """The state in which the gesture that goes on began; None while there is none."""
        return self._gesture_start

    def update(self, *, undoable: bool = True, **changes: Any) -> None:
        """Change some fields of the state.

        undoable: False for what no one would want to undo, such as panning the map.
        """
        old, new = self._state, replace(self._state, **changes)
        if new == old:
            return
        if undoable and self._gesture_start is None:
            self._remember(old)
        self._become(new)

    def open(self, state: SessionState) -> None:
        """Take over a whole state, for example from a session file, as one step."""
        self.end_gesture()
        if state != self._state:
            self._remember(self._state)
            self._become(state)

    def begin_gesture(self) -> None:
        """From here to `end_gesture` all updates are one step of undo, for example one drag."""
        if self._gesture_start is None:
            self._gesture_start = self._state

    def end_gesture(self) -> None:
        """End the step begun by `begin_gesture`; without one, or without a change, nothing happens."""
        start, self._gesture_start = self._gesture_start, None
        if start is not None and start != self._state:
            self._remember(start)
            self._announce_possible()

    def undo(self) -> None:
        """Go back one step, if there is one."""
        self.end_gesture()
        if self._earlier:
            self._later.append(self._state)
            self._become(_seen_as_now(self._earlier.pop(), self._state))

    def redo(self) -> None:
        """Take back one undo, if there is one."""
        self.end_gesture()
        if self._later:
            self._earlier.append(self._state)
            self._become(_seen_as_now(self._later.pop(), self._state))

    def _remember(self, state: SessionState) -> None:
        self._earlier.append(state)
        del self._earlier[:-_STATES_REMEMBERED]
        self._later.clear()

    def _become(self, state: SessionState) -> None:
        old, self._state = self._state, state
        self._announce_possible()
        if old != state:
            self.changed.emit(old, state)

    def _announce_possible(self) -> None:
        possible = (bool(self._earlier), bool(self._later))
        before, self._possible = self._possible, possible
        if possible[0] != before[0]:
            self.can_undo.emit(possible[0])
        if possible[1] != before[1]:
            self.can_redo.emit(possible[1])


def _seen_as_now(restored: SessionState, current: SessionState) -> SessionState:
    # Undoing a drag must not move the map under the person's hand; only another plane has another view.
    if (restored.model, restored.map.plane, restored.map.spacing) != (
        current.model,
        current.map.plane,
        current.map.spacing,
    ):
        return restored
    return replace(restored, map=replace(restored.map, view=current.map.view))
