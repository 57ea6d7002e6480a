"""Following a run that another process trains, by the files it writes."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.services.run_follower import RunFollower
from trainers.engine.events import Finished, Paused, Resumed, event_line
from trainers.engine.run_lock import RunLock

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def follower() -> Iterator[RunFollower]:
    service = RunFollower()
    yield service
    service.stop()


def _write(run: Path, text: str) -> None:
    with (run / "events.jsonl").open("a") as file:
        file.write(text)


def test_past_and_coming_events_are_told_until_the_process_is_gone(
    qtbot: "QtBot", follower: RunFollower, tmp_path: Path
) -> None:
    heard: list[object] = []
    follower.event_received.connect(heard.append)
    _write(tmp_path, event_line(Paused(step=1)) + "\nrubbish\n")
    with RunLock(tmp_path):
        follower.follow(tmp_path)
        qtbot.waitUntil(lambda: len(heard) == 1)
        line = event_line(Resumed(step=1)) + "\n"
        _write(tmp_path, line[:20])
        qtbot.wait(600)
        _write(tmp_path, line[20:])
        qtbot.waitUntil(lambda: len(heard) == 2)
    with qtbot.waitSignal(follower.ended) as told:
        pass
    assert told.args[0].endswith("is gone.")
    assert [type(event) for event in heard] == [Paused, Resumed]
    assert not follower.is_following()


def test_a_run_that_said_how_it_ended_needs_no_sentence(qtbot: "QtBot", follower: RunFollower, tmp_path: Path) -> None:
    _write(tmp_path, event_line(Finished(reason="completed", step=1, epoch=1.0, checkpoint="c")) + "\n")
    with qtbot.waitSignal(follower.ended) as told:
        follower.follow(tmp_path)
    assert told.args == [""]


def test_a_long_history_is_told_whole(qtbot: "QtBot", follower: RunFollower, tmp_path: Path) -> None:
    heard: list[object] = []
    follower.event_received.connect(heard.append)
    _write(tmp_path, "".join(event_line(Paused(step=step)) + "\n" for step in range(5000)))
    with qtbot.waitSignal(follower.ended, timeout=10_000):
        follower.follow(tmp_path)
    assert [event.step for event in heard if isinstance(event, Paused)] == list(range(5000))


def test_stopping_follows_no_more(follower: RunFollower, tmp_path: Path) -> None:
    follower.follow(tmp_path)
    follower.stop()
    assert not follower.is_following()
