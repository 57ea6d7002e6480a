"""Status line, title and messages."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from explorer.controllers.planner import Planner
from explorer.controllers.status_controller import StatusController
from explorer.state.training_values import TrainingStatus

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import WindowStandIn


@pytest.fixture
def panel(window: "WindowStandIn") -> "WindowStandIn":
    """The window is all that this controller shows something in."""
    return window


@pytest.fixture(autouse=True)
def controller(planner: Planner, panel: "WindowStandIn") -> Iterator[StatusController]:
    made = StatusController(planner, panel)  # type: ignore[arg-type]
    yield made
    made.deleteLater()


def test_the_line_says_how_quick_and_what(
    qtbot: "QtBot", planner: Planner, panel: "WindowStandIn", controller: StatusController, opened: "Open"
) -> None:
    planner.set_opened(opened())
    controller.see_picture(2.5, 7.4)
    controller.see_training(TrainingStatus(phase="running", images_per_second=1234.5))
    qtbot.waitUntil(lambda: bool(panel.given("show_status")))
    assert panel.last("show_status") == (
        (
            "decode 2.5 ms",
            "input to picture 7 ms",
            "training 1,234 images/s",
            "the latent space, z1 × z2",
            "vae / digits",
            "epoch 1",
        ),
    )


def test_many_changes_are_one_line(
    qtbot: "QtBot", panel: "WindowStandIn", controller: StatusController, planner: Planner, opened: "Open"
) -> None:
    planner.set_opened(opened())
    for step in range(50):
        controller.see_picture(1.0, float(step))
    qtbot.waitUntil(lambda: bool(panel.given("show_status")))
    qtbot.wait(50)
    assert len(panel.given("show_status")) == 1


def test_title_and_facts_follow_the_open_model_at_once(
    planner: Planner, panel: "WindowStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    planner.set_opened(opened(generation=2))
    planner.set_opened(replace(opened(title="autoencoder / faces"), device="cuda:0"))
    assert panel.given("set_title") == [("vae / digits",), ("autoencoder / faces",)]
    assert panel.given("show_facts") == [("vae", "digits", "cpu"), ("autoencoder", "faces", "cuda:0")]


def test_loading_is_said_before_anything_is_open(
    qtbot: "QtBot", panel: "WindowStandIn", controller: StatusController
) -> None:
    controller.see_activity("opening /runs/a")
    qtbot.waitUntil(lambda: bool(panel.given("show_status")))
    assert panel.last("show_status") == (("opening /runs/a",),)


def test_messages_have_a_kind(panel: "WindowStandIn", controller: StatusController) -> None:
    controller.tell("Written.")
    controller.warn("The disk is full.")
    assert panel.given("show_message") == [("Written.", "info"), ("The disk is full.", "error")]


def test_the_line_can_be_had_at_once(
    planner: Planner, panel: "WindowStandIn", controller: StatusController, opened: "Open"
) -> None:
    planner.set_opened(opened())
    assert not panel.given("show_status")
    controller.bring_up_to_date()
    assert "vae / digits" in panel.last("show_status")[0]


def test_a_button_of_a_message_does_what_was_offered_once(panel: "WindowStandIn", controller: StatusController) -> None:
    done: list[str] = []
    controller.offer("The model is gone.", "Find it…", lambda: done.append("found"))
    assert panel.last("show_message") == ("The model is gone.", "info", "Find it…")
    panel.message_action.emit()
    panel.message_action.emit()
    assert done == ["found"]
    assert panel.last("show_message")[0] == ""
