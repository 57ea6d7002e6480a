"""The selection controller: what is selected, named and looked for becomes state, and comes back to map and panel."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.planner import Planner
from explorer.controllers.selection_controller import SelectionController
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from explorer.state.map_values import MapView
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import MapStandIn, SelectionStandIn


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore,
    planner: Planner,
    latent_map: "MapStandIn",
    selecting: "SelectionStandIn",
    opened: "Open",
    encoded: "Encode",
) -> SelectionController:
    made = SelectionController(store, planner, latent_map, selecting)  # type: ignore[arg-type]
    planner.set_opened(replace(opened(), encoded=encoded()))
    return made


def _choose(latent_map: "MapStandIn", indices: list[int], mode: str = "replace") -> None:
    latent_map.points_chosen.emit(np.array(indices, np.int64), mode)


def test_chosen_points_are_selected_added_and_taken_away(
    controller: SelectionController, latent_map: "MapStandIn", selecting: "SelectionStandIn"
) -> None:
    _choose(latent_map, [3, 5])
    _choose(latent_map, [7, 5], "add")
    assert controller.selected.tolist() == [3, 5, 7]
    _choose(latent_map, [3], "remove")
    assert controller.selected.tolist() == [5, 7]
    assert np.flatnonzero(latent_map.last("show_selection")[0]).tolist() == [5, 7]
    assert selecting.last("show_count") == (2, 50)


def test_a_region_without_points_says_so_and_leaves_the_selection(
    controller: SelectionController, latent_map: "MapStandIn", selecting: "SelectionStandIn"
) -> None:
    said: list[str] = []
    controller.told.connect(said.append)
    _choose(latent_map, [3])
    _choose(latent_map, [])
    assert controller.selected.tolist() == [3]
    assert len(said) == 1
    assert selecting.last("show_problem") == (said[0],)


def test_escape_clears_and_undo_brings_the_selection_back(
    controller: SelectionController, latent_map: "MapStandIn", store: SessionStore
) -> None:
    _choose(latent_map, [3, 5])
    latent_map.selection_cleared.emit()
    assert controller.selected.tolist() == []
    assert latent_map.last("show_selection") == (None,)
    store.undo()
    assert controller.selected.tolist() == [3, 5]


def test_groups_are_kept_selected_again_renamed_and_removed(
    controller: SelectionController, latent_map: "MapStandIn", selecting: "SelectionStandIn"
) -> None:
    _choose(latent_map, [3, 5])
    selecting.name_requested.emit("pair")
    _choose(latent_map, [1])
    selecting.name_requested.emit("one")
    assert selecting.last("show_groups") == ([("pair", 2), ("one", 1)],)
    selecting.group_chosen.emit(0)
    assert controller.selected.tolist() == [3, 5]
    selecting.group_renamed.emit(0, "two")
    selecting.group_removed.emit(1)
    assert selecting.last("show_groups") == ([("two", 2)],)


@pytest.mark.parametrize("name", ["", "pair", "x" * 61])
def test_a_name_that_will_not_do_is_explained(
    latent_map: "MapStandIn", selecting: "SelectionStandIn", store: SessionStore, name: str
) -> None:
    _choose(latent_map, [3, 5])
    selecting.name_requested.emit("pair")
    selecting.name_requested.emit(name)
    assert selecting.last("show_problem")[0].endswith(".")
    assert [group.name for group in store.state.selection.groups] == ["pair"]


def test_nothing_selected_cannot_be_named(selecting: "SelectionStandIn", store: SessionStore) -> None:
    selecting.name_requested.emit("none")
    assert "Nothing is selected" in selecting.last("show_problem")[0]
    assert store.state.selection.groups == ()


def test_groups_of_other_data_wait_until_a_model_of_theirs_is_open(
    planner: Planner,
    controller: SelectionController,
    latent_map: "MapStandIn",
    selecting: "SelectionStandIn",
    opened: "Open",
    encoded: "Encode",
) -> None:
    _choose(latent_map, [3, 5])
    selecting.name_requested.emit("pair")
    planner.set_opened(replace(opened(generation=2, data="mnist"), encoded=encoded(generation=2)))
    assert controller.selected.tolist() == []
    assert selecting.last("show_groups") == ([],)
    planner.set_opened(replace(opened(generation=3), encoded=encoded(generation=3)))
    assert controller.selected.tolist() == [3, 5]
    assert selecting.last("show_groups") == ([("pair", 2)],)


def test_a_search_goes_to_the_item_and_brings_it_into_view(
    planner: Planner, selecting: "SelectionStandIn", store: SessionStore, seen: "MapView", encoded: "Encode"
) -> None:
    code = tuple(encoded().codes[7].tolist())
    planner.set_seen(seen)
    selecting.search_requested.emit("7")
    assert store.state.code == code
    assert [store.state.map.view] == [None]
    planner.set_seen(replace(seen, left=50.0, right=51.0, bottom=50.0, top=51.0))
    selecting.search_requested.emit("8")
    left, bottom, right, top = store.state.map.view or (0.0, 0.0, 0.0, 0.0)
    u, v = encoded().codes[8].tolist()
    assert ((left + right) / 2, (bottom + top) / 2) == pytest.approx((u, v), abs=1e-6)
    assert (right - left, top - bottom) == pytest.approx((1.0, 1.0))


def test_a_class_is_walked_through_member_by_member_and_selected_whole(
    controller: SelectionController, selecting: "SelectionStandIn", store: SessionStore, encoded: "Encode"
) -> None:
    codes = [tuple(code) for code in encoded().codes.tolist()]
    places = []
    for _ in range(2):
        selecting.search_requested.emit("class B")
        places.append(codes.index(store.state.code))
    assert places == [1, 3]
    selecting.members_requested.emit("b")
    assert controller.selected.tolist() == list(range(1, 50, 2))


@pytest.mark.parametrize("text", ["", "  ", "50", "class c", "-1", "9" * 30])
def test_what_is_not_there_is_explained_and_nothing_moves(
    selecting: "SelectionStandIn", store: SessionStore, text: str
) -> None:
    before = store.state
    selecting.search_requested.emit(text)
    selecting.members_requested.emit(text)
    assert selecting.last("show_problem")[0].endswith(".")
    assert store.state == before
