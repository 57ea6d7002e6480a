"""The ring that walks along a path."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.path_player import PathPlayer, next_step
from explorer.services.paths import PathAsked, WalkedPath
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

KEYS = (((0.0, 0.0), ()), ((4.0, 0.0), ()))


def walked_of(closed: bool = False) -> WalkedPath:
    codes = np.stack([np.arange(5.0), np.zeros(5)], axis=1)
    pictures = np.zeros((5, 8, 8, 1), np.uint8)
    return WalkedPath(PathAsked(KEYS, "linear", 5, closed), codes, np.empty((5, 0)), pictures, np.ones(4), 4.0, 4.0)


@pytest.fixture
def player(store: SessionStore) -> PathPlayer:
    return PathPlayer(store)


def places(steps: int, closed: bool, start: int = -1) -> list[int]:
    place, direction, met = start, 1, []
    for _ in range(steps):
        place, direction = next_step(place, direction, 4, closed)
        met.append(place)
    return met


def test_it_goes_there_and_back_or_round() -> None:
    assert places(9, closed=False) == [0, 1, 2, 3, 2, 1, 0, 1, 2]
    assert places(7, closed=True) == [0, 1, 2, 0, 1, 2, 0]
    assert places(3, closed=False, start=3) == [2, 1, 0]


def test_a_walk_is_one_step_of_undo(player: PathPlayer, store: SessionStore, qtbot: "QtBot") -> None:
    store.update(code=(9.0, 9.0))
    heard: list[bool] = []
    player.playing_changed.connect(heard.append)
    player.set_speed(200)
    player.play(walked_of(), -1)
    assert store.state.code == (0.0, 0.0)
    qtbot.waitUntil(lambda: store.state.code == (3.0, 0.0))
    player.stop()
    stood = store.state.code
    qtbot.wait(30)
    assert store.state.code == stood
    store.undo()
    assert store.state.code == (9.0, 9.0)
    assert heard == [True, False]


def test_it_goes_on_from_the_step_where_the_ring_is(player: PathPlayer, store: SessionStore) -> None:
    player.play(walked_of(), 2)
    assert store.state.code == (3.0, 0.0)
    player.stop()


def test_whoever_moves_the_ring_stops_it_and_what_they_do_is_a_step_of_its_own(
    player: PathPlayer, store: SessionStore
) -> None:
    before = store.state.code
    player.play(walked_of(), 1)
    # As a drag on the map does.
    store.begin_gesture()
    player.give_way()
    assert not player.is_playing
    for u in (7.0, 8.0):
        store.update(code=(u, 1.0))
    store.end_gesture()
    store.undo()
    assert store.state.code == (2.0, 0.0)
    store.undo()
    assert store.state.code == before


def test_undo_stops_it(player: PathPlayer, store: SessionStore) -> None:
    before = store.state.code
    player.play(walked_of(), 0)
    store.undo()
    assert not player.is_playing
    assert store.state.code == before
    player.give_way()
    store.update(code=(5.0, 5.0))
    store.undo()
    assert store.state.code == before
