"""Sliders along directions: when they are looked for, how stale ones are dropped, and how they move the point."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from explorer.controllers.directions_controller import DirectionsController
from explorer.controllers.planner import Planner
from explorer.services.found_directions import DirectionsJob, FoundDirections
from explorer.state.session_store import SessionStore
from explorer.state.slider_choices import DirectionsChoice, GroupPair
from tests.explorer.controllers.stand_ins import SlidersStandIn, StandIn
from trainers.engine.directions import DirectionTable
from trainers.latent.direction import Direction
from trainers.latent.direction_scores import DirectionScore

if TYPE_CHECKING:
    from explorer.services.encodings import EncodedItems
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import JobsStandIn


class PageStandIn(StandIn):
    drag_started = Signal()
    moved = Signal(int, float)
    drag_finished = Signal()
    reset_requested = Signal(int)
    method_chosen = Signal(str)
    orthogonal_chosen = Signal(object)
    pairs_chosen = Signal(object)
    about_requested = Signal(int)
    correlations_requested = Signal()
    arithmetic_requested = Signal()
    again_requested = Signal()
    cancelled = Signal()
    empty_action = Signal()


@pytest.fixture
def page() -> PageStandIn:
    return PageStandIn()


@pytest.fixture
def panel(page: PageStandIn) -> SlidersStandIn:
    sliders = SlidersStandIn(isVisible=True)
    sliders.attributes = page  # type: ignore[attr-defined]
    return sliders


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, jobs: "JobsStandIn", panel: SlidersStandIn
) -> DirectionsController:
    return DirectionsController(store, planner, jobs, panel)  # type: ignore[arg-type]


def _table(sigma: float = 0.5) -> DirectionTable:
    first = Direction("smile", "means", np.array([1.0, 0.0]), sigma, 0.25)
    second = Direction("hair_colour", "means", np.array([0.6, 0.8]), 1.0, 0.0)
    score = DirectionScore(0.91, 2.5, 40)
    leakage = np.array([[1.0, 0.3], [0.2, 1.0]])
    names = ("smile", "hair_colour")
    return DirectionTable(
        (first, second), (score, None), names, leakage, np.eye(2), np.eye(2), ("One is missing.",), 50
    )


def _answer(job: DirectionsJob, table: DirectionTable | None = None, problem: str = "") -> FoundDirections:
    return FoundDirections(job.encoded, job.asked, table, problem, table.skipped if table is not None else ())


@pytest.fixture
def job(
    planner: Planner, jobs: "JobsStandIn", panel: SlidersStandIn, opened: "Open", encoded: "Encode"
) -> DirectionsJob:
    """The job that the page starts when it is seen."""
    planner.set_opened(opened().with_encoded(encoded()), code=(0.25, 1.0))
    assert jobs.functions(DirectionsJob) == []
    panel.page_chosen.emit("attributes")
    (started,) = jobs.functions(DirectionsJob)
    assert isinstance(started, DirectionsJob)
    return started


def test_directions_are_looked_for_once_the_page_is_seen(
    job: DirectionsJob, jobs: "JobsStandIn", panel: SlidersStandIn, page: PageStandIn
) -> None:
    assert (job.checkpoint, job.choice) == ("/runs/a/checkpoints/1", DirectionsChoice())
    panel.seen.emit()
    assert len(jobs.functions(DirectionsJob)) == 1
    jobs.end(job, _answer(job, _table()))
    group, positions, _, heading = page.last("show_directions")
    assert [(spec.name, spec.note, spec.usual) for spec in group.controls] == [
        ("smile", "0.91 2.5", (-3.0, 3.0)),
        ("hair colour", "", (-3.0, 3.0)),
    ]
    assert positions == pytest.approx((0.0, 0.95))
    assert heading == "2 directions · accuracy and d · 50 items"
    assert page.last("show_note")[0] == "One is missing."
    panel.seen.emit()
    assert len(jobs.functions(DirectionsJob)) == 1


def test_a_drag_moves_the_code_along_the_vector_as_one_step(
    job: DirectionsJob, jobs: "JobsStandIn", page: PageStandIn, store: SessionStore
) -> None:
    jobs.end(job, _answer(job, _table()))
    page.drag_started.emit()
    page.moved.emit(0, 1.0)
    page.moved.emit(0, 5.0)
    page.moved.emit(9, 5.0)
    page.drag_finished.emit()
    assert store.state.code == pytest.approx((2.75, 1.0))
    assert page.last("show_positions")[0] == pytest.approx((5.0, 0.6 * 2.75 + 0.8))
    store.undo()
    assert store.state.code == (0.25, 1.0)
    page.reset_requested.emit(-1)
    assert page.last("show_positions")[0] == pytest.approx((0.0, 0.0), abs=1e-9)


def test_a_locked_dimension_does_not_move_along(
    job: DirectionsJob, jobs: "JobsStandIn", page: PageStandIn, store: SessionStore
) -> None:
    jobs.end(job, _answer(job, _table()))
    store.update(sliders=replace(store.state.sliders, locked=(1,)))
    page.moved.emit(1, 2.0)
    assert store.state.code[1] == 1.0
    assert page.last("show_positions")[0][1] == pytest.approx(2.0)


def test_what_was_found_for_an_earlier_snapshot_stays_until_the_next_is_found_and_late_answers_are_dropped(
    job: DirectionsJob,
    jobs: "JobsStandIn",
    page: PageStandIn,
    planner: Planner,
    opened: "Open",
    encoded: "Encode",
    controller: DirectionsController,
) -> None:
    jobs.end(job, _answer(job, _table()))
    data: EncodedItems = encoded(generation=2)
    assert job.encoded is not None
    planner.set_opened(opened(generation=2).with_encoded(job.encoded))
    assert len(jobs.functions(DirectionsJob)) == 1
    planner.set_opened(opened(generation=2).with_encoded(data))
    second = jobs.functions(DirectionsJob)[1]
    assert second.encoded is data
    assert controller.directions is not None
    assert controller.directions.encoded is job.encoded
    planner.set_opened(opened(generation=3).with_encoded(encoded(generation=3)))
    assert jobs.made[1].cancelled == 1
    third = jobs.functions(DirectionsJob)[2]
    jobs.end(third, _answer(third, _table(2.0)))
    assert controller.directions.encoded is third.encoded


def test_another_model_shows_nothing_of_the_last_one(
    job: DirectionsJob,
    jobs: "JobsStandIn",
    page: PageStandIn,
    planner: Planner,
    opened: "Open",
    encoded: "Encode",
    controller: DirectionsController,
) -> None:
    jobs.end(job, _answer(job, _table()))
    planner.set_opened(opened(3, 2, 2).with_encoded(encoded(3, 2)))
    assert controller.directions is None
    assert page.given("show_empty")[-1] == ("",)
    assert len(jobs.functions(DirectionsJob)) == 2


def test_a_problem_is_said_in_place_and_the_decoders_own_are_offered(
    job: DirectionsJob, jobs: "JobsStandIn", page: PageStandIn, store: SessionStore
) -> None:
    jobs.end(job, _answer(job, problem="Nothing is known of these."))
    assert page.last("show_empty") == ("Nothing is known of these.", "Use the decoder's own")
    page.empty_action.emit()
    assert store.state.sliders.directions.method == "jacobian"
    second = jobs.functions(DirectionsJob)[1]
    assert second.place == (0.25, 1.0)
    jobs.end(second, _answer(second, problem="It does not change smoothly."))
    assert page.last("show_empty") == ("It does not change smoothly.", "Use principal directions")
    page.empty_action.emit()
    assert jobs.functions(DirectionsJob)[2].choice.method == "principal"


def test_a_search_given_up_is_not_begun_again_by_itself(
    job: DirectionsJob, jobs: "JobsStandIn", page: PageStandIn, panel: SlidersStandIn
) -> None:
    page.cancelled.emit()
    assert jobs.made[0].cancelled == 1
    jobs.end(job, cancelled=True)
    assert "was given up" in page.last("show_empty")[0]
    panel.seen.emit()
    assert len(jobs.functions(DirectionsJob)) == 1
    page.method_chosen.emit("logistic")
    assert len(jobs.functions(DirectionsJob)) == 2


def test_choices_are_kept_and_orthogonality_only_among_methods_that_share_names(
    job: DirectionsJob, jobs: "JobsStandIn", page: PageStandIn, store: SessionStore
) -> None:
    page.orthogonal_chosen.emit(("smile",))
    page.pairs_chosen.emit((GroupPair("a", "b"),))
    page.method_chosen.emit("logistic")
    assert store.state.sliders.directions == DirectionsChoice("logistic", ("smile",), (GroupPair("a", "b"),))
    page.method_chosen.emit("principal")
    assert store.state.sliders.directions.orthogonal_to == ()
    assert jobs.functions(DirectionsJob)[-1].choice.method == "principal"
    store.undo()
    assert jobs.functions(DirectionsJob)[-1].choice.method == "logistic"


def test_what_moves_with_a_direction_is_shown_on_demand(
    job: DirectionsJob, jobs: "JobsStandIn", page: PageStandIn
) -> None:
    jobs.end(job, _answer(job, _table()))
    page.about_requested.emit(0)
    assert page.last("show_about")[0].moved == (("smile", 1.0), ("hair colour", 0.3))
    page.about_requested.emit(0)
    assert page.last("show_about") == (None,)


def test_directions_of_a_decoder_say_that_they_belong_to_another_point(
    job: DirectionsJob, jobs: "JobsStandIn", page: PageStandIn, store: SessionStore
) -> None:
    page.method_chosen.emit("jacobian")
    second = jobs.functions(DirectionsJob)[1]
    jobs.end(second, replace(_answer(second, _table()), place=second.place, notes=()))
    assert page.last("show_note")[0] == ""
    store.update(code=(1.0, 1.0))
    assert "found at another point" in page.last("show_note")[0]
    assert len(jobs.functions(DirectionsJob)) == 2
    page.again_requested.emit()
    assert jobs.functions(DirectionsJob)[2].place == (1.0, 1.0)


def test_without_an_encoding_it_says_what_it_waits_for(
    planner: Planner, panel: SlidersStandIn, page: PageStandIn, jobs: "JobsStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    panel.page_chosen.emit("attributes")
    assert page.last("show_empty") == ("Directions come as soon as the data are encoded.",)
    planner.set_opened(replace(opened(), items_problem="The data are gone."))
    assert jobs.functions(DirectionsJob)[0].encoded is None


def test_stand_ins_know_the_signals_of_the_page() -> None:
    from explorer.views.attributes_page import AttributesPage

    signals = {name for name in vars(AttributesPage) if isinstance(vars(AttributesPage)[name], Signal)}
    assert signals == {name for name in vars(PageStandIn) if isinstance(vars(PageStandIn)[name], Signal)}
    assert issubclass(PageStandIn, QObject)
