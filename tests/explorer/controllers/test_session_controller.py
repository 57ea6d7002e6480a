"""The session's controller: files, and the last state on disk."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.controllers.session_controller import SessionController
from explorer.state.session_file import load_session
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.controllers.stand_ins import FilesStandIn


@pytest.fixture
def autosave(tmp_path: Path) -> Path:
    return tmp_path / "home" / "last.session.json"


@pytest.fixture(autouse=True)
def controller(store: SessionStore, files: "FilesStandIn", autosave: Path) -> SessionController:
    return SessionController(store, files, autosave)  # type: ignore[arg-type]


@pytest.fixture
def failures(controller: SessionController) -> list[str]:
    heard: list[str] = []
    controller.failed.connect(heard.append)
    return heard


def test_saving_and_opening_is_a_round_trip_that_can_be_undone(
    controller: SessionController, store: SessionStore, files: "FilesStandIn", tmp_path: Path
) -> None:
    told: list[str] = []
    controller.told.connect(told.append)
    controller.opened.connect(store.open)
    controller.ask_save()
    purpose, *_, suffix = files.last("ask_new_file")
    files.chosen.emit(purpose, str(tmp_path / f"mine{suffix}"))
    saved = store.state
    store.update(code=(9.0, 9.0))
    controller.ask_open()
    files.chosen.emit(files.last("ask_file")[0], str(tmp_path / "mine.session.json"))
    assert store.state == saved
    assert "mine.session.json" in told[0]
    store.undo()
    assert store.state.code == (9.0, 9.0)
    controller.save_now()


def test_failures_are_said(controller: SessionController, failures: list[str], tmp_path: Path) -> None:
    controller.open(str(tmp_path / "missing.session.json"))
    controller.save(str(tmp_path / "no folder" / "mine.session.json"))
    assert "missing.session.json cannot be read" in failures[0]
    assert "cannot be written" in failures[1]


def test_changes_reach_the_disk_by_themselves(
    qtbot: "QtBot", store: SessionStore, autosave: Path, controller: SessionController
) -> None:
    store.update(code=(1.0, 1.0))
    store.update(code=(2.0, 2.0))
    assert not autosave.exists()
    qtbot.waitUntil(autosave.exists)
    assert load_session(autosave) == store.state


def test_a_disk_that_refuses_is_complained_about_once(
    controller: SessionController, store: SessionStore, autosave: Path, failures: list[str]
) -> None:
    autosave.parent.write_text("a file where the folder should be")
    store.update(code=(1.0, 1.0))
    controller.save_now()
    controller.save_now()
    assert len(failures) == 1
    assert "not remembered" in failures[0]
