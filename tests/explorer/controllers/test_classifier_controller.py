"""Training what recognises samples, from the window."""

from typing import TYPE_CHECKING

import pytest

from explorer.controllers.classifier_controller import ClassifierController
from explorer.services.classifiers import ClassifierJob
from explorer.services.jobs import Outcome

if TYPE_CHECKING:
    from tests.explorer.controllers.stand_ins import GridStandIn, JobsStandIn

JOB = ClassifierJob("/data/digits", "f00")


@pytest.fixture
def controller(jobs: "JobsStandIn", grid: "GridStandIn") -> ClassifierController:
    return ClassifierController(jobs, grid)  # type: ignore[arg-type]


def test_one_classifier_is_trained_at_a_time(
    controller: ClassifierController, jobs: "JobsStandIn", grid: "GridStandIn"
) -> None:
    told: list[object] = []
    controller.started.connect(told.append)
    controller.trained.connect(lambda: told.append("trained"))
    controller.train(JOB)
    controller.train(ClassifierJob("faces", "ba5"))
    assert jobs.functions(ClassifierJob) == [JOB]
    jobs.made[0].progressed.emit(0.5, "epoch 2 of 3")
    assert grid.last("show_training") == (0.5, "classifier of digits: epoch 2 of 3")
    jobs.end(JOB, "digits")
    assert grid.given("end_training") == [()]
    assert told == [JOB, "trained"]
    controller.train(JOB)
    assert len(jobs.functions(ClassifierJob)) == 2


def test_cancelling_is_no_failure_and_a_failure_says_why(
    controller: ClassifierController, jobs: "JobsStandIn", grid: "GridStandIn"
) -> None:
    told: list[str] = []
    controller.not_trained.connect(told.append)
    grid.training_cancelled.emit()
    controller.train(JOB)
    grid.training_cancelled.emit()
    assert jobs.made[0].cancelled == 1
    jobs.made[0].progressed.emit(0.5, "epoch 2 of 3")
    assert grid.last("show_training") == (0.0, "classifier of digits: ending")
    jobs.given("start")[0][1](Outcome(error="", cancelled=True))
    controller.train(JOB)
    jobs.given("start")[1][1](Outcome(error="The disk is full."))
    assert told == ["", "The disk is full."]
