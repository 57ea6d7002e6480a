"""Playing: what is due waits for what is being read."""

from typing import TYPE_CHECKING

import pytest

from explorer.controllers.snapshot_player import SnapshotPlayer
from tests.explorer.conftest import LONG_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def player() -> "Iterator[SnapshotPlayer]":
    made = SnapshotPlayer()
    made.set_speed(100)
    yield made
    made.stop()


def test_nothing_is_due_before_the_last_one_is_shown(player: SnapshotPlayer, qtbot: "QtBot") -> None:
    due: list[int] = []
    player.due.connect(lambda: due.append(1))
    player.play()
    assert len(due) == 1
    qtbot.wait(60)
    assert len(due) == 1
    player.shown()
    assert len(due) == 2
    player.shown()
    qtbot.waitUntil(lambda: len(due) == 3, timeout=LONG_MS)


def test_it_says_when_it_begins_and_ends(player: SnapshotPlayer) -> None:
    said: list[bool] = []
    player.playing_changed.connect(said.append)
    player.stop()
    player.play()
    assert player.is_playing
    player.stop()
    player.stop()
    assert said == [True, False]
    player.shown()
    assert not player.is_playing
