"""The controller of anomalies."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Signal

from explorer.controllers.anomaly_controller import AnomalyController
from explorer.controllers.planner import Planner
from explorer.services.anomalies import AnomalyJob, ScoredItems
from explorer.services.data_items import DataItems
from explorer.state.reconstruction_choices import AnomalyChoice, ReconstructionsChoice
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.stand_ins import StandIn
from trainers.data.data_spec import DataSpec

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, JobsStandIn

SPEC = DataSpec(name="digits", shape=(1, 2, 2), class_names=("a", "b"))
ITEMS = DataItems(np.zeros((4, 1, 2, 2), np.uint8), np.array([0, 1, 0, 1]), SPEC)
SHOWN = ReconstructionsChoice(page="anomalies")


class PageStandIn(StandIn):
    choice_changed = Signal(object)
    item_activated = Signal(int)
    cancelled = Signal()
    empty_action = Signal()
    export_requested = Signal()
    save_requested = Signal()


def _scored(job: AnomalyJob, held_out: str = "") -> ScoredItems:
    return ScoredItems(job, np.array([1.0, 4.0, 2.0, 3.0]), ITEMS, "reconstruction error", held_out)


@pytest.fixture
def page() -> PageStandIn:
    return PageStandIn()


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", page: PageStandIn, jobs: "JobsStandIn"
) -> AnomalyController:
    return AnomalyController(store, planner, decoder, page, jobs)  # type: ignore[arg-type]


@pytest.fixture
def job(store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open") -> AnomalyJob:
    """What begins when the person looks at the page."""
    planner.set_opened(opened())
    assert jobs.functions(AnomalyJob) == []
    store.update(reconstructions=SHOWN)
    (job,) = jobs.functions(AnomalyJob)
    assert isinstance(job, AnomalyJob)
    return job


def test_scores_are_shown_with_the_class_that_counts(
    page: PageStandIn, jobs: "JobsStandIn", job: AnomalyJob, store: SessionStore
) -> None:
    assert job == AnomalyJob("/runs/a/checkpoints/1", "auto")
    jobs.made[0].progressed.emit(0.5, "anomaly_auroc")
    assert page.last("show_progress") == (0.5, "scores of the test items: anomaly auroc")
    jobs.end(job, _scored(job, held_out="b"))
    assert page.last("offer_classes") == (("a", "b"), "b", "b")
    assert page.last("show_facts")[0].area == 1.0
    page.choice_changed.emit(AnomalyChoice("a"))
    assert page.last("show_facts")[0].area == 0.0
    store.undo()
    assert page.last("show_facts")[0].area == 1.0
    assert len(jobs.functions(AnomalyJob)) == 1


def test_a_class_of_other_data_is_said_until_another_is_chosen(
    page: PageStandIn, jobs: "JobsStandIn", job: AnomalyJob, controller: AnomalyController
) -> None:
    page.choice_changed.emit(AnomalyChoice("ostrich"))
    jobs.end(job, _scored(job, held_out="b"))
    assert page.last("show_empty") == ("There is no class named 'ostrich'; known: a, b.",)
    assert page.last("offer_classes") == (("a", "b"), "b", "ostrich")
    assert page.given("show_facts") == []
    assert controller.shown is None
    page.choice_changed.emit(AnomalyChoice("a"))
    assert page.last("show_facts")[0].anomalous == ("class a", 2)
    assert controller.shown is not None


def test_another_score_is_computed_anew(
    page: PageStandIn, jobs: "JobsStandIn", job: AnomalyJob, store: SessionStore
) -> None:
    page.choice_changed.emit(AnomalyChoice(score="error"))
    assert jobs.made[0].cancelled == 1
    assert jobs.functions(AnomalyJob)[-1].score == "error"
    jobs.end(job, _scored(job))
    assert page.given("show_facts") == []
    page.choice_changed.emit(AnomalyChoice(score="likelihood"))
    assert "no likelihood" in page.last("show_empty")[0]
    assert len(jobs.functions(AnomalyJob)) == 2


def test_leaving_the_page_ends_the_scoring_and_scores_that_are_there_stay(
    page: PageStandIn, jobs: "JobsStandIn", job: AnomalyJob, store: SessionStore
) -> None:
    store.update(reconstructions=ReconstructionsChoice())
    assert jobs.made[0].cancelled == 1
    jobs.end(job, cancelled=True)
    store.update(reconstructions=SHOWN)
    page.empty_action.emit()
    again = jobs.functions(AnomalyJob)[-1]
    jobs.end(again, _scored(again))
    store.update(reconstructions=ReconstructionsChoice())
    store.update(reconstructions=SHOWN)
    assert len(page.given("show_facts")) == 2


def test_scoring_can_be_ended_and_begun_again_and_a_failure_is_said(
    page: PageStandIn, jobs: "JobsStandIn", job: AnomalyJob
) -> None:
    page.cancelled.emit()
    assert page.last("show_empty") == ("The scoring was ended.", "Score the test items")
    page.empty_action.emit()
    again = jobs.functions(AnomalyJob)[-1]
    jobs.end(again, error="MNIST is not on this machine.")
    assert page.last("show_empty")[0] == "MNIST is not on this machine."


def test_what_takes_minutes_waits_for_the_person_and_so_does_another_snapshot(
    store: SessionStore, planner: Planner, page: PageStandIn, jobs: "JobsStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened(capabilities=frozenset({"critic"})))
    store.update(reconstructions=SHOWN)
    assert jobs.functions(AnomalyJob) == []
    assert "minutes" in page.last("show_empty")[0]
    page.empty_action.emit()
    assert len(jobs.functions(AnomalyJob)) == 1
    planner.set_opened(opened(generation=2, opening=2))
    assert len(jobs.functions(AnomalyJob)) == 1
    planner.set_opened(opened(generation=3, opening=3, path="/runs/b"))


def test_a_snapshot_of_the_same_run_is_not_scored_unasked(
    planner: Planner, page: PageStandIn, jobs: "JobsStandIn", job: AnomalyJob, opened: "Open"
) -> None:
    jobs.end(job, _scored(job))
    newer = opened(generation=2)
    planner.set_opened(replace(newer, facts=replace(newer.facts, path="/runs/a/checkpoints/2")))
    assert page.last("show_empty")[1] == "Score the test items"
    assert len(jobs.functions(AnomalyJob)) == 1


def test_an_item_with_a_high_score_is_gone_to(
    store: SessionStore,
    planner: Planner,
    page: PageStandIn,
    decoder: "DecoderStandIn",
    jobs: "JobsStandIn",
    job: AnomalyJob,
    encoded: "Encode",
    opened: "Open",
    controller: AnomalyController,
) -> None:
    told: list[str] = []
    controller.told.connect(told.append)
    page.item_activated.emit(0)
    jobs.end(job, _scored(job))
    page.item_activated.emit(1)
    (items, place) = decoder.last("encode_item")
    assert (items, place) == (ITEMS, 3)
    known = encoded(count=4)
    planner.set_opened(replace(opened(), encoded=known))
    page.item_activated.emit(0)
    assert store.state.code == pytest.approx(known.codes[1].tolist())
    planner.set_opened(opened(capabilities=frozenset()))
    page.item_activated.emit(0)
    assert "no encoder" in told[0]


def test_what_is_shown_is_of_the_open_model_and_the_chosen_score_and_class(
    store: SessionStore,
    planner: Planner,
    page: PageStandIn,
    jobs: "JobsStandIn",
    job: AnomalyJob,
    opened: "Open",
    controller: AnomalyController,
) -> None:
    def shown() -> tuple[ScoredItems, str] | None:
        return controller.shown

    assert shown() is None
    scored = _scored(job, held_out="b")
    jobs.end(job, scored)
    assert shown() == (scored, "b")
    page.choice_changed.emit(AnomalyChoice("a"))
    assert shown() == (scored, "a")
    page.choice_changed.emit(AnomalyChoice("a", "error"))
    assert shown() is None
    page.choice_changed.emit(AnomalyChoice("a"))
    assert shown() == (scored, "a")
    other = opened(generation=2, opening=2)
    planner.set_opened(replace(other, facts=replace(other.facts, path="/runs/b/checkpoints/1")))
    assert shown() is None


def test_what_was_given_up_says_no_more_how_far_it_is(page: PageStandIn, jobs: "JobsStandIn", job: AnomalyJob) -> None:
    page.choice_changed.emit(AnomalyChoice(score="error"))
    said = len(page.given("show_progress"))
    jobs.made[0].progressed.emit(0.9, "anomaly_auroc")
    assert len(page.given("show_progress")) == said
    jobs.made[1].progressed.emit(0.1, "anomaly_auroc")
    assert page.last("show_progress")[0] == 0.1
