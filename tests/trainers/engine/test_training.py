import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from trainers.engine.checkpoint import load_model, read_header
from trainers.engine.commands import CommandQueue
from trainers.engine.encoding import encode_dataset
from trainers.engine.events import Event, Finished, Paused, Resumed, Saved, Started, Stepped
from trainers.engine.run_folder import RunFolder
from trainers.engine.training import train
from trainers.engine.training_request import TrainingRequest
from trainers.errors import UsageError

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import CommandsAfter, TrainSmall
    from trainers.data.image_dataset import ImageDataset


def test_a_run_tells_its_story_in_order(train_small: "TrainSmall", tmp_path: Path) -> None:
    finished, events = train_small(tmp_path / "run", epochs=2, seed=3)
    assert isinstance(events[0], Started)
    steps_per_epoch = events[0].steps_per_epoch
    assert (events[0].total_steps, events[0].epochs, events[0].seed, events[0].step) == (2 * steps_per_epoch, 2, 3, 0)
    kinds = [event.event for event in events if event.event != "step"]
    assert kinds == ["started", "phase", "saved", "measured", "saved", "measured", "saved", "finished"]
    saved = [(event.reason, event.step, event.epoch) for event in events if isinstance(event, Saved)]
    assert saved == [("snapshot", 0, 0.0), ("epoch", steps_per_epoch, 1.0), ("final", 2 * steps_per_epoch, 2.0)]
    assert events[-1] == finished
    assert (finished.reason, finished.step, finished.epoch) == ("completed", 2 * steps_per_epoch, 2.0)
    assert (tmp_path / "run" / finished.checkpoint).is_file()


def test_steps_carry_the_terms_of_the_objective(train_small: "TrainSmall", tmp_path: Path) -> None:
    _, events = train_small(tmp_path / "run")
    steps = [event for event in events if isinstance(event, Stepped)]
    assert steps[0].step == 1
    assert steps[-1].step == 22
    for event in steps:
        assert event.terms["loss"] == pytest.approx(event.terms["reconstruction"] + event.terms["kl"], rel=1e-5)
        assert event.images_per_second > 0
        assert event.seconds_left is not None


def test_the_loss_falls(train_small: "TrainSmall", tmp_path: Path) -> None:
    _, events = train_small(tmp_path / "run", epochs=6)
    losses = [event.terms["loss"] for event in events if isinstance(event, Stepped)]
    assert losses[-1] < losses[0] - 1.0


def test_the_folder_remembers_everything(train_small: "TrainSmall", tmp_path: Path) -> None:
    _, events = train_small(tmp_path / "run", seed=3)
    folder = RunFolder(tmp_path / "run")
    record = json.loads((folder.path / "run.json").read_text())
    assert record["request"]["device"] == "cpu"
    assert record["request"]["precision"] == "float32"
    assert record["request"]["binarisation"] == "dynamic"
    assert record["request"]["model_settings"]["likelihood"] == "bernoulli"
    assert record["request"]["seed"] == 3
    assert folder.read_events() == tuple(events)
    assert [file.step for file in folder.checkpoints()] == [0, 11, 22]
    assert folder.latest() == folder.checkpoints()[-1].path
    assert folder.has_resume
    assert not folder.is_running()
    assert not list(folder.path.rglob("*.part"))


def test_the_record_is_there_before_the_first_step(train_small: "TrainSmall", tmp_path: Path) -> None:
    found = []

    def look(event: Event) -> None:
        if isinstance(event, Started):
            found.append((tmp_path / "run" / "run.json").is_file())

    train_small(tmp_path / "run", on_event=look)
    assert found == [True]


def test_the_run_is_known_to_be_going_on(train_small: "TrainSmall", tmp_path: Path) -> None:
    running = []
    train_small(tmp_path / "run", on_event=lambda _event: running.append(RunFolder(tmp_path / "run").is_running()))
    assert set(running) == {True}


