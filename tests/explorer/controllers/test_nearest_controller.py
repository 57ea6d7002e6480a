"""The controller of the nearest training items."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.nearest_controller import NearestController
from explorer.controllers.planner import Planner
from explorer.services.data_items import DataItems
from explorer.services.nearest_items import NearestFound, NearestJob
from explorer.services.samples import DrawnSamples
from explorer.state.session_state import SamplesChoice
from explorer.state.session_store import SessionStore
from trainers.data.data_spec import DataSpec

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, GridStandIn, JobsStandIn

DRAWN = DrawnSamples(np.zeros((2, 2), np.float32), np.zeros((2, 8, 8, 1), np.uint8), np.zeros((2, 0), np.float32))
SPEC = DataSpec(name="digits", shape=(1, 8, 8), class_names=("zero", "one"))
ITEMS = DataItems(np.zeros((2, 1, 8, 8), np.uint8), np.array([1, 0]), SPEC, source="train")


def _found(drawn: DrawnSamples = DRAWN) -> NearestFound:
    pictures = np.full((2, 8, 8, 1), 9, np.uint8)
    return NearestFound(drawn, pictures, np.array([7, 3]), np.array([0.125, 0.0], np.float32), ITEMS)


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", jobs: "JobsStandIn"
) -> NearestController:
    return NearestController(store, planner, decoder, grid, jobs)  # type: ignore[arg-type]


@pytest.fixture
def job(
    controller: NearestController, store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open"
) -> NearestJob:
    """The search that begins when samples are there and the person wants to know."""
    planner.set_opened(opened())
    controller.see_samples(DRAWN)
    assert jobs.functions(NearestJob) == []
    store.update(samples=SamplesChoice(nearest=True))
    (job,) = jobs.functions(NearestJob)
    assert isinstance(job, NearestJob)
    assert job.drawn is DRAWN
    return job


def test_what_is_found_stands_below_the_samples(
    controller: NearestController, grid: "GridStandIn", jobs: "JobsStandIn", job: NearestJob
) -> None:
    told: list[object] = []
    controller.changed.connect(told.append)
    jobs.made[0].progressed.emit(0.5, "nearest training items")
    assert grid.last("show_nearest_search") == (0.5, "nearest training items")
    found = _found()
    jobs.end(job, found)
    assert grid.last("show_nearest") == (found.pictures, ("one  0.125", "zero  0.000"))
    assert grid.given("end_nearest_search")
    assert told == [found.pictures]


def test_it_is_hidden_and_shown_again_without_another_search(
    store: SessionStore, grid: "GridStandIn", jobs: "JobsStandIn", job: NearestJob, controller: NearestController
) -> None:
    jobs.end(job, _found())
    store.undo()
    assert grid.last("show_nearest")[0] is None
    assert controller.found is None
    store.redo()
    assert grid.last("show_nearest")[0] is not None
    controller.see_samples(replace(DRAWN, recognised_by="a classifier"))
    assert grid.last("show_nearest")[0] is not None
    assert len(jobs.functions(NearestJob)) == 1


def test_other_samples_end_the_search_and_begin_another(
    grid: "GridStandIn", jobs: "JobsStandIn", job: NearestJob, controller: NearestController
) -> None:
    others = replace(DRAWN, pictures=DRAWN.pictures.copy())
    controller.see_samples(others)
    assert jobs.made[0].cancelled == 1
    jobs.end(job, _found())
    assert [shown for shown, *_ in grid.given("show_nearest") if shown is not None] == []
    _, second = jobs.functions(NearestJob)
    jobs.end(second, _found(others))
    assert grid.last("show_nearest")[0] is not None


def test_snapshots_of_a_run_are_searched_for_once_they_rest(
    controller: NearestController,
    store: SessionStore,
    planner: Planner,
    grid: "GridStandIn",
    jobs: "JobsStandIn",
    job: NearestJob,
    opened: "Open",
) -> None:
    jobs.end(job, _found())
    for generation in (2, 3):
        planner.set_opened(opened(generation=generation))
        controller.see_samples(replace(DRAWN, pictures=DRAWN.pictures.copy()))
        assert grid.last("show_nearest")[0] is None
        assert "no newer snapshot" in grid.last("show_nearest")[2]
    assert jobs.functions(NearestJob) == [job]
    assert controller._rest.isActive()
    controller._rest.timeout.emit()
    assert len(jobs.functions(NearestJob)) == 2
    planner.set_opened(opened(generation=4))
    controller.see_samples(replace(DRAWN, pictures=DRAWN.pictures.copy()))
    store.update(samples=SamplesChoice(nearest=False))
    assert not controller._rest.isActive()
    planner.set_opened(opened(generation=5, opening=2))
    store.update(samples=SamplesChoice(nearest=True))
    controller.see_samples(replace(DRAWN, pictures=DRAWN.pictures.copy()))
    assert not controller._rest.isActive()


def test_a_search_that_is_ended_or_fails_says_so(
    grid: "GridStandIn", jobs: "JobsStandIn", job: NearestJob, controller: NearestController
) -> None:
    grid.nearest_cancelled.emit()
    assert jobs.made[0].cancelled == 1
    assert "was ended" in grid.last("show_nearest")[2]
    jobs.end(job, cancelled=True)
    controller.see_samples(replace(DRAWN, pictures=DRAWN.pictures.copy()))
    _, second = jobs.functions(NearestJob)
    jobs.end(second, error="MNIST is not on this machine.")
    assert grid.last("show_nearest")[2] == "MNIST is not on this machine."
    assert len(grid.given("end_nearest_search")) == 2


def test_points_are_not_compared(
    controller: NearestController, store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    store.update(samples=SamplesChoice(nearest=True))
    controller.see_samples(replace(DRAWN, points=np.zeros((2, 2), np.float32)))
    assert jobs.functions(NearestJob) == []


def test_a_training_item_is_gone_to_by_the_encoder(
    decoder: "DecoderStandIn", grid: "GridStandIn", jobs: "JobsStandIn", job: NearestJob
) -> None:
    grid.nearest_activated.emit(1)
    assert decoder.given("encode_item") == []
    jobs.end(job, _found())
    grid.nearest_activated.emit(1)
    assert decoder.last("encode_item") == (ITEMS, 1)
    grid.nearest_activated.emit(5)
    assert len(decoder.given("encode_item")) == 1


def test_without_an_encoder_only_a_learned_code_leads_to_an_item(
    controller: NearestController,
    store: SessionStore,
    planner: Planner,
    grid: "GridStandIn",
    jobs: "JobsStandIn",
    job: NearestJob,
    opened: "Open",
    encoded: "Encode",
) -> None:
    told: list[str] = []
    controller.told.connect(told.append)
    jobs.end(job, _found())
    blind = opened(capabilities=frozenset())
    planner.set_opened(blind)
    grid.nearest_activated.emit(0)
    assert "no encoder" in told[-1]
    learned = replace(encoded(), source="train")
    planner.set_opened(replace(blind, encoded=learned))
    grid.nearest_activated.emit(0)
    assert store.state.code == pytest.approx(learned.codes[7].tolist())
