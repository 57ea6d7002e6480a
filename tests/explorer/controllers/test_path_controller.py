"""The path: what is asked for when, and what is shown of it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers import path_controller
from explorer.controllers.path_controller import PathController
from explorer.controllers.planner import Planner
from explorer.services.paths import WalkedPath
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.path_walks import A, B, PathsStandIn, choose, walk_of, works
from trainers.export.recipes import CodesRecipe

if TYPE_CHECKING:
    from explorer.services.exports import Exportable
    from explorer.state.export_values import ExportOptions
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn


@pytest.fixture
def paths() -> PathsStandIn:
    return PathsStandIn()


@pytest.fixture
def controller(store: SessionStore, planner: Planner, decoder: "DecoderStandIn", paths: PathsStandIn) -> PathController:
    made = PathController(store, planner, decoder, paths)  # type: ignore[arg-type]
    paths.seen_changed.emit(True)
    return made


def test_two_key_points_make_a_path_which_is_shown_with_letters_and_numbers(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    paths: PathsStandIn,
    opened: "Open",
    encoded: "Encode",
) -> None:
    planner.set_opened(replace(opened(digest="ab"), encoded=encoded()))
    assert "leads from key point to key point" in paths.last("show_empty")[0]
    controller.add_ring()
    (first,) = works(decoder)
    assert first.asked.keys == (((0.0, 0.0), ()),)
    assert "second key point" in paths.last("show_empty")[0]
    store.update(code=(4.0, 0.0))
    paths.ring_wanted.emit()
    work = works(decoder)[-1]
    decoder.path_found.emit(walk_of(work))
    assert "Length 33 ·" in paths.last("show_note")[0]
    decoder.path_found.emit(walk_of(work, support=True))
    shown = paths.last("show_path")[0]
    assert shown.letters[0] == "A"
    assert shown.letters[-1] == "B"
    assert shown.support_unit == "test items within 0.5"
    assert paths.last("mark_step") == (15,)
    store.update(code=(0.0, 0.0))
    assert paths.last("mark_step") == (0,)
    store.update(code=(0.1, 0.0))
    assert paths.last("mark_step") == (-1,)
    assert len(works(decoder)) == 2, "the ring does not make another path"


def test_key_points_are_moved_removed_and_taken_back_and_undone(
    controller: PathController, store: SessionStore, planner: Planner, paths: PathsStandIn, opened: "Open"
) -> None:
    planner.set_opened(opened(digest="ab"))
    choose(store)
    paths.key_moved.emit(0, 1)
    assert [key.name for key in store.state.path.keys] == ["b", "a"]
    paths.key_removed.emit(0)
    assert [key.name for key in store.state.path.keys] == ["a"]
    paths.key_removed.emit(7)
    store.undo()
    store.undo()
    assert [key.name for key in store.state.path.keys] == ["a", "b"]
    paths.key_taken.emit(1)
    assert store.state.code == B.code
    controller.remove_all()
    assert store.state.path.keys == ()


def test_items_and_samples_become_key_points(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    paths: PathsStandIn,
    opened: "Open",
    encoded: "Encode",
) -> None:
    items = encoded()
    items.codes[3] = np.nan
    told: list[str] = []
    failed: list[str] = []
    controller.told.connect(told.append)
    controller.failed.connect(failed.append)
    planner.set_opened(replace(opened(digest="ab"), encoded=items))
    controller.add_item(7)
    controller.add_item(-1)
    controller.add_item(3)
    controller.add_item(50)
    assert told == [], "the panel shows it"
    paths.seen_changed.emit(False)
    controller.add_code("Sample 1, seed 0", (1.0, 2.0), ())
    names = [key.name for key in store.state.path.keys]
    assert names == ["Test item 7 · b", "Ring's place", "Sample 1, seed 0"]
    assert store.state.path.keys[0].code == tuple(items.codes[7].tolist())
    assert told == ["Sample 1, seed 0 is key point C of the path."]
    assert len(failed) == 2
    assert "has no code" in failed[0]
    store.update(path=replace(store.state.path, keys=(A,) * 26))
    controller.add_ring()
    assert len(store.state.path.keys) == 26
    assert "at most 26" in failed[-1]


def test_a_click_on_a_step_takes_the_ring_there(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    paths: PathsStandIn,
    opened: "Open",
) -> None:
    planner.set_opened(opened(digest="ab"))
    choose(store)
    paths.step_activated.emit(1)
    assert store.state.code == (0.0, 0.0)
    decoder.path_found.emit(walk_of(works(decoder)[-1]))
    paths.step_activated.emit(1)
    assert store.state.code == (1.0, 0.0)
    store.undo()
    assert store.state.code == (0.0, 0.0)


def test_what_is_out_of_date_is_not_shown(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    paths: PathsStandIn,
    opened: "Open",
) -> None:
    planner.set_opened(opened(digest="ab"))
    choose(store)
    stale = works(decoder)[-1]
    choose(store, "spherical")
    decoder.path_found.emit(walk_of(stale))
    assert paths.given("show_path") == []
    decoder.path_found.emit(walk_of(works(decoder)[-1]))
    assert len(paths.given("show_path")) == 1
    planner.set_opened(opened(generation=2, opening=2, digest="cd"))
    assert controller.walked is None
    assert "belong to another model" in paths.last("show_empty")[0]
    shown = paths.last("show_keys")[0]
    assert [bool(key.problem) for key in shown] == [True, True]
    planner.set_opened(opened(generation=3, opening=3, digest="ab"))
    assert len(works(decoder)) == 3


def test_a_closed_panel_asks_for_nothing(
    controller: PathController, store: SessionStore, planner: Planner, decoder: "DecoderStandIn", opened: "Open"
) -> None:
    controller.set_open(False)
    planner.set_opened(opened(digest="ab"))
    choose(store)
    assert works(decoder) == []
    controller.set_open(True)
    assert len(works(decoder)) == 1


def test_the_ring_walks_along_until_the_path_is_another(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    paths: PathsStandIn,
    opened: "Open",
) -> None:
    planner.set_opened(opened(digest="ab"))
    heard: list[bool] = []
    controller.player.playing_changed.connect(heard.append)
    controller.play_or_pause()
    assert heard == []
    choose(store)
    decoder.path_found.emit(walk_of(works(decoder)[-1]))
    paths.play_toggled.emit(True)
    assert heard == [True]
    assert store.state.code == (1.0, 0.0)
    paths.key_removed.emit(1)
    assert heard == [True, False]
    assert paths.last("show_playing") == (False,)
    store.undo()
    assert (store.state.code, len(store.state.path.keys)) == ((1.0, 0.0), 2)
    store.undo()
    assert store.state.code == (0.0, 0.0)


def test_choosing_what_is_already_so_is_no_step(
    controller: PathController, store: SessionStore, planner: Planner, paths: PathsStandIn, opened: "Open"
) -> None:
    planner.set_opened(opened(digest="ab"))
    paths.choice_changed.emit(store.state.path)
    paths.choice_changed.emit(replace(store.state.path, on_map=False))
    possible: list[bool] = []
    store.can_undo.connect(possible.append)
    assert possible == []
    paths.choice_changed.emit(replace(store.state.path, steps=9, closed=True))
    assert possible == [True]
    assert (store.state.path.steps, store.state.path.on_map) == (9, False)


def test_the_path_is_exported_as_strip_or_film(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    paths: PathsStandIn,
    opened: "Open",
) -> None:
    wanted: list[Exportable | str] = []
    controller.export_wanted.connect(wanted.append)
    planner.set_opened(opened(digest="ab"))
    paths.export_requested.emit()
    assert isinstance(wanted[0], str)
    assert wanted[0].startswith("A path leads from key point to key point")
    choose(store)
    paths.export_requested.emit()
    assert wanted[1] == "The path is not found yet; wait until the Paths panel shows it."
    decoder.path_found.emit(walk_of(works(decoder)[-1]))
    paths.export_requested.emit()
    thing = wanted[-1]
    assert not isinstance(thing, str)
    assert thing.recipe is not None
    assert thing.offer.has_film
    options: ExportOptions = thing.offer.options
    recipe = thing.recipe(options)
    assert isinstance(recipe, CodesRecipe)
    assert recipe.columns == options.columns == 5
    assert recipe.codes[1] == (1.0, 0.0)
    assert thing.picture(2).shape[:2] == (2 * 8, 2 * (5 * 8 + 4)), "beside each other with gaps"


def test_a_step_is_known_by_its_code() -> None:
    codes = np.array([[0.0, 0.0], [1.0, 0.0]])
    walked = WalkedPath(None, codes, np.empty((2, 0)), np.zeros((2, 1, 1, 1), np.uint8), np.ones(1), 1.0, 1.0)  # type: ignore[arg-type]
    assert path_controller.step_of(walked, (1.0, 0.0)) == 1
    assert path_controller.step_of(walked, (1.0, 1e-3)) == -1
    assert path_controller.step_of(walked, (1.0,)) == -1
