"""The hover controller: one card after a rest, never one of a point that was left."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.hover_controller import HoverController
from explorer.controllers.planner import Planner
from explorer.state.item_card import ItemCard
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, MapStandIn


@pytest.fixture(autouse=True)
def controller(
    planner: Planner, decoder: "DecoderStandIn", latent_map: "MapStandIn", opened: "Open", encoded: "Encode"
) -> HoverController:
    made = HoverController(planner, decoder, latent_map)  # type: ignore[arg-type]
    planner.set_opened(replace(opened(), encoded=encoded()))
    decoder.calls.clear()
    latent_map.calls.clear()
    return made


def _card(index: int) -> ItemCard:
    return ItemCard(index, f"Test item {index}", None, None)


def test_only_the_point_that_is_rested_on_is_asked_about(
    qtbot: "QtBot", decoder: "DecoderStandIn", latent_map: "MapStandIn"
) -> None:
    for index in (3, 4, 5):
        latent_map.point_hovered.emit(index)
    qtbot.waitUntil(lambda: bool(decoder.given("make_card")))
    assert [wish.index for (wish,) in decoder.given("make_card")] == [5]


def test_an_answer_about_a_point_that_was_left_is_dropped(decoder: "DecoderStandIn", latent_map: "MapStandIn") -> None:
    latent_map.point_hovered.emit(3)
    decoder.card_made.emit(_card(3))
    assert latent_map.last("show_card")[0].index == 3
    latent_map.point_hovered.emit(-1)
    assert latent_map.last("show_card") == (None,)
    assert decoder.given("cancel_card")
    decoder.card_made.emit(_card(3))
    assert latent_map.last("show_card") == (None,)


def test_another_model_takes_the_card_away_and_a_moved_ring_does_not(
    decoder: "DecoderStandIn", latent_map: "MapStandIn", planner: Planner, opened: "Open", store: SessionStore
) -> None:
    latent_map.point_hovered.emit(3)
    decoder.card_made.emit(_card(3))
    store.update(code=(1.0, 1.0))
    assert latent_map.last("show_card")[0] is not None
    planner.set_opened(opened(generation=2))
    assert latent_map.last("show_card") == (None,)
    decoder.card_made.emit(_card(3))
    assert latent_map.last("show_card") == (None,)


def test_more_points_leave_the_card_and_others_take_it_away(
    decoder: "DecoderStandIn", latent_map: "MapStandIn", planner: Planner, opened: "Open", encoded: "Encode"
) -> None:
    few, many = encoded(count=10), encoded(count=10)
    many = replace(many, codes=np.concatenate((many.codes, many.codes)), labels=None)
    planner.set_opened(replace(opened(), encoded=few))
    latent_map.point_hovered.emit(3)
    decoder.card_made.emit(_card(3))
    planner.set_opened(replace(opened(), encoded=many))
    assert latent_map.last("show_card")[0].index == 3
    assert latent_map.given("look_away") == []
    planner.set_opened(replace(opened(), encoded=replace(many, codes=many.codes[::-1].copy())))
    assert latent_map.last("show_card") == (None,)
    assert latent_map.given("look_away") == [()]


def test_a_point_that_is_not_encoded_any_more_is_not_asked_about(
    qtbot: "QtBot", decoder: "DecoderStandIn", latent_map: "MapStandIn"
) -> None:
    latent_map.point_hovered.emit(50)
    qtbot.wait(200)
    assert decoder.given("make_card") == []
    latent_map.point_hovered.emit(-1)
