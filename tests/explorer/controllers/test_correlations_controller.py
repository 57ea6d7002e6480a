"""The diagram of correlations: when there is one, and that it follows the directions."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from explorer.controllers.correlations_controller import CorrelationsController
from explorer.controllers.planner import Planner
from explorer.services.found_directions import FoundDirections
from tests.explorer.controllers.stand_ins import StandIn
from trainers.engine.directions import DirectionTable
from trainers.latent.direction import Direction

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open


class DialogStandIn(StandIn):
    export_requested = Signal()
    copy_requested = Signal()


class DirectionsStandIn(QObject):
    found = Signal(object)
    directions: FoundDirections | None = None


def _found(count: int) -> FoundDirections:
    axes = tuple(Direction(f"name_{place}", "means", axis, 1.0, 0.0) for place, axis in enumerate(np.eye(3)[:count]))
    square = np.eye(count)
    table = DirectionTable(axes, (None,) * count, (), np.zeros((count, 0)), square, np.zeros((0, 0)), count=1200)
    return FoundDirections(None, 1, table)


@pytest.fixture
def directions() -> DirectionsStandIn:
    return DirectionsStandIn()


@pytest.fixture
def dialog() -> DialogStandIn:
    return DialogStandIn(isVisible=True)


@pytest.fixture(autouse=True)
def controller(planner: Planner, directions: DirectionsStandIn, dialog: DialogStandIn) -> CorrelationsController:
    return CorrelationsController(planner, directions, dialog)  # type: ignore[arg-type]


def test_the_diagram_is_of_the_directions_and_follows_them(
    planner: Planner,
    directions: DirectionsStandIn,
    dialog: DialogStandIn,
    controller: CorrelationsController,
    opened: "Open",
) -> None:
    planner.set_opened(opened())
    directions.directions = _found(2)
    controller.open()
    shown, note = dialog.last("show_correlations")
    assert shown.names == ("name 0", "name 1")
    assert np.isnan(shown.correlations).all()
    assert note == "vae / digits · means · 1,200 items"
    directions.found.emit(_found(3))
    assert len(dialog.last("show_correlations")[0].names) == 3
    directions.found.emit(None)
    assert len(dialog.given("hide")) == 1


@pytest.mark.parametrize("found", [None, _found(1)])
def test_without_two_directions_it_says_what_to_do(
    planner: Planner,
    directions: DirectionsStandIn,
    dialog: DialogStandIn,
    controller: CorrelationsController,
    opened: "Open",
    found: FoundDirections | None,
) -> None:
    told: list[str] = []
    controller.told.connect(told.append)
    planner.set_opened(opened())
    directions.directions = found
    controller.open()
    assert "needs two directions" in told[0]
    assert dialog.given("show") == []
