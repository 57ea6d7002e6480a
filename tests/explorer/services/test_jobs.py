"""Jobs: results, errors and cancellation come back to the thread that asked."""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from explorer.services.jobs import JobRunner, Outcome
from trainers.errors import UsageError
from trainers.reporting import Report, StopRequested

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Listener(QObject):
    """Collects outcomes."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: list[Outcome[object]] = []
        self.thread_of_slot: QThread | None = None

    @Slot(object)
    def take(self, outcome: Outcome[object]) -> None:
        self.outcomes.append(outcome)
        self.thread_of_slot = QThread.currentThread()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def runner() -> Iterator[JobRunner]:
    jobs = JobRunner()
    yield jobs
    jobs.stop()


def _finish(qtbot: "QtBot", runner: JobRunner, listener: Listener, count: int = 1) -> None:
    qtbot.waitUntil(lambda: len(listener.outcomes) == count and not runner.is_busy())


def test_a_value_comes_back(qtbot: "QtBot", runner: JobRunner, listener: Listener) -> None:
    main = threading.get_ident()
    runner.start(lambda _report, _stop: threading.get_ident(), listener.take)
    _finish(qtbot, runner, listener)
    assert listener.outcomes[0].value not in (None, main)
    assert listener.thread_of_slot is QThread.currentThread()


def test_progress_is_told(qtbot: "QtBot", runner: JobRunner, listener: Listener) -> None:
    go = threading.Event()
    told: list[tuple[float, str]] = []

    def work(report: Report, _stop: StopRequested) -> str:
        assert go.wait(10)
        report(0.5, "half")
        return "done"

    job = runner.start(work, listener.take)
    job.progressed.connect(lambda share, what: told.append((share, what)))
    go.set()
    _finish(qtbot, runner, listener)
    assert told == [(0.5, "half")]


def test_errors_are_sentences(
    qtbot: "QtBot", runner: JobRunner, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(_report: Report, _stop: StopRequested) -> None:
        raise UsageError("There is no model named vea.")

    def broken(_report: Report, _stop: StopRequested) -> None:
        raise RuntimeError("odd")

    runner.start(refused, listener.take)
    _finish(qtbot, runner, listener)
    runner.start(broken, listener.take)
    _finish(qtbot, runner, listener, 2)
    assert [outcome.error for outcome in listener.outcomes] == [
        "There is no model named vea.",
        "Something went wrong: RuntimeError: odd",
    ]
    assert "odd" in caplog.text


def test_stopping_cancels_and_waits(runner: JobRunner, listener: Listener, qtbot: "QtBot") -> None:
    begun = threading.Event()
    ended = threading.Event()

    def patient(_report: Report, stop: StopRequested) -> str:
        begun.set()
        while not stop():
            pass
        ended.set()
        return "too late"

    runner.start(patient, listener.take)
    assert begun.wait(10)
    runner.stop()
    assert ended.is_set()
    assert not runner.is_busy()
    qtbot.waitUntil(lambda: len(listener.outcomes) == 1)
    assert listener.outcomes[0] == Outcome(cancelled=True)
