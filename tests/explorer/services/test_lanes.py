"""The lanes: urgent work first, the newest request wins, the last one is never lost."""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from explorer.services.lanes import Answer, Lane, LaneThread, Request
from trainers.errors import FailureError, StoppedError

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Listener(QObject):
    """Collects answers, and the threads in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Answer] = []
        self.threads: list[QThread] = []

    @Slot(object)
    def take(self, answer: Answer) -> None:
        self.answers.append(answer)
        self.threads.append(QThread.currentThread())

    @property
    def values(self) -> list[object]:
        return [answer.value for answer in self.answers]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def lanes(listener: Listener) -> Iterator[LaneThread]:
    thread = LaneThread(lambda: None)
    thread.answered.connect(listener.take)
    thread.start()
    yield thread
    thread.stop()


class Gate:
    """Work that waits at its first step until it is let through."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()

    def open(self) -> None:
        self._open.set()

    def __call__(self) -> Iterator[object]:
        self.reached.set()
        assert self._open.wait(10)
        yield "gate"


def _request(lane: Lane, *values: object) -> Request:
    return Request(lane, 1, lambda: iter(values))


def _wait_until_idle(qtbot: "QtBot", lanes: LaneThread, listener: Listener, count: int) -> None:
    qtbot.waitUntil(lambda: lanes.is_idle() and len(listener.answers) >= count, timeout=10_000)


def test_answers_arrive_in_the_thread_of_their_listener(qtbot: "QtBot", lanes: LaneThread, listener: Listener) -> None:
    lanes.submit(_request(Lane.PICTURE, "picture"))
    _wait_until_idle(qtbot, lanes, listener, 1)
    assert listener.threads == [QThread.currentThread()]
    assert listener.answers[0] == Answer(Lane.PICTURE, 1, "picture")


def test_only_the_newest_of_those_that_wait_runs(qtbot: "QtBot", lanes: LaneThread, listener: Listener) -> None:
    gate = Gate()
    lanes.submit(Request(Lane.PICTURE, 1, gate))
    assert gate.reached.wait(10)
    for number in range(50):
        lanes.submit(_request(Lane.PICTURE, number))
    gate.open()
    _wait_until_idle(qtbot, lanes, listener, 2)
    assert listener.values == ["gate", 49]


def test_urgent_lanes_are_served_between_the_steps_of_others(
    qtbot: "QtBot", lanes: LaneThread, listener: Listener
) -> None:
    gate = Gate()

    def long_work() -> Iterator[object]:
        yield from gate()
        yield "tiles 1"
        yield "tiles 2"

    lanes.submit(Request(Lane.TILES, 1, long_work))
    assert gate.reached.wait(10)
    lanes.submit(_request(Lane.SAMPLES, "samples"))
    lanes.submit(_request(Lane.PICTURE, "picture"))
    gate.open()
    _wait_until_idle(qtbot, lanes, listener, 5)
    assert listener.values == ["gate", "picture", "tiles 1", "tiles 2", "samples"]


def test_a_newer_request_takes_over_between_steps(qtbot: "QtBot", lanes: LaneThread, listener: Listener) -> None:
    gate = Gate()

    def endless() -> Iterator[object]:
        yield from gate()
        while True:
            yield "old"

    lanes.submit(Request(Lane.TILES, 1, endless))
    assert gate.reached.wait(10)
    lanes.submit(_request(Lane.TILES, "new"))
    gate.open()
    _wait_until_idle(qtbot, lanes, listener, 2)
    assert listener.values == ["gate", "new"]


def test_a_patient_request_lets_the_one_before_it_finish(qtbot: "QtBot", lanes: LaneThread, listener: Listener) -> None:
    gate = Gate()

    def two_steps() -> Iterator[object]:
        yield from gate()
        yield "old"

    lanes.submit(Request(Lane.CONDITIONS, 1, two_steps, is_patient=True))
    assert gate.reached.wait(10)
    for number in range(5):
        lanes.submit(Request(Lane.CONDITIONS, 1, lambda number=number: iter([number]), is_patient=True))  # type: ignore[misc]
    gate.open()
    _wait_until_idle(qtbot, lanes, listener, 3)
    assert listener.values == ["gate", "old", 4]


@pytest.mark.parametrize("by", ["a newer request", "clearing"])
def test_work_within_one_long_step_learns_that_it_is_given_up(
    qtbot: "QtBot", lanes: LaneThread, listener: Listener, by: str
) -> None:
    begun = threading.Event()

    def wait() -> object:
        begun.set()
        while not lanes.is_given_up(Lane.SAMPLES):
            QThread.msleep(1)
        raise StoppedError

    def long_step() -> Iterator[object]:
        yield wait()

    lanes.submit(Request(Lane.SAMPLES, 1, long_step))
    assert begun.wait(10)
    assert not lanes.is_given_up(Lane.SAMPLES)
    if by == "clearing":
        lanes.clear()
    lanes.submit(_request(Lane.SAMPLES, "new"))
    _wait_until_idle(qtbot, lanes, listener, 1)
    assert listener.answers == [Answer(Lane.SAMPLES, 1, "new")]


def test_stopping_gives_up_a_long_step(lanes: LaneThread) -> None:
    begun = threading.Event()

    def long_step() -> Iterator[object]:
        begun.set()
        while not lanes.is_given_up(Lane.SAMPLES):
            QThread.msleep(1)
        yield None

    lanes.submit(Request(Lane.SAMPLES, 1, long_step))
    assert begun.wait(10)
    lanes.stop()
    assert lanes.isFinished()


def test_none_is_a_rest_and_no_answer(qtbot: "QtBot", lanes: LaneThread, listener: Listener) -> None:
    lanes.submit(_request(Lane.TILES, None, None, "done"))
    _wait_until_idle(qtbot, lanes, listener, 1)
    assert listener.values == ["done"]


def test_clearing_forgets_what_runs_and_waits(qtbot: "QtBot", lanes: LaneThread, listener: Listener) -> None:
    gate = Gate()

    def two_steps() -> Iterator[object]:
        yield from gate()
        yield "never"

    lanes.submit(Request(Lane.TILES, 1, two_steps))
    assert gate.reached.wait(10)
    lanes.submit(_request(Lane.SAMPLES, "never"))
    lanes.clear()
    gate.open()
    _wait_until_idle(qtbot, lanes, listener, 1)
    assert listener.values == ["gate"]


def test_errors_come_back_as_sentences(
    qtbot: "QtBot", lanes: LaneThread, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(error: Exception) -> Iterator[object]:
        yield None
        raise error

    lanes.submit(Request(Lane.TILES, 1, lambda: failing(FailureError("The disk is full."))))
    lanes.submit(Request(Lane.SAMPLES, 1, lambda: failing(ValueError("odd shape"))))
    lanes.submit(_request(Lane.ENCODINGS, "still alive"))
    _wait_until_idle(qtbot, lanes, listener, 3)
    assert listener.answers[0].error == "The disk is full."
    assert listener.answers[1].error == "The model could not be run: ValueError: odd shape"
    assert listener.answers[2].value == "still alive"
    assert "odd shape" in caplog.text


def test_stopping_in_the_middle_of_endless_work_ends_the_thread(lanes: LaneThread) -> None:
    def endless() -> Iterator[object]:
        while True:
            yield None

    lanes.submit(Request(Lane.TILES, 1, endless))
    lanes.stop()
    assert lanes.isFinished()
