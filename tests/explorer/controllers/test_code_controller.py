"""The controller of the picture at the current point."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.code_controller import CodeController, code_caption
from explorer.controllers.planner import Planner
from explorer.services.decoder import DecodedPicture
from explorer.services.nearest_items import ItemCode
from explorer.state.condition_facts import ConditionFacts
from explorer.state.model_facts import BlockFacts
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, StandIn


@pytest.fixture(autouse=True)
def controller(store: SessionStore, planner: Planner, decoder: "DecoderStandIn", panel: "StandIn") -> CodeController:
    return CodeController(store, planner, decoder, panel)  # type: ignore[arg-type]


def test_every_new_point_is_decoded_once(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    store.update(code=(1.0, 0.0))
    store.update(smooth_pictures=True)
    assert decoder.given("decode") == [((0.0, 0.0), ()), ((1.0, 0.0), ())]


def test_the_picture_is_shown_with_its_code_and_timed(
    planner: Planner,
    store: SessionStore,
    decoder: "DecoderStandIn",
    panel: "StandIn",
    controller: CodeController,
    opened: "Open",
) -> None:
    told: list[tuple[float, float]] = []
    controller.picture_shown.connect(lambda decode_ms, total_ms: told.append((decode_ms, total_ms)))
    planner.set_opened(opened())
    decoder.picture_decoded.emit(DecodedPicture((0.0, 0.0), np.zeros((8, 8, 1), dtype=np.uint8), 1.0))
    store.update(code=(0.5, -1.25))
    picture = np.ones((8, 8, 1), dtype=np.uint8)
    decoder.picture_decoded.emit(DecodedPicture((0.5, -1.25), picture, 1.5))
    assert panel.last("show_picture")[0] is picture
    assert panel.last("show_caption")[0] == "z = (0.50, −1.25)"
    assert told[0] == (1.0, 0.0)
    assert told[1][0] == 1.5
    assert told[1][1] > 0


def test_the_picture_follows_the_condition_and_says_it(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", panel: "StandIn", opened: "Open"
) -> None:
    planner.set_opened(opened(condition=ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0))))
    store.update(condition=(0.0, 1.0))
    assert decoder.given("decode") == [((0.0, 0.0), (1.0, 0.0)), ((0.0, 0.0), (0.0, 1.0))]
    picture = np.zeros((8, 8, 1), dtype=np.uint8)
    decoder.picture_decoded.emit(DecodedPicture((0.0, 0.0), picture, 1.0, (0.0, 1.0)))
    assert panel.last("show_caption")[0] == "class b · z = (0.00, 0.00)"


def test_long_codes_are_cut_short() -> None:
    assert code_caption((1.0,) * 6) == "z = (1.00, 1.00, 1.00, 1.00, … (6 numbers))"


def test_the_caption_has_no_minus_before_nothing() -> None:
    assert code_caption((-0.001, -0.25, 0.0)) == "z = (0.00, −0.25, 0.00)"


def test_locks_that_a_model_has_no_dimension_for_hold_nothing(
    planner: Planner, store: SessionStore, opened: "Open"
) -> None:
    blocks = (BlockFacts("z", 0, 1), BlockFacts("kind", 1, 2, "categorical"))
    store.update(sliders=replace(store.state.sliders, locked=(0, 1, 7)))
    planner.set_opened(opened(3, blocks=blocks))
    assert planner.plan.locked == {0}
    assert planner.plan.held((1.0, 2.0)) == (1.0, 2.0)


def test_the_code_of_an_item_comes_with_its_condition(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    decoder.item_encoded.emit(ItemCode((0.5, 1.5), (0.0, 1.0)))
    assert (store.state.code, store.state.condition) == ((0.5, 1.5), (0.0, 1.0))
