"""Contours: found when they are wanted, and again when what they are of has changed."""

from typing import TYPE_CHECKING

import pytest

from explorer.controllers.contour_controller import ContourController
from explorer.controllers.planner import Planner
from explorer.state.map_contours import MapContours
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import BarStandIn, DecoderStandIn, MapStandIn

_FOUND = MapContours((), None, "")


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", latent_map: "MapStandIn", bar: "BarStandIn"
) -> ContourController:
    return ContourController(store, planner, decoder, latent_map, bar)  # type: ignore[arg-type]


def test_contours_are_asked_for_when_they_are_shown_and_not_at_every_step_of_a_drag(
    planner: Planner, store: SessionStore, bar: "BarStandIn", decoder: "DecoderStandIn", latent_map: "MapStandIn",
    opened: "Open", encoded: "Encode",
) -> None:  # fmt: skip
    planner.set_opened(opened().with_encoded(encoded()))
    assert decoder.given("find_contours") == []
    bar.contours_toggled.emit(True)
    assert store.state.map.contours_shown
    store.update(code=(0.5, 0.5))
    assert len(decoder.given("find_contours")) == 1
    decoder.contours_found.emit(_FOUND)
    assert latent_map.last("show_contours") == (_FOUND,)


def test_other_items_have_other_contours(
    planner: Planner, bar: "BarStandIn", decoder: "DecoderStandIn", latent_map: "MapStandIn",
    opened: "Open", encoded: "Encode",
) -> None:  # fmt: skip
    bar.contours_toggled.emit(True)
    planner.set_opened(opened())
    planner.set_opened(opened().with_encoded(encoded()))
    assert len(decoder.given("find_contours")) == 2
    assert latent_map.last("show_contours") == (None,)


def test_contours_that_come_too_late_are_not_drawn(
    planner: Planner, bar: "BarStandIn", decoder: "DecoderStandIn", latent_map: "MapStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    bar.contours_toggled.emit(True)
    bar.contours_toggled.emit(False)
    assert len(decoder.given("cancel_contours")) == 1
    decoder.contours_found.emit(_FOUND)
    assert latent_map.last("show_contours") == (None,)
