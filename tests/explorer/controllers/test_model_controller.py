"""Opening models: the newest wish wins, failures change nothing, items are read once."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.model_controller import ModelController
from explorer.controllers.planner import Planner
from explorer.services.data_items import DataItems
from explorer.services.encodings import MOST_ITEMS
from explorer.services.opening import FoundItems, ItemsJob, OpeningJob
from explorer.state.session_state import ItemsChoice, PlaneChoice, SessionState
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, JobsStandIn
from tests.explorer.controllers.openings import ITEMS, SPEC, Finish


@pytest.fixture
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", jobs: "JobsStandIn"
) -> ModelController:
    return ModelController(store, planner, decoder, jobs)  # type: ignore[arg-type]


@pytest.fixture
def finish(jobs: "JobsStandIn", opened: "Open") -> "Finish":
    return Finish(jobs, opened)


def test_opening_is_one_step_that_fits_the_code(
    controller: ModelController, planner: Planner, store: SessionStore, finish: "Finish"
) -> None:
    told: list[str] = []
    controller.opened.connect(told.append)
    controller.open("/runs/b")
    assert store.state.model == "/runs/a"
    finish(size=3)
    assert (store.state.model, store.state.code) == ("/runs/b", (0.0, 0.0, 0.0))
    assert told == ["/runs/b"]
    assert planner.plan.opened is not None
    store.undo()
    assert store.state == SessionState(model="/runs/a", code=(0.0, 0.0))


def test_a_start_makes_no_step_of_undo(controller: ModelController, store: SessionStore, finish: "Finish") -> None:
    steps: list[bool] = []
    store.can_undo.connect(steps.append)
    controller.restore()
    finish(size=3)
    assert store.state.code == (0.0, 0.0, 0.0)
    assert steps == []


def test_only_the_newest_wish_is_shown(
    controller: ModelController, jobs: "JobsStandIn", finish: "Finish", decoder: "DecoderStandIn"
) -> None:
    controller.open("/runs/b")
    controller.open("/runs/c")
    first, second = jobs.functions(OpeningJob)
    finish(job=second)
    finish(job=first)
    assert controller.path == "/runs/c"
    assert len(decoder.given("use")) == 1


def test_failure_keeps_what_is_open_and_says_why(
    controller: ModelController, planner: Planner, store: SessionStore, finish: "Finish"
) -> None:
    controller.restore()
    finish()
    before, state = planner.opened, store.state
    told: list[str] = []
    controller.failed.connect(told.append)
    controller.open("/runs/rubbish")
    finish(error="The file is truncated.")
    assert told == ["The file is truncated."]
    assert planner.opened is before
    assert store.state == state
    assert not controller.is_opening()


def test_a_session_with_a_lost_model_goes_back_to_what_is_open(
    controller: ModelController, store: SessionStore, finish: "Finish"
) -> None:
    controller.restore()
    finish()
    store.open(SessionState(model="/runs/lost"))
    finish(error="There is no run.")
    assert store.state.model == "/runs/a"


def test_undoing_an_opening_opens_the_model_before(
    controller: ModelController, store: SessionStore, jobs: "JobsStandIn", finish: "Finish"
) -> None:
    controller.restore()
    finish()
    controller.open("/runs/b")
    finish(size=3)
    store.undo()
    assert jobs.functions(OpeningJob)[-1].path == "/runs/a"
    finish()
    assert (controller.path, store.state.code) == ("/runs/a", (0.0, 0.0))


def test_items_are_loaded_once_and_then_encoded(
    controller: ModelController, planner: Planner, jobs: "JobsStandIn", finish: "Finish", decoder: "DecoderStandIn"
) -> None:
    controller.restore()
    finish()
    assert decoder.given("encode") == []
    finish.items()
    assert planner.opened is not None
    assert planner.opened.items is ITEMS
    assert decoder.given("encode") == [(ITEMS, MOST_ITEMS)]
    controller.open("/runs/b")
    finish()
    assert len(jobs.functions(ItemsJob)) == 1
    assert decoder.given("encode")[-1] == (ITEMS, MOST_ITEMS)


def test_missing_data_are_no_failure(
    controller: ModelController, planner: Planner, finish: "Finish", jobs: "JobsStandIn"
) -> None:
    told: list[str] = []
    controller.failed.connect(told.append)
    controller.restore()
    finish()
    finish.items(problem="MNIST is not on this machine.")
    assert planner.opened is not None
    assert planner.opened.items_problem == "MNIST is not on this machine."
    assert told == []
    opening = planner.opened.opening
    controller.reload_items()
    assert len(jobs.functions(ItemsJob)) == 2
    assert planner.opened.items_problem == ""
    finish.items()
    assert planner.opened.items is ITEMS
    assert planner.opened.opening == opening


def test_codes_bring_the_activity_of_the_dimensions(
    controller: ModelController, planner: Planner, finish: "Finish", decoder: "DecoderStandIn", encoded: "Encode"
) -> None:
    controller.restore()
    finish()
    codes = encoded()
    decoder.items_encoded.emit(codes)
    assert planner.opened is not None
    assert planner.opened.encoded is codes
    assert planner.opened.facts.activity == codes.activity


def test_a_code_of_another_length_begins_at_the_plane_of_its_model(
    controller: ModelController, store: SessionStore, finish: "Finish"
) -> None:
    controller.open("/runs/a")
    finish(5)
    chosen = replace(store.state.map, plane=PlaneChoice("dimensions", 2, 3))
    store.update(map=chosen)
    controller.open("/runs/b")
    finish(5)
    assert store.state.map.plane == PlaneChoice("dimensions", 2, 3)
    controller.open("/runs/c")
    finish(4)
    assert store.state.map.plane == PlaneChoice()


def test_the_plane_of_a_session_without_a_point_is_kept(
    controller: ModelController, store: SessionStore, finish: "Finish"
) -> None:
    store.update(code=(), map=replace(store.state.map, plane=PlaneChoice("dimensions", 1, 0)))
    controller.open("/runs/a")
    finish(5)
    assert store.state.map.plane == PlaneChoice("dimensions", 1, 0)


@pytest.mark.parametrize("size", [2, 5])
def test_the_condition_of_another_model_goes_with_it(
    controller: ModelController, store: SessionStore, finish: "Finish", size: int
) -> None:
    controller.open("/runs/a")
    finish(2)
    store.update(condition=(0.0, 1.0))
    controller.open("/runs/b")
    finish(size)
    after = store.state.condition
    store.undo()
    assert (after, store.state.condition) == ((), (0.0, 1.0))


ALL = DataItems(np.zeros((100, 1, 8, 8), dtype=np.uint8), None, SPEC, source="all")


def _choose_items(store: SessionStore, items: ItemsChoice) -> None:
    store.update(map=replace(store.state.map, items=items))


def test_other_items_are_read_when_they_are_wanted_and_then_encoded(
    controller: ModelController, store: SessionStore, jobs: "JobsStandIn", finish: "Finish", decoder: "DecoderStandIn"
) -> None:
    controller.restore()
    finish()
    finish.items()
    _choose_items(store, "all")
    assert decoder.given("encode") == [(ITEMS, MOST_ITEMS)]
    assert len(decoder.given("cancel_encoding")) == 1
    wanted = jobs.functions(ItemsJob)[-1]
    assert wanted == ItemsJob(SPEC, "all")
    jobs.end(wanted, FoundItems(SPEC, ALL))
    assert decoder.given("encode")[-1] == (ALL, MOST_ITEMS)
    controller.open("/runs/b")
    finish()
    assert len(jobs.functions(ItemsJob)) == 2
    assert decoder.given("encode")[-1] == (ALL, MOST_ITEMS)
    _choose_items(store, "test")
    assert decoder.given("encode")[-1] == (ITEMS, MOST_ITEMS)


def test_codes_of_items_that_are_no_longer_wanted_are_not_shown(
    controller: ModelController,
    planner: Planner,
    store: SessionStore,
    finish: "Finish",
    decoder: "DecoderStandIn",
    encoded: "Encode",
) -> None:
    controller.restore()
    finish()
    finish.items()
    decoder.items_encoded.emit(tests := encoded())
    _choose_items(store, "all")
    decoder.items_encoded.emit(encoded())
    assert planner.opened is not None
    assert planner.opened.encoded is tests
    decoder.items_encoded.emit(both := replace(encoded(), source="all", complete=False))
    assert planner.opened.encoded is both
    _choose_items(store, "test")
    decoder.items_encoded.emit(replace(encoded(), source="all"))
    assert planner.opened.encoded is both
    assert decoder.given("encode")[-1] == (ITEMS, MOST_ITEMS)


def test_training_items_that_cannot_be_read_are_a_sentence_and_the_others_stay(
    controller: ModelController,
    planner: Planner,
    store: SessionStore,
    jobs: "JobsStandIn",
    finish: "Finish",
    decoder: "DecoderStandIn",
    encoded: "Encode",
) -> None:
    told: list[str] = []
    controller.failed.connect(told.append)
    controller.restore()
    finish()
    finish.items()
    decoder.items_encoded.emit(tests := encoded())
    _choose_items(store, "train")
    finish.items(problem="The file is damaged.")
    assert told == ["The file is damaged."]
    assert planner.opened is not None
    assert planner.opened.encoded is tests
    controller.open("/runs/b")
    finish()
    assert len(jobs.functions(ItemsJob)) == 2
