"""Training's controller: one run at a time, and its snapshots one after the other."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.controllers import training_controller
from explorer.controllers.training_controller import TrainingController
from explorer.services.forms import DownloadJob, TrainingChoices, choices_job, training_choices
from explorer.services.jobs import Outcome
from explorer.state.training_values import TrainingStatus, TrainingWish
from trainers.engine.run_lock import RunLock

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.controllers.stand_ins import (
        DecoderStandIn,
        JobsStandIn,
        ModelStandIn,
        TrainingStandIn,
        TrainStandIn,
    )

WISH = TrainingWish("vae", "digits")


@pytest.fixture(autouse=True)
def controller(
    training: "TrainingStandIn",
    model: "ModelStandIn",
    decoder: "DecoderStandIn",
    jobs: "JobsStandIn",
    train: "TrainStandIn",
    tmp_path: Path,
) -> TrainingController:
    return TrainingController(training, model, decoder, jobs, train, tmp_path)  # type: ignore[arg-type]


def _start(train: "TrainStandIn", training: "TrainingStandIn") -> None:
    train.training_requested.emit(WISH)
    training.answers |= {"is_own": True, "is_active": True}


def test_a_wish_starts_a_run_in_a_folder_of_its_own(
    train: "TrainStandIn", training: "TrainingStandIn", tmp_path: Path
) -> None:
    train.training_requested.emit(WISH)
    wish, run = training.last("start")
    assert wish is WISH
    assert run.parent == tmp_path
    assert run.name.startswith("vae-digits-")


def test_a_second_run_is_refused_while_one_trains(train: "TrainStandIn", training: "TrainingStandIn") -> None:
    _start(train, training)
    train.training_requested.emit(WISH)
    assert len(training.given("start")) == 1
    assert "already" in train.last("show_error")[0]


def test_the_panel_fills_with_what_there_is(
    controller: TrainingController, jobs: "JobsStandIn", train: "TrainStandIn"
) -> None:
    controller.load_choices()
    choices: TrainingChoices = training_choices()
    jobs.end(choices_job, choices)
    assert train.last("show_datasets") == (choices.datasets,)
    assert train.last("select") == ("vae", "digits", ())
    assert train.last("show_form") == ("vae", choices.forms["vae"])
    train.model_chosen.emit("autoencoder")
    assert train.last("show_form") == ("autoencoder", choices.forms["autoencoder"])


def test_snapshots_are_drawn_one_after_the_other_and_the_newest_waits(
    train: "TrainStandIn",
    training: "TrainingStandIn",
    model: "ModelStandIn",
    decoder: "DecoderStandIn",
    qtbot: "QtBot",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training_controller, "rest_after_drawing", lambda taken: 0)
    _start(train, training)
    for number in (1, 2, 3):
        training.checkpoint_saved.emit(f"/runs/b/{number}")
    assert model.given("open_snapshot") == [("/runs/b", "/runs/b/1")]
    model.answers["is_opening"] = True
    decoder.idle.emit()
    assert len(model.given("open_snapshot")) == 1
    model.answers["is_opening"] = False
    decoder.idle.emit()
    qtbot.waitUntil(lambda: model.last("open_snapshot") == ("/runs/b", "/runs/b/3"))
    assert training.given("snapshot_drawn") == []
    decoder.idle.emit()
    assert len(training.given("snapshot_drawn")) == 1
    decoder.idle.emit()
    assert len(training.given("snapshot_drawn")) == 1


@pytest.fixture
def resting(
    controller: TrainingController,
    train: "TrainStandIn",
    training: "TrainingStandIn",
    decoder: "DecoderStandIn",
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[TrainingController]:
    """After a snapshot was drawn that another one waits behind, in a rest that ends when the test says so."""
    monkeypatch.setattr(training_controller, "rest_after_drawing", lambda taken: 600_000 + taken)
    _start(train, training)
    for number in (1, 2):
        training.checkpoint_saved.emit(f"/runs/b/{number}")
    decoder.idle.emit()
    yield controller
    controller._rest.stop()


def _end_rest(controller: TrainingController) -> None:
    assert controller._rest.isActive()
    controller._rest.stop()
    controller._rest.timeout.emit()


def test_the_run_has_its_time_between_two_that_are_drawn(
    resting: TrainingController, training: "TrainingStandIn", model: "ModelStandIn", decoder: "DecoderStandIn"
) -> None:
    for number in (3, 4):
        training.checkpoint_saved.emit(f"/runs/b/{number}")
    assert model.given("open_snapshot") == [("/runs/b", "/runs/b/1")]
    _end_rest(resting)
    assert model.given("open_snapshot")[1:] == [("/runs/b", "/runs/b/4")], "only the newest"
    decoder.idle.emit()
    _end_rest(resting)
    assert len(model.given("open_snapshot")) == 2
    training.checkpoint_saved.emit("/runs/b/5")
    assert len(model.given("open_snapshot")) == 3, "after a rest there is no waiting"


def test_the_last_snapshot_is_drawn_however_soon_it_comes(
    resting: TrainingController, training: "TrainingStandIn", model: "ModelStandIn", decoder: "DecoderStandIn"
) -> None:
    training.checkpoint_saved.emit("/runs/b/3")
    training.answers |= {"is_own": False, "is_active": False}
    training.ended.emit(TrainingStatus(phase="finished"))
    assert model.last("open_snapshot") == ("/runs/b", "/runs/b/3")
    assert model.given("settle") == []
    decoder.idle.emit()
    assert len(model.given("settle")) == 1
    assert not resting._rest.isActive(), "nothing trains that would want the time"


def test_what_waits_is_drawn_neither_over_another_model_nor_over_an_earlier_snapshot(
    resting: TrainingController, training: "TrainingStandIn", model: "ModelStandIn", tmp_path: Path
) -> None:
    model.answers["stands_elsewhere"] = True
    _end_rest(resting)
    assert len(training.given("snapshot_drawn")) == 1
    model.answers["stands_elsewhere"] = False
    resting._rest.start(600_000)
    training.checkpoint_saved.emit("/runs/b/3")
    model.opened.emit(str(tmp_path / "other"))
    _end_rest(resting)
    assert model.given("open_snapshot") == [("/runs/b", "/runs/b/1")]


def test_a_lost_snapshot_does_not_stop_the_next(
    train: "TrainStandIn",
    training: "TrainingStandIn",
    model: "ModelStandIn",
    qtbot: "QtBot",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training_controller, "rest_after_drawing", lambda taken: 0)
    _start(train, training)
    training.checkpoint_saved.emit("/runs/b/1")
    model.snapshot_lost.emit()
    training.checkpoint_saved.emit("/runs/b/2")
    qtbot.waitUntil(lambda: len(model.given("open_snapshot")) == 2)


def test_another_model_opened_by_the_person_is_not_replaced(
    train: "TrainStandIn", training: "TrainingStandIn", model: "ModelStandIn", tmp_path: Path
) -> None:
    _start(train, training)
    model.opened.emit(str(tmp_path / "other"))
    training.checkpoint_saved.emit("/runs/b/1")
    assert model.given("open_snapshot") == []


def test_a_run_that_ended_is_settled_when_its_last_snapshot_is_drawn(
    train: "TrainStandIn",
    training: "TrainingStandIn",
    model: "ModelStandIn",
    decoder: "DecoderStandIn",
    controller: TrainingController,
) -> None:
    ended: list[bool] = []
    controller.run_ended.connect(lambda: ended.append(True))
    _start(train, training)
    training.checkpoint_saved.emit("/runs/b/1")
    training.answers |= {"is_own": False, "is_active": False}
    training.ended.emit(TrainingStatus(phase="finished"))
    assert ended == [True]
    assert model.given("settle") == []
    decoder.idle.emit()
    assert len(model.given("settle")) == 1


def test_resume_means_going_on_or_training_further(train: "TrainStandIn", training: "TrainingStandIn") -> None:
    train.resume_requested.emit()
    assert training.last("resume") == (Path("/runs/b"),)
    training.answers["is_own"] = True
    train.resume_requested.emit()
    assert len(training.given("go_on")) == 1


def test_pause_is_a_switch(controller: TrainingController, training: "TrainingStandIn") -> None:
    controller.pause_or_go_on()
    assert len(training.given("pause")) == 1
    training.status = TrainingStatus(phase="paused")
    controller.pause_or_go_on()
    assert len(training.given("go_on")) == 1


def test_a_run_that_another_process_trains_is_followed(
    model: "ModelStandIn", training: "TrainingStandIn", digits_run: Path
) -> None:
    model.opened.emit(str(digits_run))
    assert training.given("follow") == []
    with RunLock(digits_run):
        model.opened.emit(str(digits_run))
    assert training.given("follow") == [(digits_run,)]


def test_snapshots_of_a_followed_run_that_are_older_than_the_shown_one_are_not_drawn(
    model: "ModelStandIn", training: "TrainingStandIn", controller: TrainingController, digits_run: Path
) -> None:
    training.run = str(digits_run)
    model.opened.emit(str(digits_run))
    controller.mark_step(str(digits_run), 20, 2.0)
    for step in (0, 10, 20, 30):
        training.checkpoint_saved.emit(f"{digits_run}/checkpoints/step-{step:08d}.safetensors")
    assert [Path(file).stem for _, file in model.given("open_snapshot")] == ["step-00000030"]


def test_a_download_fills_the_list_again_and_brings_the_items(
    train: "TrainStandIn", jobs: "JobsStandIn", model: "ModelStandIn", controller: TrainingController
) -> None:
    told: list[tuple[str, ...]] = []
    controller.download_started.connect(lambda name: told.append((name,)))
    controller.download_ended.connect(lambda name, error: told.append((name, error)))
    train.download_requested.emit("kmnist")
    job = jobs.functions(DownloadJob)[0]
    assert job.name == "kmnist"
    assert train.last("show_downloading") == ("kmnist",)
    jobs.end(job, "kmnist")
    assert train.last("show_downloading") == ("",)
    assert jobs.last("start")[0] is choices_job
    assert len(model.given("reload_items")) == 1
    assert told == [("kmnist",), ("kmnist", "")]


def test_a_download_that_fails_is_said_and_may_be_tried_again(
    train: "TrainStandIn", jobs: "JobsStandIn", model: "ModelStandIn"
) -> None:
    for count in (1, 2):
        train.download_requested.emit("kmnist")
        train.download_requested.emit("kmnist")
        assert len(jobs.functions(DownloadJob)) == count
        train.download_requested.emit("cifar10")
        assert "kmnist is being downloaded" in train.last("show_error")[0]
        ended = jobs.given("start")[-1][1]
        ended(Outcome(error="There is no network."))
        assert train.last("show_error") == ("There is no network.",)
    assert model.given("reload_items") == []


def test_curves_are_marked_where_the_snapshot_of_their_run_stands(
    controller: TrainingController, training: "TrainingStandIn", train: "TrainStandIn"
) -> None:
    controller.mark_step("/runs/other", 7, 0.5)
    assert train.last("mark_step") == (-1,)
    controller.mark_step(training.run, 7, 0.5)
    assert train.last("mark_step") == (7,)
    training.run = "/runs/other"
    training.status_changed.emit(training.status)
    assert train.last("mark_step") == (-1,)


def test_a_person_at_an_earlier_snapshot_stays_there_while_new_ones_are_asked_for(
    controller: TrainingController, training: "TrainingStandIn", model: "ModelStandIn"
) -> None:
    controller.resume_run("/runs/b")
    model.answers["stands_elsewhere"] = True
    training.checkpoint_saved.emit("/runs/b/checkpoints/2")
    assert model.given("open_snapshot") == []
    assert len(training.given("snapshot_drawn")) == 1
    model.answers["stands_elsewhere"] = False
    training.checkpoint_saved.emit("/runs/b/checkpoints/3")
    assert model.last("open_snapshot") == ("/runs/b", "/runs/b/checkpoints/3")
