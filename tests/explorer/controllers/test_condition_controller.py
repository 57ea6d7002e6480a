"""The controller of the condition."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Signal

from explorer.controllers.condition_controller import ConditionController
from explorer.controllers.planner import Planner
from explorer.state.condition_facts import ConditionFacts
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.stand_ins import StandIn

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open

CLASSES = ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0))
ATTRIBUTES = ConditionFacts("attributes", ("smile", "hat"), (-1.0, 0.0), (1.0, 4.0), usual=(0.0, 2.0))


class ControlsStandIn(StandIn):
    name_chosen = Signal(int)
    drag_started = Signal()
    attribute_moved = Signal(int, float)
    drag_finished = Signal()
    reset_requested = Signal(int)


@pytest.fixture
def controls() -> ControlsStandIn:
    return ControlsStandIn()


@pytest.fixture(autouse=True)
def controller(store: SessionStore, planner: Planner, controls: ControlsStandIn) -> ConditionController:
    return ConditionController(store, planner, controls)  # type: ignore[arg-type]


@pytest.fixture
def told(controller: ConditionController) -> list[str]:
    heard: list[str] = []
    controller.told.connect(heard.append)
    return heard


def test_the_controls_are_those_of_the_model(
    planner: Planner, store: SessionStore, controls: ControlsStandIn, opened: "Open"
) -> None:
    planner.set_opened(opened(condition=CLASSES))
    store.update(code=(1.0, 1.0))
    planner.set_opened(opened(generation=2, condition=CLASSES))
    assert controls.given("show_facts") == [(CLASSES,)]
    assert controls.given("show_condition") == [((1.0, 0.0),)]
    planner.set_opened(opened(generation=3, opening=2))
    assert controls.last("show_facts") == (ConditionFacts(),)


def test_a_class_is_chosen_in_one_step(
    planner: Planner, store: SessionStore, controls: ControlsStandIn, opened: "Open"
) -> None:
    planner.set_opened(opened(condition=CLASSES))
    controls.name_chosen.emit(1)
    controls.name_chosen.emit(7)
    assert store.state.condition == (0.0, 1.0)
    assert controls.last("show_condition") == ((0.0, 1.0),)
    store.undo()
    assert not store.state.condition


def test_the_drag_of_an_attribute_is_one_step_and_can_be_reset(
    planner: Planner, store: SessionStore, controls: ControlsStandIn, opened: "Open"
) -> None:
    planner.set_opened(opened(condition=ATTRIBUTES))
    controls.drag_started.emit()
    for value in (0.25, 0.5, 0.75):
        controls.attribute_moved.emit(0, value)
    controls.drag_finished.emit()
    controls.attribute_moved.emit(1, 9.0)
    assert store.state.condition == (0.75, 9.0)
    controls.reset_requested.emit(1)
    assert store.state.condition == (0.75, 2.0)
    controls.reset_requested.emit(-1)
    assert planner.plan.condition == (0.0, 2.0)
    for _ in range(3):
        store.undo()
    assert store.state.condition == (0.75, 2.0)
    store.undo()
    assert not store.state.condition


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (ConditionFacts(), "The session has a condition and vae / digits takes none; it is left out."),
        (CLASSES, "The session's condition is none of vae / digits, which knows 2 classes; its usual one is used."),
    ],
)
def test_a_condition_the_model_does_not_have_is_said_once(
    condition: ConditionFacts,
    sentence: str,
    planner: Planner,
    store: SessionStore,
    told: list[str],
    opened: "Open",
) -> None:
    store.update(condition=(0.1, 0.2, 0.7))
    planner.set_opened(opened(condition=condition))
    store.update(code=(1.0, 1.0))
    assert told == [sentence]
    assert planner.plan.condition == condition.usual
