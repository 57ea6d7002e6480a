"""The window's controller: theme, check marks, undo buttons and help."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from explorer.controllers.commands import COMMANDS
from explorer.controllers.window_controller import WindowController
from explorer.services.preferences import Preferences
from explorer.state.session_state import MapChoice
from explorer.state.session_store import SessionStore
from explorer.state.training_values import TrainingStatus
from explorer.views.main_window import MainWindow
from explorer.views.text_dialog import TextDialog
from explorer.views.theme import palette_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.controllers.stand_ins import StandIn


@pytest.fixture
def window(qtbot: "QtBot") -> MainWindow:
    view = MainWindow({})
    view.add_commands(COMMANDS)
    qtbot.addWidget(view)
    return view


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path)


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, preferences: Preferences, window: MainWindow, panel: "StandIn"
) -> Iterator[WindowController]:
    made = WindowController(store, preferences, window, (panel,), "1.2.3")  # type: ignore[arg-type]
    yield made
    made.set_theme("system")


def test_a_theme_is_worn_and_remembered(window: MainWindow, preferences: Preferences, qtbot: "QtBot") -> None:
    for theme in ("dark", "light"):
        window.action(f"theme_{theme}").trigger()
        qtbot.waitUntil(lambda is_dark=theme == "dark": palette_of(window).is_dark == is_dark)  # type: ignore[misc]
        assert preferences.theme == theme
    assert window.action("theme_light").isChecked()
    assert not window.action("theme_dark").isChecked()


def test_undo_and_redo_are_buttons_that_know_when_they_work(window: MainWindow, store: SessionStore) -> None:
    states = [(window.action("undo").isEnabled(), window.action("redo").isEnabled())]
    store.update(code=(1.0, 1.0))
    states.append((window.action("undo").isEnabled(), window.action("redo").isEnabled()))
    window.action("undo").trigger()
    states.append((window.action("undo").isEnabled(), window.action("redo").isEnabled()))
    window.action("redo").trigger()
    assert states == [(False, False), (True, False), (False, True)]
    assert store.state.code == (1.0, 1.0)


def test_check_marks_follow_the_state(window: MainWindow, store: SessionStore, panel: "StandIn") -> None:
    assert window.action("show_tiles").isChecked()
    store.update(map=MapChoice(tiles_shown=False), smooth_pictures=True)
    assert not window.action("show_tiles").isChecked()
    assert window.action("smooth_pictures").isChecked()
    assert panel.last("set_smooth") == (True,)


def test_smooth_pictures_are_a_step_of_undo(window: MainWindow, store: SessionStore) -> None:
    window.action("smooth_pictures").trigger()
    assert store.state.smooth_pictures
    store.undo()
    assert not window.action("smooth_pictures").isChecked()


def test_layout_and_training_wishes_are_remembered(
    window: MainWindow, preferences: Preferences, controller: WindowController
) -> None:
    window.action("keep_training").trigger()
    controller.remember()
    assert preferences.keeps_training
    assert preferences.layout
    controller.restore()


def test_help_lists_every_shortcut_and_about_the_version(window: MainWindow, qapp: QApplication) -> None:
    from PySide6.QtWidgets import QLabel

    texts = []
    for name in ("shortcuts", "about"):
        window.action(name).trigger()
        dialog = next(child for child in window.findChildren(TextDialog) if child.isVisible())
        texts.append(" ".join(label.text() for label in dialog.findChildren(QLabel)))
        dialog.close()
    assert all(command.shortcut in texts[0] for command in COMMANDS if "&" not in command.shortcut)
    assert "1.2.3" in texts[1]


@pytest.mark.parametrize(
    ("status", "can_pause", "can_stop"),
    [
        (TrainingStatus(), False, False),
        (TrainingStatus(phase="starting"), False, True),
        (TrainingStatus(phase="running"), True, True),
        (TrainingStatus(phase="paused"), True, True),
        (TrainingStatus(phase="running", is_own=False), False, False),
        (TrainingStatus(phase="finished"), False, False),
    ],
)
def test_the_menu_offers_what_can_be_asked_of_a_run(
    window: MainWindow, controller: WindowController, status: TrainingStatus, can_pause: bool, can_stop: bool
) -> None:
    controller.see_training(status)
    assert window.action("train_pause").isEnabled() == can_pause
    assert window.action("train_stop").isEnabled() == can_stop
