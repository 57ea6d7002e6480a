from pathlib import Path

import pytest

from trainers.engine.event_log import EventLog
from trainers.engine.events import Event, Failed, Paused, event_line, parse_event
from trainers.errors import FailureError


def lines(path: Path) -> list[Event | None]:
    return [parse_event(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_event_is_on_disk_before_anybody_hears_of_it(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    found: list[list[Event | None]] = []
    with EventLog(path, lambda _event: found.append(lines(path))) as log:
        log.tell(Paused(step=1))
        log.tell(Paused(step=2))
    assert [len(seen) for seen in found] == [1, 2]


def test_events_are_appended_behind_the_last_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    earlier, later = Paused(step=1), Paused(step=2)
    path.write_text(event_line(earlier) + "\n" + event_line(later)[:9], encoding="utf-8")
    with EventLog(path, lambda _event: None) as log:
        log.tell(later)
    assert lines(path) == [earlier, later]


def test_a_failure_is_told_and_written(tmp_path: Path) -> None:
    heard: list[Event] = []
    with EventLog(tmp_path / "events.jsonl", heard.append) as log:
        log.tell_failure("The disk is full.")
    assert isinstance(heard[0], Failed)
    assert lines(tmp_path / "events.jsonl") == heard


def test_a_log_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").mkdir()
    with pytest.raises(FailureError, match=r"events\.jsonl could not be written"):
        EventLog(tmp_path / "events.jsonl", lambda _event: None).__enter__()
