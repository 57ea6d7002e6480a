"""The controller of pictures of items: asked for at rest, dropped when stale, written where the person says."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.item_pictures_controller import ItemPicturesController
from explorer.controllers.planner import Planner
from explorer.controllers.selection_controller import SelectionController
from explorer.services.pictured_items import PicturedItems, Purpose
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from explorer.services.encodings import EncodedItems
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, MapStandIn, SelectionStandIn


@pytest.fixture
def points(encoded: "Encode") -> "EncodedItems":
    return encoded()


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    latent_map: "MapStandIn",
    selecting: "SelectionStandIn",
    opened: "Open",
    points: "EncodedItems",
) -> ItemPicturesController:
    selection = SelectionController(store, planner, latent_map, selecting)  # type: ignore[arg-type]
    made = ItemPicturesController(planner, decoder, selection, selecting)  # type: ignore[arg-type]
    selection.setParent(made)
    planner.set_opened(replace(opened(), encoded=points))
    return made


def _made(points: "EncodedItems", purpose: Purpose = "nearest") -> PicturedItems:
    indices = np.array([4, 9])
    distances = np.array([0.5, 1.25], np.float32) if purpose == "nearest" else None
    return PicturedItems(purpose, points, indices, np.zeros((2, 8, 8, 1), np.uint8), distances)


def test_a_drag_asks_for_the_neighbours_once_it_rests(
    qtbot: "QtBot", decoder: "DecoderStandIn", store: SessionStore
) -> None:
    for place in (1.0, 2.0, 3.0):
        store.update(code=(place, 0.0))
    qtbot.waitUntil(lambda: bool(decoder.given("picture_items")))
    assert [wish.code for (wish,) in decoder.given("picture_items")] == [(3.0, 0.0)]


def test_nothing_is_asked_for_a_panel_that_nobody_sees(
    qtbot: "QtBot", decoder: "DecoderStandIn", store: SessionStore, selecting: "SelectionStandIn"
) -> None:
    qtbot.waitUntil(lambda: bool(decoder.given("picture_items")))
    decoder.calls.clear()
    selecting.answers["isVisible"] = False
    store.update(code=(1.0, 1.0))
    qtbot.wait(250)
    assert decoder.given("picture_items") == []


def test_a_neighbour_goes_to_the_ring_and_its_distance_is_told(
    qtbot: "QtBot",
    decoder: "DecoderStandIn",
    selecting: "SelectionStandIn",
    store: SessionStore,
    points: "EncodedItems",
) -> None:
    decoder.items_pictured.emit(_made(points))
    assert selecting.last("show_pictures")[1] == ("a  0.5", "b  1.25")
    selecting.item_activated.emit(1)
    assert store.state.code == tuple(points.codes[9].tolist())
    qtbot.wait(200)


def test_pictures_of_earlier_points_or_of_the_other_choice_are_dropped(
    qtbot: "QtBot",
    decoder: "DecoderStandIn",
    selecting: "SelectionStandIn",
    points: "EncodedItems",
    encoded: "Encode",
) -> None:
    decoder.items_pictured.emit(_made(encoded(generation=2)))
    decoder.items_pictured.emit(_made(points, "selected"))
    assert selecting.given("show_pictures") == []
    qtbot.wait(200)


def test_without_a_selection_the_panel_says_how_to_get_one(selecting: "SelectionStandIn", qtbot: "QtBot") -> None:
    selecting.shown_chosen.emit("selected")
    assert "Select points" in selecting.last("show_nothing")[0]
    qtbot.wait(200)


def test_a_picture_offers_its_item_to_the_path(
    qtbot: "QtBot",
    controller: ItemPicturesController,
    decoder: "DecoderStandIn",
    selecting: "SelectionStandIn",
    points: "EncodedItems",
) -> None:
    qtbot.waitUntil(lambda: bool(decoder.given("picture_items")))
    offered: list[int] = []
    controller.key_point_wanted.connect(offered.append)
    selecting.key_point_wanted.emit(0)
    decoder.items_pictured.emit(_made(points))
    selecting.key_point_wanted.emit(1)
    selecting.key_point_wanted.emit(2)
    assert offered == [9]