def test_a_checkpoint_carries_its_place_in_the_run(train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run", seed=3)
    header = read_header(RunFolder(tmp_path / "run").checkpoints()[1].path)
    mark = header.training
    assert (mark.run, mark.step, mark.epoch, mark.seed) == ("run", 11, 1.0, 3)
    assert header.data.name == "digits"
    assert header.data.binarisation == "dynamic"


def test_max_steps_ends_the_run_early(train_small: "TrainSmall", tmp_path: Path) -> None:
    finished, events = train_small(tmp_path / "run", epochs=5, max_steps=4)
    assert isinstance(events[0], Started)
    assert (finished.reason, finished.step, events[0].total_steps) == ("completed", 4, 4)


def test_a_batch_larger_than_the_data_is_all_of_the_data(train_small: "TrainSmall", tmp_path: Path) -> None:
    _, events = train_small(tmp_path / "run", batch_size=60_000, epochs=2)
    assert isinstance(events[0], Started)
    assert events[0].steps_per_epoch == 1


def test_the_same_seed_gives_the_same_weights_to_the_bit(train_small: "TrainSmall", tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("two", 1), ("three", 2)):
        train_small(tmp_path / name, seed=seed)
        torch.rand(3)
    one, two, three = (
        load_model(tmp_path / name / "checkpoints/step-00000022.safetensors") for name in ("one", "two", "three")
    )
    codes = torch.randn(4, 2, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(one.decode(codes), two.decode(codes))
        assert not torch.equal(one.decode(codes), three.decode(codes))


def test_a_second_run_in_the_same_folder_is_refused_and_harms_nothing(
    train_small: "TrainSmall", tmp_path: Path
) -> None:
    train_small(tmp_path / "run")
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="already holds a run; resume it"):
        train_small(tmp_path / "run", seed=5)
    assert {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()} == before


def test_a_wrong_request_writes_nothing(tmp_path: Path) -> None:
    request = TrainingRequest(model="vae", data="digits", model_settings={"latent_size": -1})
    with pytest.raises(UsageError, match="latent_size = -1"):
        train(request, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_stop_saves_and_finishes(train_small: "TrainSmall", commands_after: "CommandsAfter", tmp_path: Path) -> None:
    finished, events = train_small(tmp_path / "run", epochs=50, commands=commands_after({3: "stop"}))
    assert (finished.reason, finished.step) == ("stopped", 3)
    saved = [event for event in events if isinstance(event, Saved)][-1]
    assert (saved.reason, saved.step, saved.path) == ("stopped", 3, finished.checkpoint)
    assert load_model(tmp_path / "run" / finished.checkpoint)
    assert RunFolder(tmp_path / "run").has_resume


def test_stop_before_the_first_step(train_small: "TrainSmall", tmp_path: Path) -> None:
    commands = CommandQueue()
    commands.put("stop")
    finished, _ = train_small(tmp_path / "run", commands=commands)
    assert (finished.reason, finished.step) == ("stopped", 0)


def test_snapshot_saves_at_once_and_training_goes_on(
    train_small: "TrainSmall", commands_after: "CommandsAfter", tmp_path: Path
) -> None:
    finished, events = train_small(tmp_path / "run", commands=commands_after({3: "snapshot"}))
    saved = [(event.reason, event.step) for event in events if isinstance(event, Saved)]
    assert ("snapshot", 3) in saved
    assert finished.reason == "completed"
    assert read_header(tmp_path / "run/checkpoints/step-00000003.safetensors").training.epoch == pytest.approx(3 / 11)


def test_pause_holds_the_loop_which_still_obeys(train_small: "TrainSmall", tmp_path: Path) -> None:
    commands = CommandQueue()
    commands.put("pause")
    told = []

    def tell(event: Event) -> None:
        told.append(event)
        if isinstance(event, Paused):
            commands.put("snapshot")
            threading.Timer(0.1, commands.put, ("resume",)).start()

    finished, events = train_small(tmp_path / "run", commands=commands, on_event=tell)
    kinds = [event.event for event in events if event.event != "step"]
    assert kinds[:6] == ["started", "phase", "saved", "paused", "saved", "resumed"]
    resumed = next(event for event in events if isinstance(event, Resumed))
    assert resumed.step == 0
    assert finished.reason == "completed"


def test_stop_ends_a_pause(train_small: "TrainSmall", tmp_path: Path) -> None:
    commands = CommandQueue()
    commands.put("pause")
    threading.Timer(0.1, commands.put, ("stop",)).start()
    finished, _ = train_small(tmp_path / "run", commands=commands)
    assert (finished.reason, finished.step) == ("stopped", 0)


def test_a_pause_burns_no_processor_time_and_counts_in_no_rate(
    train_small: "TrainSmall", commands_after: "CommandsAfter", tmp_path: Path
) -> None:
    commands = commands_after({1: "pause"})
    spent: list[float] = []

    def hold(event: Event) -> None:
        if isinstance(event, Paused):
            spent.append(time.process_time())
            threading.Timer(1.0, commands.put, ("resume",)).start()
        elif isinstance(event, Resumed):
            spent.append(time.process_time())

    _, events = train_small(tmp_path / "run", commands=commands, on_event=hold, epochs=1)
    assert spent[1] - spent[0] < 0.5
    last = [event for event in events if isinstance(event, Stepped)][-1]
    assert last.images_per_second > 2 * 128


def test_thinning_keeps_the_folder_small(train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run", epochs=12, snapshots_kept=6, batch_size=600)
    steps = [file.step for file in RunFolder(tmp_path / "run").checkpoints()]
    assert len(steps) == 6
    assert (steps[0], steps[-1]) == (0, 24)


def test_a_prior_is_fitted_when_an_epoch_is_saved(
    train_small: "TrainSmall", tmp_path: Path, digits: "ImageDataset"
) -> None:
    finished, _ = train_small(tmp_path / "run", model="autoencoder")
    model = load_model(tmp_path / "run" / finished.checkpoint)
    codes = torch.from_numpy(encode_dataset(model, digits).codes)
    mean, deviation = model.prior_moments()
    torch.testing.assert_close(mean, codes.mean(dim=0), atol=0.05, rtol=0.05)
    torch.testing.assert_close(deviation, codes.std(dim=0), atol=0.05, rtol=0.05)
    first = load_model(RunFolder(tmp_path / "run").checkpoints()[0].path)
    assert not torch.equal(first.prior_moments()[1], deviation)


def test_a_run_leaves_the_process_as_it_was(train_small: "TrainSmall", tmp_path: Path) -> None:
    threads = threading.active_count()
    finished, _ = train_small(tmp_path / "run")
    assert isinstance(finished, Finished)
    assert threading.active_count() == threads
    assert (torch.tensor([1e-30]) * torch.tensor([1e-10])).item() > 0.0
