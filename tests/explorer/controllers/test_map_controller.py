"""The map's controller with a map that only listens."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from explorer.controllers.map_controller import MapController
from explorer.controllers.planner import Planner
from explorer.services.tile_decoding import DecodedTiles
from explorer.state.map_values import MapView
from explorer.state.session_state import MapChoice, PlaneChoice
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import BarStandIn, DecoderStandIn, MapStandIn

HOME = (-3.0, -3.0, 3.0, 3.0)


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", latent_map: "MapStandIn", bar: "BarStandIn"
) -> MapController:
    return MapController(store, planner, decoder, latent_map, bar)  # type: ignore[arg-type]


def test_an_empty_map_offers_a_model(latent_map: "MapStandIn", controller: MapController) -> None:
    asked: list[bool] = []
    controller.help_wanted.connect(lambda: asked.append(True))
    assert latent_map.last("show_empty")[0].startswith("Open a model")
    latent_map.empty_action.emit()
    assert asked == [True]


def test_opening_shows_extent_ring_caption_and_asks_for_tiles(
    planner: Planner, latent_map: "MapStandIn", decoder: "DecoderStandIn", seen: MapView, opened: "Open"
) -> None:
    planner.set_opened(opened())
    latent_map.view_changed.emit(seen)
    assert latent_map.last("show_empty")[0] == ""
    assert latent_map.given("show_extent") == [HOME]
    assert latent_map.given("show_ring")[-1] == (0.0, 0.0)
    assert latent_map.last("show_caption")[0] == "the latent space, z1 × z2"
    assert [view for _, view in decoder.given("decode_tiles")] == [seen]


def test_dragging_moves_the_code_on_the_plane_as_one_step(
    planner: Planner, store: SessionStore, latent_map: "MapStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened(3), code=(0.0, 0.0, 5.0))
    latent_map.drag_started.emit()
    for step in range(4):
        latent_map.latent_dragged.emit(float(step), -1.0)
    latent_map.drag_finished.emit()
    assert store.state.code == (3.0, -1.0, 5.0)
    assert latent_map.given("show_ring")[-1] == (3.0, -1.0)
    store.undo()
    assert store.state.code == (0.0, 0.0, 5.0)


def test_a_drag_asks_for_no_new_tiles(
    planner: Planner, latent_map: "MapStandIn", decoder: "DecoderStandIn", seen: MapView, opened: "Open"
) -> None:
    planner.set_opened(opened(3), code=(0.0, 0.0, 0.0))
    latent_map.view_changed.emit(seen)
    latent_map.latent_dragged.emit(1.0, 1.0)
    assert len(decoder.given("decode_tiles")) == 1
    assert len(latent_map.given("show_extent")) == 1


def test_zooming_asks_for_tiles_and_is_kept_without_a_step(
    planner: Planner,
    store: SessionStore,
    latent_map: "MapStandIn",
    decoder: "DecoderStandIn",
    seen: MapView,
    opened: "Open",
) -> None:
    planner.set_opened(opened())
    latent_map.view_changed.emit(seen)
    nearer = MapView(-1.0, -1.0, 1.0, 1.0, 600, 600)
    latent_map.answers |= {"view": nearer, "shows_home": False}
    latent_map.view_changed.emit(nearer)
    assert store.state.map.view == (-1.0, -1.0, 1.0, 1.0)
    assert decoder.given("decode_tiles")[-1][1] == nearer
    store.undo()
    assert store.state.map.view == (-1.0, -1.0, 1.0, 1.0)


def test_a_view_of_the_session_is_gone_to(
    planner: Planner, store: SessionStore, latent_map: "MapStandIn", opened: "Open"
) -> None:
    store.update(map=MapChoice(view=(0.0, 0.0, 1.0, 1.0)))
    planner.set_opened(opened())
    assert latent_map.given("set_view") == [(0.0, 0.0, 1.0, 1.0)]


def test_only_tiles_of_the_plane_that_is_shown_are_drawn(
    planner: Planner, latent_map: "MapStandIn", decoder: "DecoderStandIn", controller: MapController, opened: "Open"
) -> None:
    planner.set_opened(opened(3), code=(0.0, 0.0, 0.0))
    plane = planner.plan.plane
    assert plane is not None
    decoder.tiles_decoded.emit(DecodedTiles("another plane", (), complete=True))
    assert not controller.tiles_complete
    decoder.tiles_decoded.emit(DecodedTiles(plane.key, (), complete=True))
    assert controller.tiles_complete


def test_points_are_drawn_when_they_come_and_not_at_every_step(
    planner: Planner, latent_map: "MapStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened())
    planner.set_opened(opened().with_encoded(encoded()))
    assert len(latent_map.last("show_points")[0].positions) == 50
    before = len(latent_map.given("show_points"))
    latent_map.latent_dragged.emit(1.0, 1.0)
    assert len(latent_map.given("show_points")) == before


def test_classes_the_legend_hides_stay_hidden_in_the_session_and_can_be_undone(
    planner: Planner, store: SessionStore, latent_map: "MapStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened().with_encoded(encoded()))
    latent_map.hidden_classes_chosen.emit(frozenset({"b", "a"}))
    assert store.state.map.hidden_classes == ("a", "b")
    assert latent_map.last("show_points")[0].hidden == {"a", "b"}
    store.undo()
    assert latent_map.last("show_points")[0].hidden == frozenset()


def test_hidden_classes_are_seen_where_points_have_one_colour(
    planner: Planner, store: SessionStore, latent_map: "MapStandIn", opened: "Open", encoded: "Encode"
) -> None:
    store.update(map=MapChoice(colour_by="none", hidden_classes=("a",)))
    planner.set_opened(opened().with_encoded(encoded()))
    cloud = latent_map.last("show_points")[0]
    assert cloud.shown().all()


def test_what_another_legend_hides_is_kept_and_hides_nothing_here(
    planner: Planner, store: SessionStore, latent_map: "MapStandIn", opened: "Open", encoded: "Encode"
) -> None:
    store.update(map=MapChoice(hidden_classes=("a", "hat: 0")))
    planner.set_opened(opened().with_encoded(encoded()))
    assert latent_map.last("show_points")[0].hidden == {"a"}
    latent_map.hidden_classes_chosen.emit(frozenset({"b"}))
    assert store.state.map.hidden_classes == ("b", "hat: 0")


def test_a_point_is_taken_to_the_ring(
    planner: Planner, store: SessionStore, latent_map: "MapStandIn", opened: "Open", encoded: "Encode"
) -> None:
    points = encoded()
    planner.set_opened(opened().with_encoded(points))
    latent_map.point_activated.emit(4)
    assert store.state.code == tuple(points.codes[4].tolist())
    latent_map.point_activated.emit(5000)
    assert store.state.code == tuple(points.codes[4].tolist())


def test_choices_of_the_bar_become_state(
    planner: Planner, store: SessionStore, bar: "BarStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened(4), code=(0.0,) * 4)
    store.update(map=MapChoice(PlaneChoice("dimensions", 2, 3)))
    bar.spacing_chosen.emit("probability")
    bar.tiles_toggled.emit(False)
    bar.points_toggled.emit(False)
    expected = MapChoice(PlaneChoice("dimensions", 2, 3), "probability", False, False)
    assert store.state.map == expected
    shown, names, principal, _ = bar.given("show_choice")[-1]
    assert (shown, names, principal) == (expected, ("z1", "z2", "z3", "z4"), False)


@pytest.mark.parametrize(
    ("capability", "reason"),
    [("encoder", ""), ("code_table", "training items alone"), ("critic", "its samples")],
)
def test_items_are_a_choice_where_there_is_an_encoder(
    planner: Planner,
    store: SessionStore,
    bar: "BarStandIn",
    controller: MapController,
    opened: "Open",
    capability: str,
    reason: str,
) -> None:
    planner.set_opened(opened(capabilities=frozenset({capability})))
    said = bar.given("show_choice")[-1][3]
    assert reason in said
    assert bool(said) == bool(reason)
    bar.items_chosen.emit("all")
    assert store.state.map.items == "all"
    assert bar.given("show_choice")[-1][0].items == "all"


def test_principal_directions_are_offered_once_all_data_are_encoded(
    planner: Planner, bar: "BarStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(4).with_encoded(replace(encoded(4), complete=False, principal=None)))
    assert bar.given("show_choice")[-1][2] is False
    planner.set_opened(opened(4).with_encoded(encoded(4)))
    assert bar.given("show_choice")[-1][2] is True


def test_another_plane_starts_at_its_whole_extent(
    planner: Planner, latent_map: "MapStandIn", bar: "BarStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened(4), code=(0.0,) * 4)
    bar.spacing_chosen.emit("probability")
    assert latent_map.given("show_extent")[-1] == (0.0, 0.0, 1.0, 1.0)


def test_snapshots_of_a_run_do_not_move_the_map(planner: Planner, latent_map: "MapStandIn", opened: "Open") -> None:
    planner.set_opened(opened(generation=1))
    planner.set_opened(opened(generation=2))
    assert len(latent_map.given("show_extent")) == 1
    planner.set_opened(opened(generation=3, opening=2))
    assert len(latent_map.given("show_extent")) == 2
