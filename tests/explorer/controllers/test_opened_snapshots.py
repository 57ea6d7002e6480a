"""Snapshots of a run: they change the weights and disturb nothing else."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from explorer.controllers.model_controller import ModelController
from explorer.controllers.planner import Planner
from explorer.services.encodings import MOST_ITEMS, MOST_ITEMS_WHILE_TRAINING
from explorer.services.found_planes import FoundPlane
from explorer.services.opening import LoadedModel, OpeningJob
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, JobsStandIn
from tests.explorer.controllers.openings import ITEMS, Finish, Network


@pytest.fixture
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", jobs: "JobsStandIn"
) -> ModelController:
    return ModelController(store, planner, decoder, jobs)  # type: ignore[arg-type]


@pytest.fixture
def finish(jobs: "JobsStandIn", opened: "Open") -> "Finish":
    return Finish(jobs, opened)


def test_snapshots_keep_point_order_and_points_until_new_codes_come(
    controller: ModelController,
    planner: Planner,
    store: SessionStore,
    finish: "Finish",
    decoder: "DecoderStandIn",
    encoded: "Encode",
) -> None:
    told: list[str] = []
    controller.opened.connect(told.append)
    controller.open_snapshot("/runs/b", "/runs/b/checkpoints/1")
    finish()
    finish.items()
    assert decoder.given("encode")[-1] == (ITEMS, MOST_ITEMS_WHILE_TRAINING)
    codes = encoded()
    decoder.items_encoded.emit(codes)
    store.update(code=(1.0, 2.0))
    assert planner.opened is not None
    planner.set_opened(replace(planner.opened, found=FoundPlane(codes, "residual")))
    before = planner.opened
    controller.open_snapshot("/runs/b", "/runs/b/checkpoints/2")
    finish()
    after = planner.opened
    assert before is not None
    assert after is not None
    assert after.opening == before.opening
    assert after.facts.generation > before.facts.generation
    assert after.encoded is codes
    assert after.found is before.found
    assert store.state.code == (1.0, 2.0)
    assert told == ["/runs/b"]
    assert len(decoder.given("encode")) == 2


def _snapshot(opened: "Open", generation: int, step: int, path: str = "/runs/a") -> LoadedModel:
    facts = opened(2, generation, step=step).facts
    return LoadedModel(path, Network(), facts, None, step)  # type: ignore[arg-type]


def test_a_snapshot_that_somebody_went_to_changes_the_weights_alone(
    controller: ModelController,
    planner: Planner,
    store: SessionStore,
    finish: "Finish",
    decoder: "DecoderStandIn",
    encoded: "Encode",
    opened: "Open",
) -> None:
    controller.restore()
    finish()
    finish.items()
    store.update(code=(1.0, 2.0), snapshot=5)
    before, asked = planner.opened, len(decoder.given("encode"))
    controller.show_snapshot(_snapshot(opened, -1, 5))
    after = planner.opened
    assert before is not None
    assert after is not None
    assert (after.opening, after.facts.step) == (before.opening, 5)
    assert (store.state.code, store.state.snapshot) == ((1.0, 2.0), 5)
    assert len(decoder.given("encode")) == asked
    controller.place_snapshot(replace(encoded(), generation=-9))
    assert planner.opened is after
    codes = replace(encoded(), generation=-1)
    controller.place_snapshot(codes)
    assert planner.opened.encoded is codes
    controller.settle()
    assert decoder.given("encode")[-1] == (ITEMS, MOST_ITEMS)
    everything = replace(encoded(count=90), generation=-1)
    decoder.items_encoded.emit(everything)
    controller.place_snapshot(codes)
    assert planner.opened.encoded is everything


def test_a_snapshot_of_another_run_is_not_shown(
    controller: ModelController, planner: Planner, finish: "Finish", opened: "Open"
) -> None:
    controller.restore()
    finish()
    before = planner.opened
    controller.show_snapshot(_snapshot(opened, -1, 5, "/runs/c"))
    controller.open("/runs/b")
    controller.show_snapshot(_snapshot(opened, -2, 5))
    assert planner.opened is before


def test_a_newer_snapshot_of_a_run_leaves_a_person_at_an_earlier_one(
    controller: ModelController, planner: Planner, store: SessionStore, finish: "Finish", opened: "Open"
) -> None:
    lost: list[bool] = []
    controller.snapshot_lost.connect(lambda: lost.append(True))
    controller.restore()
    finish()
    controller.open_snapshot("/runs/a", "/runs/a/checkpoints/9")
    store.update(snapshot=5)
    controller.show_snapshot(_snapshot(opened, -1, 5))
    before = planner.opened
    finish()
    assert planner.opened is before
    assert lost == [True]


def _kept(store: SessionStore) -> int | None:
    return store.state.snapshot


def test_the_snapshot_of_a_session_is_opened_and_another_model_forgets_it(
    controller: ModelController, store: SessionStore, finish: "Finish", jobs: "JobsStandIn", opened: "Open"
) -> None:
    failed: list[str] = []
    controller.failed.connect(failed.append)
    store.update(snapshot=5)
    controller.restore()
    job = jobs.functions(OpeningJob)[-1]
    assert job == OpeningJob("/runs/a", 1, snapshot=5)
    jobs.end(job, _snapshot(opened, 1, 5))
    assert _kept(store) == 5
    controller.open("/runs/b")
    finish()
    assert store.state.model == "/runs/b"
    assert _kept(store) is None
    store.undo()
    assert jobs.functions(OpeningJob)[-1].snapshot == 5
    jobs.end(jobs.functions(OpeningJob)[-1], replace(_snapshot(opened, 3, 9), snapshot=None, lost="It is gone."))
    assert _kept(store) is None
    assert failed == ["It is gone."]


def test_a_lost_snapshot_is_no_failure(controller: ModelController, finish: "Finish") -> None:
    failed: list[str] = []
    lost: list[bool] = []
    controller.failed.connect(failed.append)
    controller.snapshot_lost.connect(lambda: lost.append(True))
    controller.open_snapshot("/runs/b", "/runs/b/checkpoints/1")
    finish(error="There is no checkpoint.")
    assert (failed, lost) == ([], [True])


def test_a_run_that_is_over_is_encoded_in_full(
    controller: ModelController, finish: "Finish", decoder: "DecoderStandIn", encoded: "Encode"
) -> None:
    controller.open_snapshot("/runs/b", "/runs/b/checkpoints/1")
    finish()
    finish.items()
    decoder.items_encoded.emit(replace(encoded(), generation=1))
    controller.settle()
    assert decoder.given("encode")[-1] == (ITEMS, MOST_ITEMS)
