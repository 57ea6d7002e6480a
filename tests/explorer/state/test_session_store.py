"""The store: one announcement per change, undo, redo and gestures."""

import sys
from dataclasses import replace

import pytest

from explorer.state.session_state import MapChoice, PlaneChoice, SessionState
from explorer.state.session_store import SessionStore

Changes = list[tuple[SessionState, SessionState]]


@pytest.fixture
def store() -> SessionStore:
    return SessionStore(SessionState(model="a", code=(0.0, 0.0)))


@pytest.fixture
def changes(store: SessionStore) -> Changes:
    heard: Changes = []
    store.changed.connect(lambda old, new: heard.append((old, new)))
    return heard


def test_update_announces_old_and_new_once(store: SessionStore, changes: Changes) -> None:
    store.update(code=(1.0, 2.0), smooth_pictures=True)
    assert [(old.code, new.code, new.smooth_pictures) for old, new in changes] == [((0.0, 0.0), (1.0, 2.0), True)]


def test_update_without_change_is_silent_and_no_step(store: SessionStore, changes: Changes) -> None:
    store.update(code=(0.0, 0.0))
    store.undo()
    assert changes == []


def test_a_listener_may_update_without_looping(store: SessionStore, changes: Changes) -> None:
    store.changed.connect(lambda _old, new: store.update(code=new.code))
    store.update(code=(1.0, 1.0))
    assert len(changes) == 1


def test_undo_and_redo_walk_through_the_states(store: SessionStore) -> None:
    for value in (1.0, 2.0, 3.0):
        store.update(code=(value, 0.0))
    store.undo()
    store.undo()
    assert store.state.code == (1.0, 0.0)
    store.redo()
    assert store.state.code == (2.0, 0.0)
    store.update(code=(9.0, 0.0))
    store.redo()
    assert store.state.code == (9.0, 0.0)


def test_a_gesture_is_one_step(store: SessionStore, changes: Changes) -> None:
    store.update(code=(5.0, 5.0))
    store.begin_gesture()
    for step in range(10):
        store.update(code=(float(step), 1.0))
    store.end_gesture()
    assert len(changes) == 11
    store.undo()
    assert store.state.code == (5.0, 5.0)
    store.redo()
    assert store.state.code == (9.0, 1.0)


def test_a_gesture_that_comes_back_is_no_step(store: SessionStore) -> None:
    store.begin_gesture()
    store.update(code=(1.0, 1.0))
    store.update(code=(0.0, 0.0))
    store.end_gesture()
    heard: list[bool] = []
    store.can_undo.connect(heard.append)
    store.update(code=(2.0, 2.0))
    store.undo()
    assert store.state.code == (0.0, 0.0)
    assert heard == [True, False]


def test_undo_in_the_middle_of_a_gesture_takes_it_back(store: SessionStore) -> None:
    store.begin_gesture()
    store.update(code=(1.0, 1.0))
    store.undo()
    assert store.state.code == (0.0, 0.0)


def test_undo_leaves_the_view_alone_on_the_same_plane(store: SessionStore) -> None:
    store.update(code=(1.0, 1.0))
    store.update(undoable=False, map=MapChoice(view=(0.0, 0.0, 1.0, 1.0)))
    store.undo()
    assert store.state.code == (0.0, 0.0)
    assert store.state.map.view == (0.0, 0.0, 1.0, 1.0)


def test_undo_of_another_plane_brings_its_view_back(store: SessionStore) -> None:
    store.update(undoable=False, map=MapChoice(view=(0.0, 0.0, 1.0, 1.0)))
    store.update(map=replace(store.state.map, plane=PlaneChoice(first=2), view=None))
    store.undo()
    assert store.state.map == MapChoice(view=(0.0, 0.0, 1.0, 1.0))


def test_whether_undo_is_possible_is_announced_when_it_changes(store: SessionStore) -> None:
    undo: list[bool] = []
    redo: list[bool] = []
    store.can_undo.connect(undo.append)
    store.can_redo.connect(redo.append)
    store.update(code=(1.0, 0.0))
    store.update(code=(2.0, 0.0))
    store.undo()
    store.undo()
    store.redo()
    assert undo == [True, False, True]
    assert redo == [True]


def test_history_is_bounded(store: SessionStore) -> None:
    for value in range(500):
        store.update(code=(float(value), 1.0))
    for _ in range(500):
        store.undo()
    assert store.state.code == (299.0, 1.0)


def test_opening_a_whole_state_can_be_undone(store: SessionStore) -> None:
    store.open(SessionState(model="b"))
    store.undo()
    assert store.state.model == "a"


def test_emitting_signals_keeps_the_references_of_true() -> None:
    # A release of the bindings dropped one at every emission, until the interpreter died.
    store = SessionStore()
    store.can_undo.connect(lambda _possible: None)
    before = sys.getrefcount(True)
    for _ in range(2000):
        store.can_undo.emit(True)
    assert abs(sys.getrefcount(True) - before) < 100
