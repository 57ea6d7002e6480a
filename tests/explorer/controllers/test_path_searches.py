"""Paths that are searched for: when, what is shown until they are found, and what is said where there is none."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.path_controller import PathController
from explorer.controllers.planner import Planner
from explorer.services.paths import KeyPictures
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.path_walks import A, B, PathsStandIn, choose, walk_of, works

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

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


def test_counting_what_lies_near_does_not_find_the_path_again(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    opened: "Open",
    encoded: "Encode",
) -> None:
    model = opened(digest="ab")
    planner.set_opened(model)
    choose(store, "geodesic")
    work = works(decoder)[-1]
    found = walk_of(work)
    decoder.path_found.emit(KeyPictures(work.asked.keys, np.zeros((2, 8, 8, 1), np.uint8)))
    decoder.path_found.emit(found)
    planner.set_opened(replace(model, encoded=encoded()))
    again = works(decoder)[-1]
    assert again.known is found
    assert again.pictured is not None
    assert again.encoded is not None


def test_a_path_through_neighbours_waits_for_them_or_says_why_there_are_none(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    paths: PathsStandIn,
    opened: "Open",
    encoded: "Encode",
) -> None:
    model, items = opened(digest="ab"), encoded()
    planner.set_opened(replace(model, encoded=replace(items, complete=False)))
    choose(store, "neighbours")
    assert "as soon as the data are encoded" in paths.last("show_empty")[0]
    assert works(decoder) == []
    planner.set_opened(replace(model, encoded=items))
    assert works(decoder)[-1].encoded is items
    planner.set_opened(replace(opened(digest="ab", opening=2), encoded=replace(items, source="samples")))
    sentence, button = paths.last("show_empty")
    assert "no encoder" in sentence
    assert button == "Take the linear path"
    paths.empty_action.emit()
    assert store.state.path.kind == "linear"
    assert works(decoder)[-1].asked.kind == "linear"
    assert works(decoder)[-1].encoded is None, "samples of the model are no items"
    planner.set_opened(opened(digest="ab", opening=3))
    choose(store, "neighbours")
    planner.set_opened(replace(opened(digest="ab", opening=4), items_problem="The data are gone."))
    assert paths.last("show_empty")[0].endswith("there are none. The data are gone.")


def test_a_path_that_cannot_be_is_a_sentence_with_a_way_out(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    paths: PathsStandIn,
    opened: "Open",
) -> None:
    planner.set_opened(opened(digest="ab"))
    choose(store, "spherical")
    decoder.path_failed.emit("No single arc joins key points that lie opposite each other; choose a linear path.")
    assert paths.last("show_empty")[0].startswith("No single arc")
    asked = len(works(decoder))
    store.update(code=(0.5, 0.5))
    assert len(works(decoder)) == asked, "it is not tried again and again"
    paths.empty_action.emit()
    assert works(decoder)[-1].asked.kind == "linear"
    decoder.path_found.emit(walk_of(works(decoder)[-1]))
    assert controller.walked is not None


def test_a_search_is_shown_cancelled_and_begun_again(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    paths: PathsStandIn,
    opened: "Open",
) -> None:
    planner.set_opened(opened(digest="ab"))
    choose(store)
    decoder.path_found.emit(walk_of(works(decoder)[-1]))
    choose(store, "geodesic")
    decoder.path_progressed.emit(0.25, "finding the shortest way")
    assert paths.last("show_progress") == (0.25, "finding the shortest way")
    paths.search_cancelled.emit()
    assert len(decoder.given("cancel_path")) == 1
    assert paths.last("show_note") == (
        "The search for the path was given up. This is the path before.",
        "Search again",
    )
    asked = len(works(decoder))
    store.update(code=(0.5, 0.5))
    assert len(works(decoder)) == asked
    paths.note_action.emit()
    assert len(works(decoder)) == asked + 1


def test_what_takes_long_is_searched_for_when_seen_and_not_at_every_snapshot(
    controller: PathController,
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    paths: PathsStandIn,
    opened: "Open",
    qtbot: "QtBot",
) -> None:
    controller._rest.setInterval(10)
    paths.seen_changed.emit(False)
    run = opened(digest="ab", path="/runs/a")
    planner.set_opened(run)
    keys = (replace(A, run="a"), replace(B, run="a"))
    choose(store, "geodesic", *keys)
    assert works(decoder) == []
    paths.seen_changed.emit(True)
    assert len(works(decoder)) == 1
    decoder.path_found.emit(walk_of(works(decoder)[-1]))
    for generation in (2, 3):
        planner.set_opened(opened(generation=generation, digest=f"snapshot {generation}", path="/runs/a"))
    assert len(works(decoder)) == 1
    assert "earlier snapshot" in paths.last("show_note")[0]
    qtbot.waitUntil(lambda: len(works(decoder)) == 2)
    assert works(decoder)[-1].known is None
    choose(store, "linear", *keys)
    planner.set_opened(opened(generation=4, digest="snapshot 4", path="/runs/a"))
    assert len(works(decoder)) == 4, "what is quick follows every snapshot"
