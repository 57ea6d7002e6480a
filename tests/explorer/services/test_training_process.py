"""The training process: real children that run, refuse, die and are told what to do."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.services import training_process
from explorer.services.training_process import TrainingProcess
from trainers.engine.events import Failed, Finished, Paused, Resumed, Saved, Started, Stepped
from trainers.engine.run_folder import RunFolder

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SMALL = ["vae", "--data", "digits", "--set", "architecture=mlp", "--set", "hidden_sizes=[16]"]


@pytest.fixture
def process() -> Iterator[TrainingProcess]:
    child = TrainingProcess()
    yield child
    child.end()


@pytest.fixture
def events(process: TrainingProcess) -> list[object]:
    heard: list[object] = []
    process.event_received.connect(heard.append)
    return heard


def _wait_for(qtbot: "QtBot", events: list[object], kind: type) -> None:
    qtbot.waitUntil(lambda: any(isinstance(event, kind) for event in events), timeout=60_000)


def test_a_run_streams_and_ends_by_itself(
    qtbot: "QtBot", process: TrainingProcess, events: list[object], tmp_path: Path
) -> None:
    with qtbot.waitSignal(process.ended, timeout=60_000) as told:
        process.start([*SMALL, "--max-steps", "5", "--run", str(tmp_path / "run")])
    assert told.args == [""]
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert events[-1].step == 5
    assert not process.is_running()


def test_commands_reach_the_run(qtbot: "QtBot", process: TrainingProcess, events: list[object], tmp_path: Path) -> None:
    process.start([*SMALL, "--epochs", "100000", "--run", str(tmp_path / "run")])
    _wait_for(qtbot, events, Stepped)
    process.send("pause")
    _wait_for(qtbot, events, Paused)
    process.send("resume")
    _wait_for(qtbot, events, Resumed)
    before = sum(isinstance(event, Saved) for event in events)
    process.send("snapshot")
    qtbot.waitUntil(lambda: sum(isinstance(event, Saved) for event in events) > before, timeout=60_000)
    with qtbot.waitSignal(process.ended, timeout=60_000) as told:
        process.send("stop")
    assert told.args == [""]
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "stopped"


def test_a_refused_request_gives_its_sentence(
    qtbot: "QtBot", process: TrainingProcess, events: list[object], tmp_path: Path
) -> None:
    with qtbot.waitSignal(process.ended, timeout=60_000) as told:
        process.start(["vae", "--data", "digitz", "--run", str(tmp_path / "run")])
    assert told.args == [""]
    assert isinstance(events[-1], Failed)
    assert "'digitz'; did you mean digits?" in events[-1].message
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_run_is_told_and_resumes(
    qtbot: "QtBot", process: TrainingProcess, events: list[object], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    process.start([*SMALL, "--epochs", "100000", "--run", str(run)])
    _wait_for(qtbot, events, Saved)
    _wait_for(qtbot, events, Stepped)
    with qtbot.waitSignal(process.ended, timeout=60_000) as told:
        os.kill(process.process_id, signal.SIGKILL)
    assert told.args == ["The training process ended before it was done."]
    assert not RunFolder(run).is_running()
    events.clear()
    process.start(["--resume", str(run)])
    _wait_for(qtbot, events, Stepped)


def test_ending_stops_gently_and_leaves_no_child(
    qtbot: "QtBot", process: TrainingProcess, events: list[object], tmp_path: Path
) -> None:
    process.start([*SMALL, "--epochs", "100000", "--run", str(tmp_path / "run")])
    _wait_for(qtbot, events, Stepped)
    process.end()
    assert not process.is_running()
    assert isinstance(RunFolder(tmp_path / "run").read_events()[-1], Finished)


def test_a_child_that_only_just_started_is_not_waited_for(
    qtbot: "QtBot", process: TrainingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_process, "train_command", lambda _arguments: ["-c", "import time; time.sleep(600)"])
    monkeypatch.setattr(training_process, "_STOP_MS", 500_000)
    process.start([])
    qtbot.waitUntil(lambda: process.process_id > 0)
    process.end()
    assert not process.is_running()


def test_an_interpreter_that_breaks_is_told_by_its_last_words(
    qtbot: "QtBot", process: TrainingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_process, "train_command", lambda _arguments: ["-c", "raise SystemExit('no luck')"])
    with qtbot.waitSignal(process.ended, timeout=60_000) as told:
        process.start([])
    assert told.args == ["Training ended with code 1: no luck."]


def test_a_missing_interpreter_is_told(
    qtbot: "QtBot", process: TrainingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with qtbot.waitSignal(process.ended) as told:
        process.start([])
    assert str(told.args[0]).startswith("Training could not be started:")


def test_ending_without_a_child_is_nothing(process: TrainingProcess) -> None:
    process.end()
    process.send("stop")
    assert process.process_id == 0
