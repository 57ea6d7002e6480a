"""The samples' controller."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.planner import Planner
from explorer.controllers.samples_controller import SamplesController
from explorer.services.samples import DrawnSamples, SamplesWish
from explorer.state.session_state import SamplesChoice
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import DecoderStandIn, GridStandIn, Open


CONDITIONS = np.array([[1, 0], [0, 1]], dtype=np.float32)


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn"
) -> SamplesController:
    return SamplesController(store, planner, decoder, grid)  # type: ignore[arg-type]


def test_samples_are_drawn_for_every_choice_and_no_other_change(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    store.update(code=(1.0, 1.0))
    grid.choice_changed.emit(SamplesChoice(16, 7, (0.5,)))
    planner.set_opened(opened(generation=2))
    assert decoder.given("draw_samples") == [
        (SamplesWish(64, 0),),
        (SamplesWish(16, 7, (0.5,)),),
        (SamplesWish(16, 7, (0.5,)),),
    ]
    assert grid.last("show_choice") == (SamplesChoice(16, 7, (0.5,)),)


def test_samples_are_shown_and_taken_to_the_ring(
    store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn", controller: SamplesController
) -> None:
    grid.item_activated.emit(0)
    drawn = DrawnSamples(
        np.array([[1, 2], [3, 4]], dtype=np.float32), np.zeros((2, 8, 8, 1), dtype=np.uint8), CONDITIONS
    )
    decoder.samples_drawn.emit(drawn)
    assert grid.last("show_samples") == (drawn.pictures,)
    assert controller.samples is drawn
    grid.item_activated.emit(1)
    assert (store.state.code, store.state.condition) == ((3.0, 4.0), (0.0, 1.0))
